"""What one event means as the answer to one slot, the same on every channel."""

import math
import re
import unicodedata
from dataclasses import dataclass, replace

from hotline.dialogue import phones
from hotline.dialogue.exchange import Digits, Event, Keys, Part, Silence, Spoke, Typed
from hotline.dialogue.phrases import Speaker
from hotline.dialogue.script import Channel, Fills, Menu, Slot, SlotKind
from hotline.dialogue.state import Answer, Source

MAX_TEXT = 4000
"""Characters of one typed answer."""
SPOKEN_KINDS = frozenset({SlotKind.PLACE, SlotKind.TEXT})
"""Slots that are answered by speech on the phone; the others by keys."""

_GROUPED = re.compile(r"[0-9]{1,3}(?:[. ][0-9]{3})+")
_PLACE_CODE = re.compile(r"[\w.:-]{1,64}")
_MOST_DIGITS = 9
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an event is no answer, in words for the person; no parts where there is nothing to
    explain."""

    parts: tuple[Part, ...] = ()

    def __str__(self) -> str:
        return " ".join(
            part.digits if isinstance(part, Digits) else part.text for part in self.parts
        )


Reading = Answer | Problem | None
"""None: an optional slot was left empty on purpose."""


def read(slot: Slot, event: Event, *, speaker: Speaker, caller: str | None) -> Reading:
    """The answer that ``event`` gives to ``slot``. ``caller`` is the number that the person
    may take over by key 1 (see ``offers_caller``)."""
    if isinstance(event, Silence):
        return Problem((speaker.phrase("no_speech" if _is_spoken(slot) else "no_key"),))
    if isinstance(event, Keys | Typed) and _is_empty(event):
        return _left_empty(slot, event, speaker) if slot.required else None
    match slot.kind:
        case SlotKind.CHOICE:
            return _choice(slot, event, speaker)
        case SlotKind.NUMBER:
            return _number(slot, event, speaker)
        case SlotKind.PHONE:
            return _phone(slot, event, speaker, caller)
        case SlotKind.PLACE:
            return _place(slot, event, speaker)
        case SlotKind.TEXT:
            return _text(slot, event, speaker)


def read_as_operator(
    slot: Slot, *, text: str, place: str | None, menu: Menu, language: str
) -> Reading:
    """What an operator heard in a recording, read like a typed answer: for a place the code
    and, as ``text``, the street address."""
    speaker = Speaker(menu, language, Channel.DESK)
    reading = read(slot, Typed(text, place), speaker=speaker, caller=None)
    return replace(reading, source=Source.OPERATOR) if isinstance(reading, Answer) else reading


def offers_caller(slot: Slot, *, channel: Channel, caller: str | None) -> bool:
    """Whether the voice offers the number that the person is calling from: for their own
    number only, and not where it is a switchboard's."""
    return (
        channel is Channel.VOICE
        and slot.fills is Fills.REPORTER_PHONE
        and caller is not None
        and not phones.is_short_code(caller)
    )


def clean_text(text: str) -> str:
    """NFC without control characters (line ends stay) and without space around it; empty if
    nothing visible is left. Controls that turn the direction of writing go too: they make a
    text look like another one."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(char for char in lines if char == "\n" or not _is_control(char))
    visible = any(unicodedata.category(char)[0] in "LNPS" for char in kept)
    return unicodedata.normalize("NFC", kept).strip() if visible else ""


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cs"} or char in _BIDI_CONTROLS


def _is_empty(event: Keys | Typed) -> bool:
    if isinstance(event, Keys):
        return event.digits == ""
    return event.place is None and not clean_text(event.text)


def _is_spoken(slot: Slot) -> bool:
    return slot.kind in SPOKEN_KINDS


def _left_empty(slot: Slot, event: Keys | Typed, speaker: Speaker) -> Problem:
    if isinstance(event, Keys):
        return Problem((speaker.phrase("no_speech" if _is_spoken(slot) else "no_key"),))
    phrase = {
        SlotKind.CHOICE: "wrong_key",
        SlotKind.NUMBER: "number_needed",
        SlotKind.PHONE: "phone_wrong",
        SlotKind.PLACE: "place_needed",
        SlotKind.TEXT: "text_needed",
    }[slot.kind]
    return Problem((speaker.phrase(phrase),))


def _choice(slot: Slot, event: Event, speaker: Speaker) -> Reading:
    match event:
        case Keys(digits):
            option = next((o for o in slot.options if o.digit == digits), None)
        case Typed(text):
            given = clean_text(text)
            option = slot.option(given) or next((o for o in slot.options if o.digit == given), None)
        case _:
            return Problem()
    if option is None:
        return Problem((speaker.phrase("wrong_key"),))
    return Answer(slot=slot.key, source=_source(event), value=option.key)


def _number(slot: Slot, event: Event, speaker: Speaker) -> Reading:
    match event:
        case Keys(given):
            pass
        case Typed(text):
            given = clean_text(unicodedata.normalize("NFKC", text))
        case _:
            return Problem()
    if _GROUPED.fullmatch(given):  # "1.000" is a thousand, as Vietnamese write it
        given = re.sub(r"[. ]", "", given)
    if not (given.isascii() and given.isdigit()):
        return Problem((speaker.phrase("number_needed"),))
    digits = given.lstrip("0") or "0"
    if len(digits) > _MOST_DIGITS or not slot.minimum <= int(digits) <= slot.maximum:
        return Problem(
            (
                speaker.phrase("number_from"),
                Digits(str(slot.minimum)),
                speaker.phrase("number_to"),
                Digits(str(slot.maximum)),
            )
        )
    return Answer(slot=slot.key, source=_source(event), value=digits)


def _phone(slot: Slot, event: Event, speaker: Speaker, caller: str | None) -> Reading:
    match event:
        case Keys(digits):
            offered = offers_caller(slot, channel=speaker.channel, caller=caller)
            if digits == "1" and offered:
                return Answer(slot=slot.key, source=Source.CALLER_ID, value=caller)
            number = phones.normalise(digits)
        case Typed(text):
            number = phones.normalise(clean_text(text))
        case _:
            return Problem()
    if number is None:
        return Problem((speaker.phrase("phone_wrong"),))
    if phones.is_short_code(number) and slot.fills is not Fills.NOTE:
        return Problem((speaker.phrase("phone_of_nobody"),))
    return Answer(slot=slot.key, source=_source(event), value=number)


def _place(slot: Slot, event: Event, speaker: Speaker) -> Reading:
    if isinstance(event, Spoke | Keys):
        return _spoken(slot, event, speaker)
    if not isinstance(event, Typed):
        return Problem()
    detail = clean_text(event.text)
    if event.place is None or not _PLACE_CODE.fullmatch(event.place):
        return Problem((speaker.phrase("place_needed"),))
    if len(detail) > MAX_TEXT:
        return Problem((speaker.phrase("text_too_long"),))
    return Answer(slot=slot.key, source=Source.TYPED, value=event.place, detail=detail)


def _text(slot: Slot, event: Event, speaker: Speaker) -> Reading:
    if isinstance(event, Spoke | Keys):
        return _spoken(slot, event, speaker)
    if not isinstance(event, Typed):
        return Problem()
    text = clean_text(event.text)
    if not text:  # a place was sent where words are asked
        return Problem((speaker.phrase("text_needed"),))
    if len(text) > MAX_TEXT:
        return Problem((speaker.phrase("text_too_long"),))
    return Answer(slot=slot.key, source=Source.TYPED, value=text)


def _spoken(slot: Slot, event: Spoke | Keys, speaker: Speaker) -> Reading:
    """A recording with a length; keys are no answer where speech is awaited."""
    if isinstance(event, Keys) or not event.recording or not 0 < event.seconds < math.inf:
        return Problem((speaker.phrase("no_speech"),))
    return Answer(
        slot=slot.key, source=Source.SPEECH, recording=event.recording, seconds=event.seconds
    )


def _source(event: Event) -> Source:
    return Source.KEYS if isinstance(event, Keys) else Source.TYPED
