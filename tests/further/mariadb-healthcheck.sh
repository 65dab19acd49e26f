#!/bin/sh
# Whatever is asked: it answers over TCP, with InnoDB in it.
mariadb --defaults-file=/var/lib/mysql/.my-healthcheck.cnf --host=127.0.0.1 --batch --skip-column-names \
  --execute="SELECT support FROM information_schema.engines WHERE engine = 'InnoDB'" | grep -qx DEFAULT
