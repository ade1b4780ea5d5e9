"""Who sits behind a session cookie: asked for many at once, without holding a connection."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from hotline.domain.accounts.models import User


def signed_in(keys: Collection[str], *, now: datetime) -> Mapping[str, User]:
    """The user by session key, for those sessions that are signed in; the same conditions as
    Django's ``get_user``."""
    rows = Session.objects.filter(session_key__in=list(keys), expire_date__gt=now)
    held = {row.session_key: row.get_decoded() for row in rows}
    ids = {key: data[SESSION_KEY] for key, data in held.items() if SESSION_KEY in data}
    users = {str(user.pk): user for user in User.objects.filter(pk__in=set(ids.values()))}
    return {
        key: users[pk]
        for key, pk in ids.items()
        if pk in users and users[pk].is_active and _sound(users[pk], held[key])
    }


def _sound(user: User, data: Mapping[str, str]) -> bool:
    """A changed password ends the sessions of before."""
    if data.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return False
    return constant_time_compare(data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
