"""Notes of missed calls become call-backs once; a note that cannot be read is kept."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotline.edges.adapters.telephony.missed import OLD_S, note_ringing, notes, take_notes
from tests.edges.telephony.switching import MemoryDesk, Office, book, until

WHOLE = "id=1795376211.0 time=1795376211 number=+84901234567 dialled=1022\nended\n"
AT = datetime.fromtimestamp(1795376211, UTC)


def test_a_finished_note_tells_who_rang_and_when(tmp_path: Path) -> None:
    (tmp_path / "1-a.call").write_text(WHOLE)
    (note,) = notes(tmp_path)
    assert (note.unique_id, note.at, note.number) == ("1795376211.0", AT, "+84901234567")


def test_a_number_that_was_keyed_in_counts_where_none_was_shown(tmp_path: Path) -> None:
    (tmp_path / "1-a.call").write_text(
        "id=7.1 time=1795376211 number= dialled=1022\nentered=0912345678\nended\n"
    )
    (note,) = notes(tmp_path)
    assert note.number == "0912345678"


def test_a_note_that_is_being_written_waits_unless_asterisk_died(tmp_path: Path) -> None:
    file = tmp_path / "1-a.call"
    file.write_text(WHOLE.removesuffix("ended\n"))
    assert list(notes(tmp_path)) == []
    long_ago = file.stat().st_mtime - OLD_S - 1
    os.utime(file, (long_ago, long_ago))
    assert len(list(notes(tmp_path))) == 1


@pytest.mark.parametrize(("there", "taken"), [(("7.1",), []), ((), [("7.1", "0901234567")])])
async def test_who_was_ringing_when_we_died_is_missed_unless_on_the_line(
    there: tuple[str, ...], taken: list[tuple[str, str]], tmp_path: Path
) -> None:
    note_ringing(tmp_path, unique_id="7.1", number="0901234567", at=AT)
    desk = MemoryDesk(book())
    await take_notes(desk, tmp_path, there=there)
    assert desk.missed == taken
    assert len(list(notes(tmp_path))) == len(there)


@pytest.mark.parametrize(
    "text",
    ["ended\n", "rubbish\nended\n", "\x00\xff\nended\n", "id=a time=99999999999999 number=\nended"],
)
def test_a_note_that_cannot_be_read_is_set_aside(tmp_path: Path, text: str) -> None:
    (tmp_path / "1-a.call").write_text(text)
    assert list(notes(tmp_path)) == []
    assert [file.name for file in tmp_path.iterdir()] == ["1-a.call.unreadable"]


async def test_notes_are_taken_when_the_switchboard_returns(tmp_path: Path) -> None:
    async with Office(tmp_path, book=book()) as office:
        await office.die()
        (office.missed / "1-a.call").write_text(WHOLE)
        await office.open()
        await until(lambda: office.desk.missed == [("1795376211.0", "+84901234567")])
        await until(lambda: not list(office.missed.iterdir()))
