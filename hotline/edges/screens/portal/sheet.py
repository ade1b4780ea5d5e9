"""A report as pages: which there are, in which order, where it stands, how answers read.

The dialogue decides what is asked; this only lays it out. Photos are a page of ours, after
the words that they belong to.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from django.urls import reverse

from hotline.dialogue import phones
from hotline.dialogue.progress import applicable_slots
from hotline.dialogue.script import Fills, Script, Slot, SlotKind
from hotline.dialogue.state import Answer, Stage, State
from hotline.domain.city.model import City
from hotline.domain.places import selectors as places
from hotline.edges.screens.portal.drafts import Draft
from hotline.edges.screens.shared.context import say
from hotline.edges.screens.shared.templatetags.shown import phone_number
from hotline.usecases.turn import Turn

PHOTOS = ""  # stands among the keys of slots; no slot has an empty key


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One answer on the page that shows them all; empty ``value``: not given."""

    label: str
    value: str
    detail: str
    change: str


@dataclass(frozen=True)
class Sheet:
    """``turn`` is where the dialogue stands; ``city`` the city of its version."""

    draft: Draft
    turn: Turn
    city: City

    @property
    def state(self) -> State:
        return self.turn.state

    def moved(self, turn: Turn) -> "Sheet":
        """The same report one step on."""
        return replace(self, turn=turn)

    @cached_property
    def script(self) -> Script:
        return self.city.scripts[self.state.script or ""]  # a form begins inside a script

    @cached_property
    def pages(self) -> tuple[str, ...]:
        """Keys of the slots to ask, given the answers so far, and PHOTOS once."""
        slots = applicable_slots(self.script, self.state.answers)
        told = [n for n, slot in enumerate(slots, 1) if slot.fills is Fills.DETAILS]
        after = told[-1] if told else len(slots)
        keys = [slot.key for slot in slots]
        return (*keys[:after], PHOTOS, *keys[after:])

    def number(self, page: str) -> int:
        return self.pages.index(page) + 1

    def url(self, page: str) -> str:
        if page == PHOTOS:
            return reverse("report_photos", args=[self.draft.branch])
        return reverse("report_ask", args=[self.draft.branch, page])

    @property
    def sent(self) -> bool:
        return self.state.outcome is not None

    @property
    def ready(self) -> bool:
        """Every answer is there; only the sending is left."""
        return self.state.stage in (Stage.CONFIRM, Stage.CORRECT)

    def open(self, page: str) -> bool:
        """Whether this page may be shown: it was reached already."""
        if self.sent or page not in self.pages:
            return False
        return self.ready or self.pages.index(page) <= self._reached

    @property
    def present(self) -> str:
        """The address of what comes next, wherever the person has gone meanwhile."""
        if self.sent:
            return reverse("report_sent", args=[self.draft.branch])
        if self.state.stage is Stage.CONSENT:
            return reverse("report_start", args=[self.draft.branch])
        if self.ready:
            return self.check if self.draft.photos_seen else self.url(PHOTOS)
        if self._reached > self.pages.index(PHOTOS) and not self.draft.photos_seen:
            return self.url(PHOTOS)
        return self.url(self.pages[self._reached])

    @property
    def check(self) -> str:
        return reverse("report_check", args=[self.draft.branch])

    def after(self, page: str) -> str:
        """The address of the page after this one, as far as the report has come."""
        place = self.pages.index(page) + 1 if page in self.pages else len(self.pages)
        if place < len(self.pages) and self.open(self.pages[place]):
            return self.url(self.pages[place])
        return self.present

    def before(self, page: str) -> str:
        place = self.pages.index(page)
        if place == 0:
            return reverse("report_start", args=[self.draft.branch])
        return self.url(self.pages[place - 1])

    @property
    def _reached(self) -> int:
        slot = self.state.slot
        return self.pages.index(slot) if slot in self.pages else len(self.pages)

    def lines(self) -> tuple[Line, ...]:
        """All questions with their answers, in the order in which they are asked."""
        return tuple(self._line(self.script.slot(key)) for key in self.pages if key != PHOTOS)

    def _line(self, slot: Slot) -> Line:
        answer = self.state.answers.get(slot.key)
        return Line(
            label=say(slot.label),
            value=shown(slot, answer) if answer else "",
            detail=answer.detail if answer else "",
            change=self.url(slot.key) + "?change",
        )


def shown(slot: Slot, answer: Answer) -> str:
    """An answer as people read it: an option's label, a place's full name, a number."""
    value = answer.value or ""
    if slot.kind is SlotKind.CHOICE:
        option = slot.option(value)
        return say(option.label) if option else ""
    if slot.kind is SlotKind.PLACE:
        return places.by_code(value).path if value else ""
    if slot.kind is SlotKind.PHONE:
        return phone_number(phones.national(value)) if value else ""
    return value
