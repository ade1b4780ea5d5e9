"""The worker writes the cases of many ordinary calls in one transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from uuid import UUID

from django.db import transaction

from hotline.core.errors import NotFound
from hotline.dialogue.script import Channel, Fills, Script
from hotline.domain.agencies import selectors as agencies
from hotline.domain.agencies.models import Agency
from hotline.domain.calls.selectors import numbers_to_ring
from hotline.domain.cases import many
from hotline.domain.cases.services import NewCase
from hotline.domain.city.selectors import city_of
from hotline.domain.contacts import services
from hotline.domain.contacts.services import Ended
from hotline.domain.people.selectors import index_of
from hotline.domain.routing.decide import decide
from hotline.usecases.facts import due_facts, facts_of
from hotline.usecases.report import Report, report_of
from hotline.usecases.route_case import by_language, in_languages, must_wait

_ASIDE = frozenset({Fills.PLACE, Fills.REPORTER_NAME, Fills.SUBJECT_NAME, Fills.SUBJECT_PHONE})
"""What an answer in words leads to other rows for: a place to be found, people to be named."""


def finish_calls(contacts: Sequence[UUID]) -> list[UUID]:
    """As ``finish_call`` for each, for those that are ordinary: a complete report, which names
    nobody and no place but in a recording, by somebody whom nobody is to ring back. Returns the
    others, of which nothing was written."""
    with transaction.atomic():
        ended = services.locked_ended(contacts)
        awaited = _awaited(ended)
        desk = cache(_desk)
        whole = {
            one.contact.pk: case
            for one in ended
            if one.state.caller not in awaited and (case := _whole(one, desk)) is not None
        }
        cases = many.create(list(whole.values()))
        services.attach_all({contact: case.pk for contact, case in zip(whole, cases, strict=True)})
    return [contact for contact in contacts if contact not in whole]


def _awaited(ended: Sequence[Ended]) -> frozenset[str]:
    """Callers who are to be rung back."""
    indexes = {caller: index_of(caller) for one in ended if (caller := one.state.caller)}
    waiting = numbers_to_ring(list(indexes.values()))
    return frozenset(caller for caller, index in indexes.items() if index in waiting)


def _desk(code: str) -> Agency | None:
    try:
        return agencies.by_code(code)
    except NotFound:
        return None


def _whole(one: Ended, desk: Callable[[str], Agency | None]) -> many.Whole | None:
    """None for what is not ordinary."""
    city = city_of(one.contact.city_version_id)
    report = report_of(one.contact, one.state, city)
    script, received_at = report.script, one.contact.ended_at
    if script is None or received_at is None or not _ordinary(report):
        return None
    facts = facts_of(city=city, script=script, answers=report.answers, branch=one.state.branch)
    category = facts.category or ""
    decision = decide(city=city, category=facts.category, places=())
    waits = must_wait(
        city=city,
        category=category,
        complete=True,
        unheard=bool(report.unheard),
        decision=decision,
    )
    goes = decision.agency is not None and waits is None
    agency = desk(decision.agency) if decision.agency is not None and goes else None
    if goes and agency is None:
        return None
    return many.Whole(
        new=_new(report, script, category, urgent=facts.urgent, received_at=received_at),
        received_at=received_at,
        answers=report.answers,
        sealer=one.sealer,
        agency=agency,
        reason=in_languages(city, waits) if waits else by_language(decision.reason),
        listen=bool(report.unheard),
    )


def _ordinary(report: Report) -> bool:
    state = report.state
    return (
        report.complete
        and state.channel is Channel.VOICE
        and state.adding_to is None
        and bool(report.answers)
        and report.number in {None, state.caller}
        and not any(report.given(fills) for fills in _ASIDE)
    )


def _new(
    report: Report, script: Script, category: str, *, urgent: bool, received_at: datetime
) -> NewCase:
    contact = report.contact
    return NewCase(
        complete=True,
        channel=report.state.channel,
        city_version=contact.city_version_id,
        branch=report.state.branch or "",
        script=script.key,
        category=category,
        urgent=urgent,
        place=None,
        reporter=contact.person,
        subject=None,
        **due_facts(report.city, category, received_at=received_at),
        pin_of=None,
        code=contact.promised_code,
    )
