FROM debian:trixie-slim
WORKDIR "/srv/own programs"
USER 65532
CMD ["ls"]
