"""The question that a state asks, ready for any channel.

Voice says the words of a slot as the city wrote them, with the keys in them. Only at the
reporter's own number the voice adds how to key it in, since that depends on the caller.
"""

from hotline.dialogue import phones
from hotline.dialogue.exchange import (
    Ask,
    Digits,
    Expect,
    KeyInput,
    Part,
    SpeechInput,
    Words,
)
from hotline.dialogue.phrases import Speaker
from hotline.dialogue.progress import answered_slots
from hotline.dialogue.reading import SPOKEN_KINDS, offers_caller
from hotline.dialogue.script import Book, Channel, Fills, Menu, Slot, SlotKind
from hotline.dialogue.state import Answer, Stage, State

PHONE_DIGITS = 17
"""``00``, and the fifteen digits of the longest number in the world."""
NOTHING = "0"
"""The key at CORRECT for: nothing is wrong after all."""


def question(state: State, book: Book) -> Ask:  # noqa: C901 - one line a stage
    """What is being asked, without any problem. Raises ValueError for a dialogue that has
    ended, or in which the person waits: nothing is asked there (see ``persons.present``)."""
    speaker = speaker_of(state, book)
    match state.stage:
        case Stage.GREETING | Stage.MENU:
            return _ask(state, book, Expect.MENU, (speaker.words(book.menu.prompt),))
        case Stage.KNOWN:
            return _ask(state, book, Expect.KNOWN, _known(state, speaker))
        case Stage.ANNOUNCEMENT:
            return _ask(state, book, Expect.ANNOUNCEMENT, _announcement(state, book, speaker))
        case Stage.CONSENT:
            return _ask(state, book, Expect.CONSENT, (speaker.words(book.menu.consent),))
        case Stage.SLOT:
            return _slot(state, book, speaker)
        case Stage.CONFIRM:
            parts = (*_read_back(state, book, speaker), speaker.phrase("confirm"))
            return _ask(state, book, Expect.CONFIRM, parts)
        case Stage.CORRECT:
            return _correct(state, book, speaker)
        case Stage.NUMBER:
            parts = (speaker.phrase("callback_number"),)
            return _ask(state, book, Expect.PHONE, parts, most=PHONE_DIGITS)
        case Stage.OFFER:
            return _ask(state, book, Expect.OFFER, (speaker.phrase("person_free"),))
        case Stage.QUEUE | Stage.OUTSIDE | Stage.ENDED:
            raise ValueError("nothing is asked in a dialogue that waits or has ended")


def speaker_of(state: State, book: Book) -> Speaker:
    return Speaker(book.menu, state.language, state.channel)


def operator_instant(menu: Menu) -> str:
    """The operator key as one that ends every input at once; a digit would break numbers, so
    that a digit works in the menu only."""
    return "" if menu.operator_key.isdigit() else menu.operator_key


def _ask(
    state: State, book: Book, expect: Expect, parts: tuple[Part, ...], *, most: int = 1
) -> Ask:
    return Ask(expect=expect, parts=parts, keys=_keys(state, book.menu, most))


def _keys(state: State, menu: Menu, most: int) -> KeyInput | None:
    if state.channel is not Channel.VOICE:
        return None
    return KeyInput(
        most=most,
        instant=operator_instant(menu),
        first_s=menu.limits.first_key_s,
        next_s=menu.limits.next_key_s,
    )


def _known(state: State, speaker: Speaker) -> tuple[Part, ...]:
    stage = (Words(state.known_stage),) if state.known_stage else ()
    return (
        speaker.phrase("known_number"),
        Digits(state.known_case or ""),
        *stage,
        speaker.phrase("known_choice"),
    )


def _announcement(state: State, book: Book, speaker: Speaker) -> tuple[Part, ...]:
    branch = book.menu.branch(state.branch or "")
    if branch is not None and branch.outside_number is None:
        closed = branch.line.closed_words if branch.line is not None else None
        first = speaker.words(closed) if closed is not None else speaker.phrase("closed")
        return first, speaker.phrase("announcement_offer")
    words = branch.announcement if branch is not None else None
    number = Digits((branch.outside_number if branch is not None else None) or "")
    return (
        speaker.words(words) if words is not None else speaker.phrase("announcement"),
        number,
        speaker.phrase("announcement_again"),
        number,
        speaker.phrase("announcement_offer"),
    )


def _slot(state: State, book: Book, speaker: Speaker) -> Ask:
    slot = book.scripts[state.script or ""].slot(state.slot or "")
    parts: tuple[Part, ...] = (speaker.words(slot.ask),)
    if slot.fills is Fills.REPORTER_PHONE and state.channel is Channel.VOICE:
        offered = offers_caller(slot, channel=state.channel, caller=state.caller)
        parts = (*parts, speaker.phrase("phone_offer" if offered else "phone_key_in"))
    return Ask(
        expect=Expect(slot.kind.value),
        parts=parts,
        slot=slot.key,
        keys=_keys(state, book.menu, _most_digits(slot)),
        speech=_speech(state, book.menu) if slot.kind in SPOKEN_KINDS else None,
    )


def _most_digits(slot: Slot) -> int:
    match slot.kind:
        case SlotKind.CHOICE:
            return max((len(option.digit) for option in slot.options), default=1)
        case SlotKind.NUMBER:
            return len(str(slot.maximum))
        case SlotKind.PHONE:
            return PHONE_DIGITS
        case SlotKind.PLACE | SlotKind.TEXT:
            return 1  # only the operator key, and # for "no answer", mean something


def _speech(state: State, menu: Menu) -> SpeechInput | None:
    if state.channel is not Channel.VOICE:
        return None
    return SpeechInput(
        max_s=menu.limits.speech_max_s,
        silence_s=menu.limits.speech_silence_s,
        instant=operator_instant(menu),
    )


def _read_back(state: State, book: Book, speaker: Speaker) -> tuple[Part, ...]:
    parts: list[Part] = [speaker.phrase("read_back")]
    for slot in answered_slots(state, book):
        parts += (speaker.words(slot.label), _said(slot, state.answers[slot.key], speaker))
    return tuple(parts)


def _said(slot: Slot, answer: Answer, speaker: Speaker) -> Part:
    """An answer in the city's words or in digits; voice says no other text, since that would
    have to be rendered during the call."""
    if answer.value is None:
        return speaker.phrase("recorded")
    match slot.kind:
        case SlotKind.CHOICE:
            option = slot.option(answer.value)
            return speaker.words(option.label) if option is not None else speaker.phrase("noted")
        case SlotKind.NUMBER:
            return Digits(answer.value)
        case SlotKind.PHONE:
            return Digits(phones.national(answer.value))
        case SlotKind.PLACE | SlotKind.TEXT:
            text = answer.detail if slot.kind is SlotKind.PLACE else answer.value
            is_sayable = text and speaker.channel is not Channel.VOICE
            return Words(text) if is_sayable else speaker.phrase("noted")


def _correct(state: State, book: Book, speaker: Speaker) -> Ask:
    slots = answered_slots(state, book)
    parts: list[Part] = [speaker.phrase("correct")]
    for digit, slot in enumerate(slots, start=1):
        parts.append(speaker.words(slot.label))
        if state.channel is Channel.VOICE:
            parts += (speaker.phrase("press"), Digits(str(digit)))
    parts.append(speaker.phrase("correct_nothing"))
    return _ask(state, book, Expect.CORRECT, tuple(parts), most=len(str(len(slots))))
