"""Nothing personal stands in clear: not in tables, files, history or logs."""

import logging
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from hotline.dialogue.exchange import Left, Typed
from hotline.domain.cases import answers, selectors
from hotline.domain.cases.models import Case
from hotline.domain.city.model import City
from hotline.domain.contacts.models import Recording
from hotline.domain.history.selectors import entries_of
from hotline.usecases.accept_case import accept_case
from hotline.usecases.add_words import add_words
from hotline.usecases.answer_case import answer_case
from hotline.usecases.erase_person import erase_person
from hotline.usecases.forward_case import forward_case
from hotline.usecases.keep_recording import keep_recording
from hotline.usecases.note_case import note_case
from hotline.usecases.open_case import open_case
from hotline.usecases.read_contact import read_contact
from hotline.usecases.take_missed_call import take_missed_call
from tests import stories
from tests.people import NEIGHBOUR, People

pytestmark = pytest.mark.django_db

SECRETS = (
    "901234567",
    "912345678",
    "388123456",
    "Trần Quốc Thảo",
    "Nhà hết gạo",
    "Đã giao gạo",
    "chỉ mình tôi biết",
    "có người ốm",
    "vì tôi quen họ",
)


@pytest.fixture
def lived(city: City, now: datetime, people: People) -> Case:
    """A life of a case with everything personal that may be said in it."""
    case = stories.web_report(now, for_whom=Typed("other"), subject_phone=Typed("0388123456"))
    talk = stories.answer_by_voice(stories.choose(stories.ring(now, number=NEIGHBOUR)))
    talk.say(Left())
    stories.answer_by_voice(stories.choose(stories.ring(now)), until="details").say(Left())
    take_missed_call(unique_id="u1", number=NEIGHBOUR, at=now, now=now)
    for recording in Recording.objects.all():
        keep_recording(recording=recording.pk, now=now)
    token = open_case(code=case.code, proof="4567", now=now).token
    add_words(code=case.code, token=token, text="Trong nhà có người ốm.", now=now)
    case.refresh_from_db()
    case = accept_case(user=people.officer, case=case.code, seen_version=case.version, now=now)
    read_contact(user=people.officer, case=case.code, now=now)
    case = note_case(
        user=people.officer,
        case=case.code,
        seen_version=case.version,
        text="chỉ mình tôi biết",
        now=now,
    )
    case = answer_case(
        user=people.officer, case=case.code, seen_version=case.version, text="Đã giao gạo", now=now
    )
    return forward_case(
        user=people.operator,
        case=case.code,
        seen_version=case.version,
        agency=stories.OTHER_AGENCY,
        reason="vì tôi quen họ",
        now=now,
    )


def whole_database() -> str:
    """Every value of every table, as text; bytes as they are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        everything = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            for row in cursor.fetchall():
                everything += [
                    bytes(value).decode("utf8", "replace")
                    if isinstance(value, bytes | memoryview)
                    else str(value)
                    for value in row
                ]
    return "\n".join(everything)


def test_no_table_holds_it_in_clear(lived: Case) -> None:
    content = whole_database()
    assert lived.code in content
    assert [secret for secret in SECRETS if secret in content] == []


def test_no_file_holds_it_in_clear(lived: Case) -> None:
    files = [file for file in Path(settings.ENV.media).rglob("*") if file.is_file()]
    assert files
    assert [file for file in files if b"RIFF" in file.read_bytes()] == []


def test_no_log_holds_it(
    caplog: pytest.LogCaptureFixture, city: City, now: datetime, people: People
) -> None:
    caplog.set_level(logging.DEBUG)
    # What the database driver may log at DEBUG are statements; Django logs none outside DEBUG.
    lived_now = stories.web_report(now)
    stories.answer_by_voice(stories.choose(stories.ring(now, number=NEIGHBOUR))).say(Left())
    read_contact(user=people.operator, case=lived_now.code, now=now)
    logged = caplog.text
    assert [secret for secret in SECRETS if secret in logged] == []


def test_erasing_a_person_makes_their_words_unreadable_everywhere(
    lived: Case, people: People, now: datetime
) -> None:
    erase_person(person=lived.reporter_id, actor=people.administrator, now=now)
    case = selectors.case_for(people.operator, lived.code)
    seen = selectors.answers_of(people.operator, case)
    assert seen
    assert all(answer.erased and answer.value is None for answer in seen)
    assert all(kept.answer.value is None for kept in answers.read(case).values())
    lines = selectors.timeline_of(people.operator, case)
    assert {line.words for line in lines if line.kind in ("answered", "noted", "added")} == {None}
    details = read_contact(user=people.operator, case=case.code, now=now)
    assert details.erased
    assert details.reporter_phone == ""
    assert entries_of(f"person:{lived.reporter_id}").exists()
    newcomer = stories.ring(now)
    assert newcomer.turn.state.known_case is None
