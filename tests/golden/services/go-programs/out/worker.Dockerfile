# VERSION is stamped into the program and the image: docker build --build-arg VERSION=1.2.3 .
ARG VERSION=dev

# build runs on the builder's own platform and compiles for the one that is asked for: nothing is emulated.
FROM --platform=$BUILDPLATFORM golang:1.27-trixie AS build

WORKDIR /src

# The modules are a layer of their own: a change of the source downloads nothing.
COPY go.mod go.su[m] ./
RUN --mount=type=cache,target=/go/pkg/mod \
    go mod download

# TARGETOS and the like are declared here, as the layers above are the same for every platform.
ARG TARGETOS
ARG TARGETARCH
ARG TARGETVARIANT

COPY . .
ARG VERSION

# CGO_ENABLED=0: no libc is linked, so the program runs on any base.
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS="$TARGETOS" GOARCH="$TARGETARCH" GOARM="${TARGETVARIANT#v}" \
    go build -trimpath -buildvcs=false \
      -ldflags="-s -w -X main.version=$VERSION" -o /out/worker ./cmd/worker

# production has certificates, time zones and a user, but no shell.
FROM gcr.io/distroless/static-debian13:nonroot AS production

WORKDIR /app

COPY --from=build /out/ ./

ARG VERSION
LABEL org.opencontainers.image.title=worker
LABEL org.opencontainers.image.version="$VERSION"

# A number: Kubernetes cannot tell whether a name is root.
USER 65532:65532

# Nothing listens that could be asked: the program is well as long as it runs, and the engine watches that.
HEALTHCHECK NONE

# No shell in between: the program is process 1 and gets SIGTERM itself.
ENTRYPOINT ["/app/worker"]
