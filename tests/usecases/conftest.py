"""Calls may be taken the plain way and the quick one; the stories of modules that use ``way``
are told both ways."""

from datetime import datetime
from uuid import UUID

import pytest

from hotline.dialogue.exchange import Event
from hotline.usecases import hear, take_call
from hotline.usecases.finish_call import finish_call
from hotline.usecases.finish_calls import finish_calls
from hotline.usecases.quick_call import QuickCalls
from hotline.usecases.turn import Turn
from tests import stories


@pytest.fixture(params=["plain", "quick"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The worker of the quick way is at hand: it writes the case as soon as it is promised."""
    name: str = request.param
    quick = QuickCalls()

    def hear_quickly(*, contact: UUID, step: int, event: Event, now: datetime) -> Turn:
        turn = quick.hear(contact=contact, step=step, event=event, now=now)
        for left in finish_calls([contact]):
            finish_call(contact=left, now=now)
        return turn

    monkeypatch.setattr(stories, "hear", hear_quickly if name == "quick" else hear.hear)
    taking = quick.take if name == "quick" else take_call.take_call
    monkeypatch.setattr(stories, "take_call", taking)
    return name
