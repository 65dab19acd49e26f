FROM ghcr.io/astral-sh/uv:0.13-python3.13-trixie AS build
RUN mkdir /data

FROM gcr.io/distroless/base-debian13:nonroot
COPY --from=build --chown=65532:65532 /data /data
USER 65532
CMD ["/bin/true"]
