"""Where does the case go? Routing decides and says why, or what is missing."""

from datetime import datetime

from django.utils.translation import gettext, gettext_noop, override

from hotline.core.errors import NotFound
from hotline.dialogue.script import Wording
from hotline.domain.agencies import selectors as agencies
from hotline.domain.cases import answers, listening, selectors, services
from hotline.domain.cases.models import Case
from hotline.domain.city.model import City
from hotline.domain.routing.decide import Decision

PLACE_IN_RECORDING = gettext_noop("The place is in the recording; somebody must listen to it.")
LISTEN_FIRST = gettext_noop("What is needed is in the recording; somebody must listen first.")
BROKEN_OFF = gettext_noop("The report was broken off; somebody rings back and completes it.")
AGENCY_GONE = gettext_noop("The agency of the routing rule is not known here. Please choose one.")
OWN_CHOICE = gettext_noop("An operator chose this agency; the reason stands in the timeline.")


def route_case(*, case: Case, city: City, seen_version: int, now: datetime) -> None:
    """Inside the caller's transaction. Forwards the case or keeps it in triage with what is
    missing in words. Raises Stale."""
    decision = selectors.proposal(case)
    waits = must_wait(
        city=city,
        category=case.category,
        complete=case.complete,
        unheard=_unheard(case),
        decision=decision,
    )
    if waits is None and decision.agency is not None:
        try:
            services.forward(
                case,
                seen_version=seen_version,
                agency=agencies.by_code(decision.agency),
                reason=by_language(decision.reason),
                actor=None,
                now=now,
            )
            return
        except NotFound:
            waits = AGENCY_GONE
    reason = in_languages(city, waits) if waits else by_language(decision.reason)
    services.keep_in_triage(case, seen_version=seen_version, reason=reason, now=now)


def in_languages(city: City, msgid: str) -> dict[str, str]:
    """A sentence of ours in every language of the city."""
    sentences = {}
    for language in city.languages:
        with override(language):
            sentences[language] = gettext(msgid)
    return sentences


def must_wait(
    *, city: City, category: str, complete: bool, unheard: bool, decision: Decision
) -> str | None:
    """Why a person must look first, although a rule may know the agency. ``unheard``: an
    answer stands in a recording only."""
    if unheard and "place" in decision.missing:
        return PLACE_IN_RECORDING
    if unheard and category and city.category(category).listen_first:
        return LISTEN_FIRST
    return None if complete else BROKEN_OFF


def _unheard(case: Case) -> bool:
    if listening.task_of(case) is None:
        return False
    return any(
        kept.answer.value is None and kept.answer.recording for kept in answers.read(case).values()
    )


def by_language(reason: Wording) -> dict[str, str]:
    """A reason as a case keeps it."""
    return {language: words for language, words in reason.items() if isinstance(words, str)}
