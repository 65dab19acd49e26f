import os
import sys
from pathlib import Path

from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = os.environ.get("DEBUG") == "1"

# Without a key of its own each start gets a random one: safe, but sessions and signed links end with it,
# and several worker processes would not agree on them.
SECRET_KEY = os.environ.get("SECRET_KEY") or get_random_secret_key()
if "SECRET_KEY" not in os.environ and "collectstatic" not in sys.argv:
    print("SECRET_KEY is not set: using a random one until the next start", file=sys.stderr)

# The container's health check asks 127.0.0.1, whatever names the site has.
ALLOWED_HOSTS = ["127.0.0.1", *os.environ.get("ALLOWED_HOSTS", "localhost,[::1]").split(",")]

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "notes",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "notes.urls"
WSGI_APPLICATION = "notes.wsgi.application"

# libpq reads PGHOST, PGPORT, PGUSER, PGPASSWORD and PGSSLMODE from the environment by itself.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("PGDATABASE", "notes"),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# Without DEBUG Django mails errors to its admins; a container's place for them is its log.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}

TIME_ZONE = "UTC"
USE_TZ = True
