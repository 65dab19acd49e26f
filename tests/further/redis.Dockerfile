# Stands for the official image where no registry can be reached: the same user, folder, entry point and programs.
FROM debian:trixie-slim
RUN groupadd --gid 1000 redis \
 && useradd --uid 999 --gid redis --home-dir /data --create-home redis \
 && apt-get update \
 && apt-get install -y --no-install-recommends redis-server \
 && rm -rf /var/lib/apt/lists/* /var/lib/redis
VOLUME /data
WORKDIR /data
CMD ["redis-server", "--protected-mode", "no"]
