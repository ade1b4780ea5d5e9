"""Callers who rang while the database could not be asked."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hotline.edges.adapters.telephony.missed import note_ringing, notes
from hotline.edges.adapters.telephony.unwritten import Rang, Unwritten

AT = datetime(2021, 7, 23, 2, 0, tzinfo=UTC)
LATER = AT + timedelta(seconds=1)


class Call:
    """Ends as told; ``is_known`` is what the database says."""

    def __init__(self, *, is_known: bool, error: BaseException | None = None) -> None:
        self.is_known = is_known
        self._error = error

    async def take(self, _number: str | None, *, found: bool) -> None:
        if self._error is not None:
            raise self._error


async def take(unwritten: Unwritten, call: Call) -> None:
    try:
        await unwritten.take(call, "a", "0901234567", at=AT)  # type: ignore[arg-type]
    except (RuntimeError, asyncio.CancelledError):
        return


@pytest.mark.parametrize("error", [RuntimeError(), asyncio.CancelledError()])
async def test_who_was_cut_short_before_being_written_is_missed_once_gone(
    error: BaseException, tmp_path: Path
) -> None:
    unwritten = Unwritten(tmp_path)
    await take(unwritten, Call(is_known=False, error=error))
    assert unwritten.missed(there={"a"}, before=LATER) == []
    assert unwritten.missed(there=(), before=AT) == []  # rang after the list was made
    assert unwritten.missed(there=(), before=LATER) == [("a", Rang("0901234567", AT))]
    unwritten.done("a", "never rang")
    assert unwritten.missed(there=(), before=LATER) == []


@pytest.mark.parametrize(
    "call",
    [Call(is_known=True, error=RuntimeError()), Call(is_known=True), Call(is_known=False)],
    ids=["broke after it was written", "ended", "hung up at once"],
)
async def test_who_is_known_or_hung_up_at_once_is_not(call: Call, tmp_path: Path) -> None:
    unwritten = Unwritten(tmp_path)
    await take(unwritten, call)
    assert unwritten.missed(there=(), before=LATER) == []


async def test_who_cannot_be_written_for_a_moment_is_noted_for_who_comes_after_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.edges.adapters.telephony.unwritten.NOTE_AFTER_S", 0)
    unwritten, call = Unwritten(tmp_path), Waits()
    taking = asyncio.create_task(
        unwritten.take(call, "17.1", "+84 901", at=AT)  # type: ignore[arg-type]
    )
    while not (found := list(notes(tmp_path))):
        await asyncio.sleep(0)
    assert [(one.unique_id, one.number, one.at, one.rang) for one in found] == [
        ("17.1", "+84901", AT, True)
    ]
    call.written.set()
    await taking
    assert list(notes(tmp_path)) == []


@pytest.mark.parametrize("channel", ["../17", "a b", ""])
def test_a_channel_that_no_file_can_be_named_after_is_not_noted(
    channel: str, tmp_path: Path
) -> None:
    assert note_ringing(tmp_path, unique_id=channel, number="1", at=AT) is None
    assert list(tmp_path.iterdir()) == []


class Waits:
    """For the database."""

    is_known = False

    def __init__(self) -> None:
        self.written = asyncio.Event()

    async def take(self, _number: str | None, *, found: bool) -> None:
        await self.written.wait()
