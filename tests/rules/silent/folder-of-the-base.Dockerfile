# The base begins in a folder of its own.
FROM php:8.4-fpm-trixie
COPY app /var/www/html/
USER 33
CMD ["php", "bin/console", "serve"]
