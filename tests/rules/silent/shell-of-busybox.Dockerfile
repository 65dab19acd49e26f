# The shell of Alpine gives its place to the last command: the signal arrives.
FROM alpine:3.24
COPY server /server
ENV PORT=8080
USER 65532
CMD cd /tmp && /server --port $PORT
