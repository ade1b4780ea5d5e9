"""The operator's console: who calls, what they need, what can be done on the line."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from hotline.core.clock import SystemClock
from hotline.core.errors import NotFound
from hotline.dialogue.phones import national
from hotline.domain.city import selectors as cities
from hotline.domain.queue.models import OfferState
from hotline.domain.workforce import selectors as workforce
from hotline.domain.workforce.models import Operator, PresenceState
from hotline.domain.workforce.phones import phone_password
from hotline.edges.screens.desk import directory, guided, words
from hotline.edges.screens.shared.context import say
from hotline.edges.screens.shared.roles import OPERATORS, StaffRequest, allowed
from hotline.usecases.current_talk import Talk, current_talk

STAGES = {
    OfferState.RINGING: "ringing",
    OfferState.ANSWERED: "answered",
    OfferState.TALKING: "talking",
    OfferState.ENDED: "after",
}


@allowed(OPERATORS)
@require_GET
def page(request: StaffRequest) -> HttpResponse:
    """The frame; what is in it comes by ``state`` and is renewed by it."""
    try:
        operator = workforce.operator_of(request.user)
    except NotFound:
        return render(request, "desk/console/no_operator.html", {"at": "console"})
    _, city = cities.current()
    context = {
        "at": "console",
        "operator": operator,
        "emergency": city.emergency,
        "no_case": words.NO_CASE.items(),
        "unfinished": words.UNFINISHED.items(),
        "block_days": (1, 3, 7),
    }
    return render(request, "desk/console/page.html", context)


@allowed(OPERATORS)
@require_GET
def state(request: StaffRequest) -> HttpResponse:
    return answer(request)


@allowed(OPERATORS)
@require_GET
def phone(request: StaffRequest) -> HttpResponse:
    """What the operator's telephone signs in with, that of this page or the one on the desk:
    for who is on duty, for no phone of others is let in."""
    try:
        operator = workforce.operator_of(request.user)
    except NotFound:
        raise Http404 from None
    if operator.presence.state == PresenceState.OFF:
        raise Http404
    return JsonResponse({"extension": operator.extension, "password": phone_password(operator)})


@allowed(OPERATORS)
@require_GET
def targets(request: StaffRequest) -> HttpResponse:
    """Whom the caller can be transferred to, by what is typed."""
    try:
        operator = workforce.operator_of(request.user)
    except NotFound:
        raise Http404 from None
    _, city = cities.current()
    text = request.GET.get("q", "")[:100]
    found = directory.search(text, city=city, operator=operator)
    return render(request, "desk/console/targets.html", {"entries": found, "q": text})


def answer(
    request: StaffRequest,
    *,
    said: str = "",
    problem: str = "",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Everything that the page shows, as pieces; the form only where it must be drawn anew
    (the page names the one that it has)."""
    now = SystemClock().now()
    try:
        operator = workforce.operator_of(request.user)
        talk = current_talk(user=request.user, now=now)
    except NotFound:
        raise Http404 from None
    pieces = _standing(operator, talk) | _pieces(request, operator, talk, now=now)
    return JsonResponse(pieces | {"said": said, "problem": problem} | more, status=status)


def _standing(operator: Operator, talk: Talk | None) -> dict[str, Any]:
    """What the page's script goes by."""
    presence = operator.presence
    off = presence.state == PresenceState.OFF
    leg = talk.leg if talk is not None else None
    return {
        "presence": presence.state,
        "phone": operator.phone,
        "stage": STAGES[OfferState(talk.state)] if talk is not None else "off" if off else "idle",
        "offer": str(talk.offer) if talk is not None else None,
        "held": talk.held if talk is not None else False,
        "leg": {"purpose": leg.purpose, "state": leg.state, "who": leg.who} if leg else None,
        "danger": talk.dangers[0].number if talk is not None and talk.dangers else "",
        "finished": talk is not None and talk.case is not None,
    }


def _pieces(
    request: StaffRequest, operator: Operator, talk: Talk | None, *, now: datetime
) -> dict[str, Any]:
    found = guided.guide(talk, now=now) if talk is not None else None
    key = found.key if found is not None else ""
    context = {
        "operator": operator,
        "talk": talk,
        "guide": found,
        "heard": [part for part in found.parts if part.heard_only] if found is not None else (),
        "media": {"sound": "desk:sound"},
        "now": now,
        **_words(operator, talk),
    }
    drawn = request.GET.get("form", request.POST.get("form", "-")) == key

    def piece(name: str) -> str:
        return render_to_string(f"desk/console/{name}.html", context, request=request)

    return {
        "bar": piece("bar"),
        "call": piece("call") if talk is not None else "",
        "form_key": key,
        "form": None if drawn else piece("form") if found is not None else "",
    }


def _words(operator: Operator, talk: Talk | None) -> dict[str, Any]:
    presence = operator.presence
    _, city = cities.current()
    skills, chosen = workforce.skills_of(operator), presence.branches
    context: dict[str, Any] = {
        "presence": presence,
        "state_words": words.STATES[presence.state],
        "reason_words": words.REASONS.get(presence.reason, ""),
        "pauses": words.PAUSES.items(),
        "phones": words.PHONES.items(),
        "phone_words": words.PHONES[operator.phone],
        "skills": [
            (branch.key, say(branch.label), not chosen or branch.key in chosen)
            for branch in city.menu.branches
            if branch.line is not None and branch.key in skills
        ],
    }
    if talk is None:
        return context
    branch = guided.city_of_talk(talk).menu.branch(talk.branch)
    order, result = talk.last_order or ("", "")
    return context | {
        "call_words": words.CALLS[talk.state],
        "kind_words": words.KINDS[talk.kind],
        "number": national(talk.number) if talk.number else "",
        "branch_words": say(branch.label) if branch is not None else "",
        "leg_words": words.LEGS[talk.leg.state] if talk.leg else "",
        "purpose_words": words.PURPOSES.get(talk.leg.purpose, "") if talk.leg else "",
        "missed_words": words.MISSED.get(talk.missed[1], words.UNREACHED) if talk.missed else "",
        "order_words": words.ORDERS.get(order, ""),
        "result_words": words.RESULTS.get(result, result),
    }
