"""One question as a page: its widget, what stands in it, and what a posted page answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.dialogue import phones
from hotline.dialogue.exchange import Typed
from hotline.dialogue.script import Fills, Slot, SlotKind
from hotline.dialogue.state import Answer
from hotline.edges.screens.portal.sheet import Sheet
from hotline.edges.screens.shared.context import say

MOST_CHARACTERS = 4000  # the dialogue's own limit for a text, counted on the page


@dataclass(frozen=True, slots=True, kw_only=True)
class Widget:
    """A one-line field as HTML knows it."""

    type: str = "text"
    inputmode: str = ""
    autocomplete: str = "off"
    width: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the template of a question needs. ``described``: ids of the hints and errors that
    belong to the field."""

    slot: Slot
    question: str
    help: str
    number: int
    total: int
    template: str
    described: str
    widget: Widget
    most: int = MOST_CHARACTERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What stands in the fields: ``text`` (for a place: the street), ``place`` a code."""

    text: str = ""
    place: str = ""


TEMPLATES = {
    SlotKind.CHOICE: "portal/fields/choice.html",
    SlotKind.NUMBER: "portal/fields/line.html",
    SlotKind.PHONE: "portal/fields/line.html",
    SlotKind.PLACE: "portal/fields/place.html",
    SlotKind.TEXT: "portal/fields/text.html",
}
NAMES = (Fills.REPORTER_NAME, Fills.SUBJECT_NAME)


def question(sheet: Sheet, slot: Slot, *, refused: bool) -> Question:
    """The page of one slot, in the page's language."""
    ids = ("answer-hint" if slot.help else "", "answer-error" if refused else "")
    line = TEMPLATES[SlotKind.PHONE]
    return Question(
        slot=slot,
        question=say(slot.ask),
        help=say(slot.help) if slot.help else "",
        number=sheet.number(slot.key),
        total=len(sheet.pages),
        template=line if slot.fills in NAMES else TEMPLATES[slot.kind],
        described=" ".join(filter(None, ids)),
        widget=_widget(slot),
    )


def _widget(slot: Slot) -> Widget:
    if slot.kind is SlotKind.NUMBER:
        return Widget(inputmode="numeric", width="input--short")
    if slot.kind is SlotKind.PHONE:
        own = slot.fills is Fills.REPORTER_PHONE
        return Widget(type="tel", width="input--middle", autocomplete="tel" if own else "off")
    if slot.fills is Fills.REPORTER_NAME:
        return Widget(autocomplete="name")
    return Widget()


def entered(slot: Slot, answer: Answer | None) -> Entered:
    """The answer as it was given, to be looked at or changed."""
    if answer is None:
        return Entered()
    value = answer.value or ""
    if slot.kind is SlotKind.PLACE:
        return Entered(text=answer.detail, place=value)
    if slot.kind is SlotKind.PHONE and value:
        return Entered(text=phones.national(value))
    return Entered(text=value)


def typed(slot: Slot, post: Mapping[str, str], *, place: str = "") -> Typed:
    """What a posted page answers; leaving out is an empty answer."""
    if post.get("do") == "skip":
        return Typed("")
    if slot.kind is SlotKind.PLACE:
        return Typed(post.get("detail", ""), place=place or None)
    # Browsers send line ends as CR LF; people typed one line end.
    return Typed(post.get("answer", "").replace("\r\n", "\n"))


def echoed(event: Typed) -> Entered:
    """What was typed and refused: it stays on the page."""
    return Entered(text=event.text, place=event.place or "")
