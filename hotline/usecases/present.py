"""Where a contact stands now, as a turn. Changes nothing."""

from datetime import datetime

from django.utils.translation import override

from hotline.dialogue.exchange import Action, End
from hotline.dialogue.farewell import farewell
from hotline.dialogue.progress import applicable_answers
from hotline.dialogue.questions import question
from hotline.dialogue.script import Book, Channel
from hotline.dialogue.state import Outcome, State
from hotline.dialogue.step import ask_again
from hotline.domain.calls.models import CallBack
from hotline.domain.cases.codes import pin_of
from hotline.domain.cases.models import Case
from hotline.domain.city.model import City
from hotline.domain.city.selectors import city_of
from hotline.domain.contacts.models import Contact
from hotline.domain.deadlines.due import DueTimes, due_times, promise_sentence
from hotline.usecases.facts import category_of
from hotline.usecases.turn import Turn


def present(contact: Contact, state: State, *, said_before: tuple[Action, ...] = ()) -> Turn:
    """The present question again, or the farewell of a contact that has ended;
    ``said_before`` are words of the last step that come before the farewell."""
    city = city_of(contact.city_version_id)
    if state.outcome is None:
        return turn(contact, state, _ask(state, city.book))
    opening = tuple(action for action in said_before if not isinstance(action, End))
    return turn(contact, state, (*opening, *_farewell(contact, state, city), End()))


def turn(contact: Contact, state: State, actions: tuple[Action, ...]) -> Turn:
    case = contact.case
    code = case.code if case is not None else contact.promised_code
    ended = contact.ended_at is not None and bool(code)
    new = ended and state.adding_to is None and state.channel is not Channel.VOICE
    return Turn(
        contact=contact.pk,
        step=contact.step,
        state=state,
        actions=actions,
        code=code if ended else None,
        pin=pin_of(str(contact.pk)) if new else None,
        language=state.language,
        city_version=contact.city_version_id,
    )


def _ask(state: State, book: Book) -> tuple[Action, ...]:
    if state.channel is Channel.VOICE:
        return ask_again(state, book=book)
    return (question(state, book),)


def _farewell(contact: Contact, state: State, city: City) -> tuple[Action, ...]:
    case = contact.case
    if case is None and contact.promised_code and contact.ended_at is not None:
        return promised_farewell(state, city, code=contact.promised_code, at=contact.ended_at)
    return farewell(
        state,
        book=city.book,
        code=case.code if case else None,
        callback=CallBack.objects.filter(contact=contact).exists(),
        promise=_promise(case, state, city) if case else "",
    )


def promised_farewell(state: State, city: City, *, code: str, at: datetime) -> tuple[Action, ...]:
    """Of a complete dialogue that ended at ``at`` and whose case the worker will write: the
    same words as with the case."""
    script = city.scripts[state.script or ""]
    category = category_of(script, applicable_answers(script, state.answers))
    due = due_times(city.promise_for(category), at)
    return farewell(
        state, book=city.book, code=code, callback=False, promise=_sentence(due, state, city)
    )


def _promise(case: Case, state: State, city: City) -> str:
    """What was promised with a new and complete case; an addition changes no promise."""
    if state.outcome is not Outcome.COMPLETE or state.adding_to is not None:
        return ""
    if case.forward_due is None or case.answer_due is None:
        return ""
    due = DueTimes(forward_due=case.forward_due, news_due=case.news_due, answer_due=case.answer_due)
    return _sentence(due, state, city)


def _sentence(due: DueTimes, state: State, city: City) -> str:
    with override(state.language):
        return promise_sentence(due, time_zone=city.time_zone)
