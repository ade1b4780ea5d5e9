"""The password of an operator's phone: derived, stored nowhere."""

import base64
import hashlib
import hmac

from django.conf import settings

from hotline.domain.workforce.models import Operator


def phone_password(operator: Operator) -> str:
    """Of the endpoint ``operator.extension``; a new ``phone_epoch`` gives a new one."""
    what = f"phone:{operator.extension}:{operator.phone_epoch}"
    digest = hmac.new(settings.ENV.secrets.index, what.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()
