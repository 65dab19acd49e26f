FROM debian:trixie-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends libcap2-bin
COPY resolver /resolver
RUN setcap cap_net_bind_service=+ep /resolver

FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /resolver /resolver
USER 65532
EXPOSE 53 53/udp
CMD ["/resolver"]
