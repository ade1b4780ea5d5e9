"""What is played for what is to be said: the same words in the same order, in few files."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from hotline.core.errors import AdapterError
from hotline.dialogue.digits import DIGIT_WORDS
from hotline.dialogue.exchange import Digits, Part, Words
from hotline.edges.adapters.speech.fake import FakeTextToSpeech
from hotline.edges.adapters.speech.joined import Joined
from hotline.edges.adapters.telephony.voice import Voice

HELLO, MENU = Words("Xin chào."), Words("Bấm 1.")
CODE, AGAIN = Words("Mã là"), Words("Xin nhắc lại")
FAREWELL: tuple[Part, ...] = (HELLO, CODE, Digits("123456789"), AGAIN, Digits("1234567890"), MENU)


@pytest.fixture
def speech(tmp_path: Path) -> FakeTextToSpeech:
    speech = FakeTextToSpeech(tmp_path / "prompts")
    said = [part.text for part in FAREWELL if isinstance(part, Words)]
    speech.ensure([("vi", text) for text in (*said, *DIGIT_WORDS["vi"])])
    return speech


def sound(media: Sequence[str]) -> bytes:
    return b"".join(Path(f"{uri.removeprefix('sound:')}.ulaw").read_bytes() for uri in media)


def one_by_one(speech: FakeTextToSpeech, parts: Sequence[Part]) -> list[str]:
    paths: list[Path] = []
    for part in parts:
        if isinstance(part, Words):
            paths.append(speech.path("vi", part.text))
        else:
            paths += [speech.digit("vi", digit) for digit in part.digits]
    return [f"sound:{path}" for path in paths]


async def test_a_farewell_is_heard_as_if_it_were_said_piece_by_piece(
    speech: FakeTextToSpeech,
) -> None:
    media, lasts_s = await Voice(speech).media("vi", FAREWELL)
    assert sound(media) == sound(one_by_one(speech, FAREWELL))
    assert lasts_s == pytest.approx(len(sound(media)) / 8000)
    # hello with what follows, 12 34 56 78 9, the sentence, 12 34 56 78 90, the last sentence
    assert len(media) == 1 + 5 + 1 + 5 + 1
    assert media[1:5] == media[7:11]


async def test_the_tone_comes_last(speech: FakeTextToSpeech) -> None:
    beep = [f"sound:{speech.fixed('beep')}"]
    for parts, pieces in (((HELLO, MENU), 1), ((HELLO, Digits("1")), 3), ((), 1)):
        media = (await Voice(speech).media("vi", parts, tone=True)).uris
        assert sound(media) == sound([*one_by_one(speech, parts), *beep])
        assert len(media) == pieces


async def test_a_run_is_looked_for_once(
    speech: FakeTextToSpeech, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice = Voice(speech)
    first = await voice.media("vi", FAREWELL)
    monkeypatch.setattr(asyncio, "to_thread", None)
    assert await voice.media("vi", FAREWELL) == first


async def test_numbers_of_many_callers_need_few_files(speech: FakeTextToSpeech) -> None:
    voice = Voice(speech)
    for number in range(0, 100_000_000, 89_989):
        await voice.media("vi", [Digits(f"09{number:08d}")])
    await voice.media("vi", [Digits("".join(f"{group:03d}" for group in range(1000)))])
    groups = list((speech.folder / "joined").glob("*.ulaw"))
    assert len(groups) <= 100


async def test_a_disk_that_is_full_is_not_heard(
    speech: FakeTextToSpeech, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(Joined, "_make", full)
    media = (await Voice(speech).media("vi", FAREWELL)).uris
    assert list(media) == one_by_one(speech, FAREWELL)


async def test_words_that_cannot_be_said_are_left_out_and_tried_again(
    speech: FakeTextToSpeech, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object) -> None:
        raise AdapterError("no voice", permanent=False)

    voice, parts = Voice(speech), (HELLO, Words("Mới đặt ra."), MENU)
    with monkeypatch.context() as patch:
        patch.setattr(FakeTextToSpeech, "render", silent)
        media = (await voice.media("vi", parts)).uris
        assert sound(media) == sound(one_by_one(speech, (HELLO, MENU)))
    assert sound((await voice.media("vi", parts)).uris) == sound(one_by_one(speech, parts))
