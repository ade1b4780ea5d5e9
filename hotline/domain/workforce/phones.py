"""The password of an operator's phone: derived, stored nowhere."""

import base64
import hashlib
import hmac
from functools import lru_cache

from django.conf import settings

from hotline.domain.workforce.models import Operator


def phone_password(operator: Operator) -> str:
    """Of the endpoint ``operator.extension``; a new ``phone_epoch`` gives a new one."""
    return password_of(operator.extension, operator.phone_epoch)


def password_of(extension: str, epoch: int) -> str:
    return _derived(settings.ENV.secrets.index, extension, epoch)


@lru_cache(maxsize=4096)
def _derived(secret: bytes, extension: str, epoch: int) -> str:
    """Kept, as switchboards ask for every phone several times a second."""
    digest = hmac.new(secret, f"phone:{extension}:{epoch}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()
