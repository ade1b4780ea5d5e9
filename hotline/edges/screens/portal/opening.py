"""Finding the report that a request is about."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from hotline.core.errors import NotFound
from hotline.domain.city.selectors import city_of
from hotline.edges.screens.portal import drafts
from hotline.edges.screens.portal.drafts import Draft
from hotline.edges.screens.portal.sheet import Sheet
from hotline.usecases.look_at_report import look_at_report


def sheet_of(request: HttpRequest, branch: str) -> Sheet | None:
    """The report of this browser on this branch; None if it never began or is gone."""
    draft = drafts.find(request, branch)
    return None if draft is None else open_sheet(draft)


def open_sheet(draft: Draft) -> Sheet | None:
    try:
        turn = look_at_report(contact=draft.contact, now=timezone.now())
    except NotFound:
        return None
    return Sheet(draft=draft, turn=turn, city=city_of(turn.city_version))


def explain_move(request: HttpRequest) -> None:
    """Said where a page that is no longer the person's turn leads to the present one."""
    messages.info(request, _("That page has passed. Your answers are kept; we go on here."))
