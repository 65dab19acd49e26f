#!/bin/sh
# A first start: system tables, the database, its user by the password file, one for the health check. Until all is there
# nobody reaches it.
set -eu
if [ ! -d /var/lib/mysql/mysql ]; then
  mariadb-install-db --skip-test-db --auth-root-authentication-method=normal > /dev/null
  health=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
  printf '[mariadb-client]\nuser=healthcheck\npassword=%s\n' "$health" > /var/lib/mysql/.my-healthcheck.cnf
  {
    echo "CREATE DATABASE \`$MARIADB_DATABASE\`;"
    echo "CREATE USER '$MARIADB_USER'@'%' IDENTIFIED BY '$(cat "$MARIADB_PASSWORD_FILE")';"
    echo "GRANT ALL ON \`$MARIADB_DATABASE\`.* TO '$MARIADB_USER'@'%';"
    echo "CREATE USER healthcheck@'127.0.0.1' IDENTIFIED BY '$health';"
    echo "ALTER USER root@localhost IDENTIFIED BY '$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')';"
  } > /tmp/first.sql
  exec "$@" --init-file=/tmp/first.sql
fi
exec "$@"
