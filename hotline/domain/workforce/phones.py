"""The password of an operator's phone: derived, stored nowhere."""

import base64
import hashlib
import hmac

from django.conf import settings

from hotline.domain.workforce.models import Operator


def phone_password(operator: Operator) -> str:
    """Of the endpoint ``operator.extension``; a new ``phone_epoch`` gives a new one."""
    return password_of(operator.extension, operator.phone_epoch)


def password_of(extension: str, epoch: int) -> str:
    digest = hmac.new(
        settings.ENV.secrets.index, f"phone:{extension}:{epoch}".encode(), hashlib.sha256
    ).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()
