# Stands for the official image where no registry can be reached: the same user, folder, variables and programs; its entry
# point only hands over, as the official one does for a user who is not root.
FROM debian:trixie-slim
RUN groupadd --gid 999 rabbitmq \
 && useradd --uid 999 --gid rabbitmq --home-dir /var/lib/rabbitmq rabbitmq \
 && apt-get update \
 && apt-get install -y --no-install-recommends rabbitmq-server \
 && rm -rf /var/lib/apt/lists/* /var/lib/rabbitmq \
 && install -d -o rabbitmq -g rabbitmq /var/lib/rabbitmq \
 && printf '#!/bin/sh\nexec "$@"\n' > /usr/local/bin/docker-entrypoint.sh \
 && chmod +x /usr/local/bin/docker-entrypoint.sh
ENV PATH=/usr/lib/rabbitmq/bin:$PATH \
    HOME=/var/lib/rabbitmq \
    LANG=C.UTF-8 \
    RABBITMQ_LOGS=- \
    RUNNING_UNDER_SYSTEMD=true
VOLUME /var/lib/rabbitmq
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["rabbitmq-server"]
