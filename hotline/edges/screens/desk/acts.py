"""What an operator does at the console: one use case each; the answer is the new standing."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hotline.core.clock import SystemClock
from hotline.core.errors import NotFound, Refusal
from hotline.domain.accounts.models import User
from hotline.edges.screens.desk.console import answer
from hotline.edges.screens.shared.lists import whole, written
from hotline.edges.screens.shared.roles import OPERATORS, StaffRequest, allowed
from hotline.edges.screens.shared.templatetags.shown import in_threes
from hotline.usecases.block_caller import block_caller
from hotline.usecases.call_out import call_out, call_reporter
from hotline.usecases.choose_script import choose_script
from hotline.usecases.desk_seen import desk_seen
from hotline.usecases.finish_talk import CASE, finish_talk
from hotline.usecases.give_order import give_order
from hotline.usecases.go_ready import go_ready
from hotline.usecases.note_consent import note_consent
from hotline.usecases.operators_words import Heard
from hotline.usecases.pause import pause
from hotline.usecases.phone_lost import phone_lost
from hotline.usecases.sign_off import sign_off
from hotline.usecases.sign_on import sign_on
from hotline.usecases.take_down import take_down

Act = Callable[[User, QueryDict, datetime], str]
"""Does it and gives what is said about it; raises NotFound and Refusal."""


@allowed(OPERATORS)
@require_POST
def act(request: StaffRequest, verb: str) -> HttpResponse:
    """409 with the reason where it cannot be done; ``problems`` by slot."""
    do = ACTS.get(verb)
    if do is None:
        raise Http404
    try:
        said = do(request.user, request.POST, SystemClock().now())
    except NotFound:
        raise Http404 from None
    except Refusal as error:
        problems = getattr(error, "problems", {})
        return answer(
            request, problem=_(str(error)), problems=problems, code=error.code, status=409
        )
    return answer(request, said=said)


@allowed(OPERATORS)
@require_POST
def seen(request: StaffRequest) -> HttpResponse:
    """The page's sign of life."""
    try:
        desk_seen(user=request.user, now=SystemClock().now())
    except NotFound:
        raise Http404 from None
    return HttpResponse(status=204)


@allowed(OPERATORS)
@require_POST
def ring(request: StaffRequest, call_back: int) -> HttpResponse:
    """From the list of call-backs: their own phone rings first, then the person's."""
    try:
        call_out(user=request.user, call_back=call_back, now=SystemClock().now())
    except NotFound:
        raise Http404 from None
    except Refusal as error:
        messages.warning(request, _(str(error)))
        return redirect("desk:call_backs")
    return redirect("desk:console")


@allowed(OPERATORS)
@require_POST
def ring_reporter(request: StaffRequest, code: str) -> HttpResponse:
    """From a case: as ``ring``, for whoever reported it."""
    try:
        call_reporter(user=request.user, case=code, now=SystemClock().now())
    except NotFound:
        raise Http404 from None
    except Refusal as error:
        messages.warning(request, _(str(error)))
        return redirect("desk:case", code)
    return redirect("desk:console")


def _offer(form: QueryDict) -> UUID:
    try:
        return UUID(form.get("offer", ""))
    except ValueError:
        raise NotFound from None


def _sign_on(user: User, form: QueryDict, now: datetime) -> str:
    sign_on(user=user, branches=form.getlist("branch"), phone=form.get("phone", ""), now=now)
    return _("You are signed on. Say when you are ready.")


def _sign_off(user: User, _form: QueryDict, now: datetime) -> str:
    sign_off(user=user, now=now)
    return _("You are signed off. Thank you.")


def _ready(user: User, _form: QueryDict, now: datetime) -> str:
    go_ready(user=user, now=now)
    return ""


def _pause(user: User, form: QueryDict, now: datetime) -> str:
    pause(user=user, reason=form.get("reason", ""), now=now)
    return ""


def _order(user: User, form: QueryDict, now: datetime) -> str:
    give_order(user=user, verb=form.get("order", ""), argument=written(form, "argument"), now=now)
    return ""


def _take_down(user: User, form: QueryDict, now: datetime) -> str:
    heard = Heard(
        text=written(form, "text").strip(),
        place=written(form, "place") or None,
        detail=written(form, "detail").strip(),
    )
    take_down(user=user, offer=_offer(form), slot=form.get("slot", ""), words=heard, now=now)
    return ""


def _consent(user: User, form: QueryDict, now: datetime) -> str:
    given = form.get("given") == "yes"
    note_consent(user=user, offer=_offer(form), given=given, now=now)
    return ""


def _script(user: User, form: QueryDict, now: datetime) -> str:
    branch = form.get("branch", "")
    choose_script(user=user, offer=_offer(form), branch=branch, now=now)
    return ""


def _finish(user: User, form: QueryDict, now: datetime) -> str:
    how = form.get("how", "")
    code = finish_talk(
        user=user, offer=_offer(form), how=how, reason=form.get("reason", ""), now=now
    )
    if how == CASE and code is not None:
        return _("Case %(code)s is kept. Read the code to the caller.") % {"code": in_threes(code)}
    return _("The call is noted; no case is kept.")


def _block(user: User, form: QueryDict, now: datetime) -> str:
    block_caller(
        user=user,
        offer=_offer(form),
        reason=written(form, "reason"),
        days=whole(form.get("days", ""), 0),
        now=now,
    )
    return _("The number is blocked. A supervisor looks at it.")


def _lost(user: User, form: QueryDict, now: datetime) -> str:
    phone_lost(user=user, offer=_offer(form), now=now)
    return _("The page was loaded again in the call, and its sound broke off. The caller waits.")


ACTS: Mapping[str, Act] = {
    "sign-on": _sign_on,
    "sign-off": _sign_off,
    "ready": _ready,
    "pause": _pause,
    "order": _order,
    "take-down": _take_down,
    "consent": _consent,
    "script": _script,
    "finish": _finish,
    "block": _block,
    "lost": _lost,
}
