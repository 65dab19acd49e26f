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

# For HEALTHCHECK, as the base has nothing that could ask: a program that wants 2xx or 3xx from the path it is given.
RUN --mount=type=cache,target=/root/.cache/go-build \
    mkdir /probe \
 && printf '%s\n' \
      'package main' \
      'import ("fmt"; "log"; "net"; "os"; "time")' \
      'func main() {' \
      '    server, err := net.DialTimeout("tcp", "127.0.0.1:"+os.Getenv("PORT"), time.Second)' \
      '    if err != nil { log.Fatal(err) }' \
      '    server.SetDeadline(time.Now().Add(2 * time.Second))' \
      '    fmt.Fprintf(server, "GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n", os.Args[1])' \
      '    var minor, status int' \
      '    fmt.Fscanf(server, "HTTP/1.%d %d", &minor, &status)' \
      '    if status < 200 || status > 399 { log.Fatal("status ", status) }' \
      '}' > /probe/main.go \
 && CGO_ENABLED=0 GOOS="$TARGETOS" GOARCH="$TARGETARCH" GOARM="${TARGETVARIANT#v}" \
    go build -trimpath -ldflags="-s -w" -o /out/healthcheck /probe/main.go

COPY . .
ARG VERSION

# CGO_ENABLED=0: no libc is linked, so the program runs on any base.
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS="$TARGETOS" GOARCH="$TARGETARCH" GOARM="${TARGETVARIANT#v}" \
    go build -trimpath -buildvcs=false \
      -ldflags="-s -w -X main.version=$VERSION" -o /out/api ./cmd/api

# production has certificates, time zones and a user, but no shell.
FROM gcr.io/distroless/static-debian13:nonroot AS production

WORKDIR /app

COPY --from=build /out/ ./

# PORT is read by EXPOSE, the health check and a program that asks for it.
ENV PORT=8080
EXPOSE $PORT

ARG VERSION
LABEL org.opencontainers.image.title=api
LABEL org.opencontainers.image.version="$VERSION"

# A number: Kubernetes cannot tell whether a name is root.
USER 65532:65532

HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["/app/healthcheck", "/healthz"]

# No shell in between: the program is process 1 and gets SIGTERM itself.
ENTRYPOINT ["/app/api"]
