"""What a dialogue left when it ended. Internal to the use cases."""

from dataclasses import dataclass

from hotline.dialogue.progress import applicable_answers
from hotline.dialogue.script import Channel, Fills, Script
from hotline.dialogue.state import Answer, Outcome, State
from hotline.domain.city.model import City
from hotline.domain.contacts.models import Contact
from hotline.usecases.facts import value_filling


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the dialogue left: only the answers that the script still asks for."""

    contact: Contact
    state: State
    city: City
    script: Script | None
    answers: tuple[Answer, ...]

    @property
    def number(self) -> str | None:
        """The reporter's: given in an answer, keyed in for the call-back, or called from."""
        state = self.state
        return self.given(Fills.REPORTER_PHONE) or state.callback_number or state.caller

    def given(self, fills: Fills) -> str | None:
        return value_filling(self.script, self.answers, fills) if self.script else None

    @property
    def reachable_at(self) -> str | None:
        """The reporter's number, else that of the person in need."""
        return self.number or self.given(Fills.SUBJECT_PHONE)

    @property
    def can_be_followed(self) -> bool:
        """A form that was never sent and names no number gives nobody anything to do: its
        answers stay with the contact. A broken call is always a case."""
        left_form = self.state.channel is Channel.WEB and not self.complete
        return not left_form or self.reachable_at is not None

    @property
    def served(self) -> bool:
        """A person spoke with them: what is to become of it, that person's form says."""
        return self.state.outcome is Outcome.SERVED

    @property
    def complete(self) -> bool:
        return self.state.outcome is Outcome.COMPLETE

    @property
    def unheard(self) -> int:
        """How many answers exist as recordings only."""
        return sum(answer.value is None and bool(answer.recording) for answer in self.answers)


def report_of(contact: Contact, state: State, city: City) -> Report:
    script = city.scripts.get(state.script) if state.script else None
    answers = applicable_answers(script, state.answers) if script else ()
    return Report(contact=contact, state=state, city=city, script=script, answers=answers)
