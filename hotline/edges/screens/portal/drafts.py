"""The report that somebody is writing: which contact it is, kept in their session.

One report a branch may be under way in a browser; two tabs on two branches don't meet.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpRequest

REPORTS = "reports"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """``photos_seen``: the photo page was passed, so it is not offered again."""

    branch: str
    contact: UUID
    photos_seen: bool = False


def find(request: HttpRequest, branch: str) -> Draft | None:
    """The report under way or just sent on this branch, if this browser has one."""
    kept = request.session.get(REPORTS, {}).get(branch)
    if kept is None:
        return None
    return Draft(branch=branch, contact=UUID(kept["contact"]), photos_seen=kept["photos_seen"])


def keep(request: HttpRequest, draft: Draft) -> None:
    reports = dict(request.session.get(REPORTS, {}))
    reports[draft.branch] = {"contact": str(draft.contact), "photos_seen": draft.photos_seen}
    request.session[REPORTS] = reports


def forget(request: HttpRequest, branch: str) -> None:
    reports = dict(request.session.get(REPORTS, {}))
    if reports.pop(branch, None) is not None:
        request.session[REPORTS] = reports


def seen_photos(request: HttpRequest, draft: Draft) -> Draft:
    """The photo page was passed."""
    passed = replace(draft, photos_seen=True)
    keep(request, passed)
    return passed
