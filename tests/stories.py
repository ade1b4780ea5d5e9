"""What citizens do, told through the real use cases."""

import io
import math
import struct
import uuid
import wave
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings

from hotline.dialogue.exchange import Ask, End, Event, Expect, Keys, Left, Spoke, Typed
from hotline.domain.cases.models import Case
from hotline.usecases.hear import hear
from hotline.usecases.start_report import start_report
from hotline.usecases.take_call import take_call
from hotline.usecases.turn import Turn
from tests.people import CITIZEN

HARDSHIP = "2"
HOME = "79.770.27139"  # Phường Võ Thị Sáu
HOME_AGENCY = "quan-3"
OTHER_AGENCY = "quan-7"
STREET = "12/5 hẻm 3, đường Trần Quốc Thảo"
WORDS = "Nhà hết gạo từ hôm qua, có cháu nhỏ cần sữa."

TYPED: Mapping[str, Typed] = {
    "need": Typed("necessities"),
    "for_whom": Typed("self"),
    "household": Typed("4"),
    "place": Typed(STREET, HOME),
    "details": Typed(WORDS),
    "reporter_phone": Typed(CITIZEN),
}
KEYED: Mapping[str, Keys] = {
    "need": Keys("1"),
    "for_whom": Keys("1"),
    "household": Keys("4"),
    "reporter_phone": Keys("1"),
}


class Talk:
    """One dialogue from the person's side."""

    def __init__(self, turn: Turn, now: datetime) -> None:
        self.turn = turn
        self.now = now

    @property
    def ask(self) -> Ask:
        """What is being asked."""
        (asked,) = [action for action in self.turn.actions if isinstance(action, Ask)]
        return asked

    @property
    def ended(self) -> bool:
        return any(isinstance(action, End) for action in self.turn.actions)

    def say(self, event: Event) -> Turn:
        self.turn = hear(contact=self.turn.contact, step=self.turn.step, event=event, now=self.now)
        return self.turn

    def case(self) -> Case:
        """The case that came of it."""
        assert self.turn.code is not None
        return Case.objects.get(code=self.turn.code)


def open_form(now: datetime, *, branch: str = HARDSHIP, language: str = "vi") -> Talk:
    return Talk(start_report(branch=branch, language=language, now=now), now)


def fill(talk: Talk, answers: Mapping[str, Typed] = TYPED, *, send: bool = True) -> Talk:
    """Consents, answers what is asked, and sends it off."""
    while not talk.ended:
        ask = talk.ask
        if ask.expect is Expect.CONSENT:
            talk.say(Typed("yes"))
        elif ask.expect is Expect.CONFIRM:
            if not send:
                return talk
            talk.say(Typed("yes"))
        else:
            turn = talk.say(answers[ask.slot or ""])
            refused = [act.problem for act in turn.actions if isinstance(act, Ask) and act.problem]
            assert not refused
    return talk


def web_report(now: datetime, **changed: Typed) -> Case:
    """A whole report on the web; ``changed`` answers by slot."""
    return fill(open_form(now), {**TYPED, **changed}).case()


def ring(now: datetime, *, number: str | None = CITIZEN, channel: str = "") -> Talk:
    """Rings; the first question is asked."""
    channel = channel or f"channel-{uuid.uuid4()}"
    return Talk(take_call(channel=channel, node="test", number=number, now=now), now)


def choose(talk: Talk, key: str = HARDSHIP, *, consent: bool = True) -> Talk:
    """Presses a key of the menu (a known number says first that it is about something new),
    and answers whether the call may be recorded."""
    if talk.ask.expect is Expect.KNOWN:
        talk.say(Keys("2"))
    talk.say(Keys(key))
    if talk.ask.expect is Expect.CONSENT:
        talk.say(Keys("1" if consent else "2"))
    return talk


def answer_by_voice(
    talk: Talk, answers: Mapping[str, Keys] = KEYED, *, until: str | None = None
) -> Talk:
    """Answers by keys and by speech; stops when the slot ``until`` is asked."""
    while not talk.ended and (until is None or talk.ask.slot != until):
        ask = talk.ask
        if ask.expect is Expect.CONFIRM:
            talk.say(Keys("1"))
        elif ask.speech is not None:
            talk.say(speak(4.0 if ask.slot == "place" else 6.0))
        else:
            talk.say(answers[ask.slot or ""])
    return talk


def voice_report(now: datetime, *, number: str | None = CITIZEN) -> Case:
    """A whole call to key 2, and the citizen hangs up."""
    talk = answer_by_voice(choose(ring(now, number=number)))
    case = talk.case()
    talk.say(Left())
    return case


def speak(seconds: float, *, on_disk: bool = True) -> Spoke:
    """A recording as the switchboard leaves it in its spool."""
    name = f"rec-{uuid.uuid4()}"
    if on_disk:
        spool_file(name).write_bytes(tone(seconds))
    return Spoke(name, seconds)


def spool_file(name: str) -> Path:
    return Path(settings.ENV.recordings) / f"{name}.wav"


def tone(seconds: float) -> bytes:
    """A wav of 8 kHz, mono, 16 bit."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        second = b"".join(
            struct.pack("<h", int(8000 * math.sin(2 * math.pi * 440 * n / 8000)))
            for n in range(8000)
        )
        sound.writeframes((second * (int(seconds) + 1))[: int(seconds * 8000) * 2])
    return out.getvalue()
