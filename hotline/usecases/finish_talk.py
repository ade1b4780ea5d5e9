"""The operator's form is finished: a case, a question answered at once, or neither."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.dialogue.progress import complete
from hotline.dialogue.state import Outcome
from hotline.domain.accounts.models import User
from hotline.domain.calls import services as calls
from hotline.domain.history.services import record
from hotline.domain.queue import log
from hotline.domain.queue.models import Kind, Offer
from hotline.usecases.own_talk import OwnTalk, own_talk
from hotline.usecases.take_report import take_report

CASE, ANSWERED, NO_CASE = "case", "answered", "no_case"
HOWS = frozenset({CASE, ANSWERED, NO_CASE})
REASONS = frozenset({"hung_up", "wrong_number", "silent", "abuse", "test", "other"})


def finish_talk(
    *, user: User, offer: UUID, how: str, reason: str = "", now: datetime
) -> str | None:
    """The code of the case; None where there is none. ``case``: made by the same way as a
    report of the callbot; with required answers open only for a ``reason`` (then it is
    incomplete, and the person is called back). ``answered``: a question that needs no case.
    ``no_case``: with a reason. Twice is once. Raises NotFound, Refusal (``unknown_result``,
    ``consent_needed``, ``answers_missing``, ``reason_needed``, ``no_form``)."""
    if how not in HOWS or (reason and reason not in REASONS):
        raise Refusal("unknown_result", gettext_noop("Choose what came of the call."))
    with transaction.atomic():
        talk = own_talk(user=user, offer=offer)
        if not talk.offer.form:
            _finish(talk, how, reason, now=now)
            Offer.objects.filter(pk=offer).update(form=how)
            log.note(
                Kind.FORM,
                at=now,
                branch=talk.offer.ticket.branch,
                ticket=talk.offer.ticket_id,
                operator=user.pk,
                detail=how,
            )
            record(
                at=now,
                verb="finish_talk",
                subject=f"contact:{talk.contact.pk}",
                actor=user,
                detail={"how": how, "reason": reason},
            )
            log.tell_desks([user.pk])
        talk.contact.refresh_from_db(fields=["case"])
        return talk.contact.case.code if talk.contact.case is not None else None


def _finish(talk: OwnTalk, how: str, reason: str, *, now: datetime) -> None:
    if how == NO_CASE and not reason:
        raise Refusal("reason_needed", gettext_noop("Say why there is no case."))
    if how == ANSWERED and talk.state.caller is not None and not talk.state.claimed:
        calls.called_in(number=talk.state.caller, now=now)  # also where the line broke after it
    if how != CASE:
        return
    state = talk.state
    if state.script is None:
        raise Refusal("no_form", gettext_noop("Choose first what the call is about."))
    if state.consent is not True:
        raise Refusal(
            "consent_needed",
            gettext_noop("Ask first whether the person agrees, and note the answer."),
        )
    whole = complete(state, talk.city.book)
    if not whole and not reason:
        raise Refusal(
            "answers_missing",
            gettext_noop("Required answers are missing. Choose a reason to go on without them."),
        )
    outcome = Outcome.COMPLETE if whole else Outcome.HANDED_OVER
    take_report(
        contact=talk.contact,
        state=replace(state, outcome=outcome, reason="" if whole else reason),
        city=talk.city,
        now=now,
    )
