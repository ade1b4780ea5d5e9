"""Which cases this browser has proven to be its own: tokens kept in the session."""

from django.http import HttpRequest

from hotline.usecases.open_case import TrackedCase

OPENED = "opened"


def keep(request: HttpRequest, seen: TrackedCase) -> None:
    tokens = dict(request.session.get(OPENED, {}))
    tokens[seen.stage.code] = seen.token
    request.session[OPENED] = tokens


def token_of(request: HttpRequest, code: str) -> str | None:
    token: str | None = request.session.get(OPENED, {}).get(code)
    return token


def forget(request: HttpRequest, code: str) -> None:
    tokens = dict(request.session.get(OPENED, {}))
    if tokens.pop(code, None) is not None:
        request.session[OPENED] = tokens
