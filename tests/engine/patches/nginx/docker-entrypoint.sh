#!/bin/sh
set -eu
names=$(awk -v "wanted=${NGINX_ENVSUBST_FILTER:-.}" 'BEGIN { for (name in ENVIRON) if (name ~ wanted) printf "${%s}", name }')
for template in "${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}"/*.template; do
  envsubst "$names" < "$template" > "${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}/$(basename "$template" .template)"
done
exec "$@"
