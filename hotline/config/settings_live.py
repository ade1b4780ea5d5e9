"""Settings of the live plane: the hotline's own, with its few addresses and no middleware
but the security headers; who may listen is checked by the streams (one query for many)."""

from hotline.config.settings import *  # noqa: F403

ROOT_URLCONF = "hotline.config.urls_live"
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
