"""A dialogue has ended: it becomes a case, an addition to one, or a call-back."""

from datetime import datetime, timedelta

from hotline.dialogue.script import Channel, Fills, Script
from hotline.dialogue.state import State
from hotline.domain.calls import services as calls
from hotline.domain.cases import answers as case_answers
from hotline.domain.cases import listening, timeline
from hotline.domain.cases import selectors as cases
from hotline.domain.cases import services as case_services
from hotline.domain.cases.models import Case
from hotline.domain.city.model import City
from hotline.domain.contacts import photos
from hotline.domain.contacts import services as contact_services
from hotline.domain.contacts.models import Contact
from hotline.domain.people import services as people
from hotline.domain.people.models import Person
from hotline.domain.people.sealing import sealer_of
from hotline.domain.queue import selectors as queue
from hotline.usecases.facts import due_facts, facts_of, subject_of
from hotline.usecases.fill_case import go_on_with
from hotline.usecases.report import Report, report_of
from hotline.usecases.route_case import route_case


def take_report(*, contact: Contact, state: State, city: City, now: datetime) -> None:
    """Inside the transaction of ``hear`` or ``finish_call`` when the dialogue ends, and of
    ``finish_talk``. A code that was promised becomes the case's.

    Answers make a case (or add to one), incomplete if the dialogue was broken off; whoever
    must be rung back is, if a number is known. A contact that has a case already (an operator
    made it, or rings back for it) goes on with that one.
    """
    report = report_of(contact, state, city)
    photos.forget_locations(contact)
    if state.adding_to is not None:
        case = _add(report, state.adding_to, now=now)
    elif report.served:
        case = None
    elif report.script is not None and report.answers and report.can_be_followed:
        case = _case_of(report, report.script, now=now)
    else:
        case = None
    if case is not None:
        contact_services.attach(contact, case)
    _ring_back_or_not(report, case, now=now)


def _case_of(report: Report, script: Script, *, now: datetime) -> Case:
    known = report.contact.case
    if known is None:
        return _new_case(report, script, now=now)
    go_on_with(
        known,
        report.answers,
        script=script,
        city=report.city,
        channel=report.state.channel,
        whole=report.complete,
        now=now,
    )
    return known


def _new_case(report: Report, script: Script, *, now: datetime) -> Case:
    reporter = _reporter(report, now=now)
    sealer = sealer_of(reporter.pk)
    facts = facts_of(
        city=report.city, script=script, answers=report.answers, branch=report.state.branch
    )
    case = case_services.create(
        case_services.NewCase(
            complete=report.complete,
            channel=report.state.channel,
            city_version=report.contact.city_version_id,
            branch=report.state.branch or "",
            script=script.key,
            category=facts.category or "",
            urgent=facts.urgent,
            place=facts.place,
            reporter=reporter,
            subject=subject_of(script, report.answers, now=now),
            **due_facts(report.city, facts.category, received_at=now),
            pin_of=None if report.state.channel is Channel.VOICE else str(report.contact.pk),
            code=report.contact.promised_code,
        ),
        received_at=now,
        sealer=sealer,
    )
    case_answers.write(case, report.answers, sealer=sealer, now=now)
    _ask_to_listen(case, report, now=now)
    route_case(case=case, city=report.city, seen_version=case.version, now=now)
    return case


def _reporter(report: Report, *, now: datetime) -> Person:
    """Who gave another number than the one they ring from is found under the number given."""
    person = report.contact.person
    if report.number is not None and report.number != report.state.caller:
        person = people.give_number(person=person, number=report.number, now=now)
    people.give_name(person=person, name=report.given(Fills.REPORTER_NAME) or "")
    return person


def _add(report: Report, code: str, *, now: datetime) -> Case:
    """What was said to an open case: a line of its timeline, recordings to be heard."""
    case = cases.by_code(code)
    if not report.answers:
        return case
    words = "\n".join(answer.value for answer in report.answers if answer.value)
    case_services.add(
        case,
        entry=timeline.Entry(
            kind=timeline.Kind.ADDED,
            words=words,
            data={"channel": report.state.channel, "recordings": report.unheard},
        ),
        now=now,
    )
    _ask_to_listen(case, report, now=now)
    return case


def _ask_to_listen(case: Case, report: Report, *, now: datetime) -> None:
    if report.unheard:
        listening.ask_to_listen(case, now=now)


def _ring_back_or_not(report: Report, case: Case | None, *, now: datetime) -> None:
    if report.served and _unfinished(report.contact.case):
        return  # an operator has noted what is missing, and who is to be rung for it
    if report.complete or report.served:
        # Whoever was waiting for our call has been served; so has the number they rang from.
        # A number typed into a form proves nothing: nobody else may cancel a call-back.
        proven = report.state.channel is Channel.VOICE and not report.state.claimed
        for served in {report.number, report.state.caller} if proven else ():
            if served is not None:
                calls.called_in(number=served, now=now)
        return
    number = report.reachable_at
    if number is None or (case is None and report.state.channel is not Channel.VOICE):
        return
    calls.ask_call_back(
        calls.Wish(
            person=people.person_for_number(number=number, now=now),
            number=number,
            reason=report.state.reason or "hung_up",
            branch=report.state.branch or "",
            contact=report.contact,
            case=case or _known(report),
            place_at=queue.place_of(report.contact),
        ),
        due_at=now + timedelta(minutes=report.city.callback_minutes),
        now=now,
    )


def _unfinished(case: Case | None) -> bool:
    return case is not None and not case.complete


def _known(report: Report) -> Case | None:
    """The open case that the caller was asked about and said nothing to."""
    code = report.state.known_case
    return cases.by_code(code) if code else None
