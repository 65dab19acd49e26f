# Stands for the official image where no registry can be reached: the same user, folder and programs.
FROM debian:trixie-slim
RUN groupadd --gid 999 valkey \
 && useradd --uid 999 --gid valkey --home-dir /data --create-home valkey \
 && apt-get update \
 && apt-get install -y --no-install-recommends valkey-server \
 && rm -rf /var/lib/apt/lists/* /var/lib/valkey
VOLUME /data
WORKDIR /data
CMD ["valkey-server", "--protected-mode", "no"]
