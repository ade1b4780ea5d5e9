"""What a use case of the dialogue gives back to the edge that speaks with the person."""

from dataclasses import dataclass
from uuid import UUID

from hotline.dialogue.exchange import Action
from hotline.dialogue.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """``actions`` are to be said or shown now; the next event answers ``step``.

    ``code`` is set once the contact has become a case (or added to one), ``pin`` beside it
    on channels where the PIN can be shown; both come back the same if asked again.
    ``city_version`` is the version of the city whose script is being asked.
    """

    contact: UUID
    step: int
    state: State
    actions: tuple[Action, ...]
    code: str | None
    pin: str | None
    language: str
    city_version: int
