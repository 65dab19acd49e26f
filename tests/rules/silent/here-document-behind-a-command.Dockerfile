FROM debian:trixie-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && cat <<EOF > /etc/apt/sources.list.d/own.sources
Types: deb
URIs: https://deb.example.com/debian
EOF
USER 65532
CMD ["cat", "/etc/apt/sources.list.d/own.sources"]
