"""Settings of the live plane: the hotline's own, with its few addresses and no middleware
but the security headers; who may listen is checked by the streams (one query for many)."""

from hotline.config.settings import *  # noqa: F403
from hotline.config.settings import INSTALLED_APPS as _APPS

ROOT_URLCONF = "hotline.config.urls_live"
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
# The sign-in belongs to the pages, and would insist on its middleware here too.
INSTALLED_APPS = [app for app in _APPS if not app.startswith("allauth")]
