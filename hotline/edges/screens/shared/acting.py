"""Acting on a case from a form: what was written is never lost, whatever is in its way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from hotline.core.errors import NotFound, Refusal, Stale
from hotline.domain.accounts.models import User
from hotline.domain.cases.models import Case
from hotline.edges.screens.shared.lists import whole, written
from hotline.usecases.accept_case import accept_case
from hotline.usecases.answer_case import answer_case
from hotline.usecases.ask_citizen import ask_citizen
from hotline.usecases.forward_case import forward_case
from hotline.usecases.note_case import note_case
from hotline.usecases.resolve_case import resolve_case

WITH_WORDS: Mapping[str, Callable[..., Case]] = {
    "note": note_case,
    "ask": ask_citizen,
    "answer": answer_case,
    "resolve": resolve_case,
}
CHOOSE = gettext_noop("Choose an agency and write the reason.")
DONE = {
    "accept": _("You have accepted the case. The contact can be read now."),
    "forward": _("The case is forwarded."),
    "note": _("Your note is kept."),
    "ask": _("Your question is sent. It stands on the citizen's tracking page."),
    "answer": _("Your answer is sent. It stands on the citizen's tracking page."),
    "resolve": _("The case is resolved."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody tried to do and could not: their words stay in the form.

    ``seen``: the version that they had seen; ``stale``: others were faster. ``own``: they
    chose the agency and the reason themselves.
    """

    verb: str
    words: str
    seen: int
    own: bool = False
    agency: str = ""
    problem: str = ""
    stale: bool = False


def act(user: User, code: str, verb: str, form: QueryDict, *, now: datetime) -> Draft | None:
    """Does it; None when it is done. Raises NotFound."""
    own = form.get("choice") == "own"
    draft = Draft(
        verb=verb,
        words=written(form, "text"),
        seen=whole(form.get("seen_version", ""), 0),
        own=own,
        agency=written(form, "agency") if own else "",
    )
    try:
        _perform(user, code, draft, now=now)
    except NotFound:
        raise
    except Stale as error:
        return replace(draft, problem=gettext(str(error)), stale=True)
    except Refusal as error:
        return replace(draft, problem=gettext(str(error)))
    return None


def _perform(user: User, code: str, draft: Draft, *, now: datetime) -> None:
    if draft.verb == "accept":
        accept_case(user=user, case=code, seen_version=draft.seen, now=now)
    elif draft.verb == "forward":
        if draft.own and not (draft.agency and draft.words.strip()):
            raise Refusal("wanting", CHOOSE)
        forward_case(
            user=user,
            case=code,
            seen_version=draft.seen,
            agency=draft.agency or None,
            reason=draft.words if draft.own else "",
            now=now,
        )
    else:
        WITH_WORDS[draft.verb](
            user=user, case=code, seen_version=draft.seen, text=draft.words, now=now
        )


def gone(request: HttpRequest) -> HttpResponse:
    """404 for a case that is not this user's (any more), with the words that they wrote."""
    context = {"words": request.POST.get("text", "")}
    return render(request, "shared/gone.html", context, status=404)


def status(draft: Draft | None) -> int:
    """The HTTP status of a page that shows a draft: 409 stale, 422 refused."""
    if draft is None:
        return 200
    return 409 if draft.stale else 422
