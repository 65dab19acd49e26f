# Stands for the official image where no registry can be reached: the same user, folders and variables, Debian's programs,
# and of the entry point's and the health check's work what a first start needs.
FROM debian:trixie-slim
RUN groupadd --gid 999 mysql \
 && useradd --uid 999 --gid mysql --home-dir /var/lib/mysql mysql \
 && apt-get update \
 && apt-get install -y --no-install-recommends mariadb-server \
 && rm -rf /var/lib/apt/lists/* /var/lib/mysql /run/mysqld \
 && install -d -o mysql -g mysql /var/lib/mysql \
 && install -d -o mysql -g mysql -m 1777 /run/mysqld \
 && printf '[mariadb]\nbind-address=*\nskip-name-resolve\n' > /etc/mysql/mariadb.conf.d/99-open.cnf
COPY mariadb.sh /usr/local/bin/docker-entrypoint.sh
COPY mariadb-healthcheck.sh /usr/local/bin/healthcheck.sh
VOLUME /var/lib/mysql
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["mariadbd"]
