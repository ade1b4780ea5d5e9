"""The request plane: ``granian --interface asgi hotline.config.asgi:application``.

Pages are Django's, in threads; what is open for long is passed on to whom it concerns.
"""

from django.conf import settings

from hotline.config.one_address import OneAddress
from hotline.config.pages import Pages
from hotline.config.passing import Passing
from hotline.config.wsgi import application as django

THREADS = 4
"""Of one worker process: as many database connections."""

_env = settings.ENV
application = OneAddress(
    Pages(django, threads=THREADS),
    Passing(
        live=_env.live_url,
        telephone=_env.ari_url if _env.phone else None,
        origin=_env.public_url,
    ),
)
