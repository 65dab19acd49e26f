FROM alpine:3.24 AS first
RUN apk update --no-cache && apk add --no-cache openssl

FROM first AS second
RUN set -eux; apk add --no-cache --virtual .build patch; apk add --no-network --virtual .run openssl; apk del .build
USER 65532

FROM debian:trixie-slim
COPY --from=second /etc/ssl/openssl.cnf /etc/ssl/openssl.cnf
RUN apt-get update; apt-get install -y --no-install-recommends openssl; apt-get dist-clean
USER 65532
CMD ["openssl", "version"]
