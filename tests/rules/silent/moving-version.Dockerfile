FROM golang:1-trixie AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY cmd ./cmd
RUN CGO_ENABLED=0 go build -o /server ./cmd/server

FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /server /server
USER 65532
CMD ["/server"]
