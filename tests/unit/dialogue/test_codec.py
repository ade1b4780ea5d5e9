"""A state survives as JSON; that it does for every state stands in ``test_properties``."""

import pytest

from hotline.dialogue.codec import dump, load
from hotline.dialogue.exchange import Keys, Spoke
from hotline.dialogue.state import Stage
from tests.unit.dialogue.strategies import like_json
from tests.unit.dialogue.talk import at_the_read_back, call, keys


def test_a_state_goes_through_json_and_back() -> None:
    for talk in (call(), call(None, known="1"), at_the_read_back(), call().hears(*keys("01"))):
        assert load(like_json(dump(talk.state))) == talk.state
    skipped = call().hears(*keys("01"), Spoke("r", 1.0), Keys("")).state
    assert skipped.skipped == {"name"}
    assert load(like_json(dump(skipped))) == skipped


def test_what_a_later_version_adds_is_ignored() -> None:
    data = dump(at_the_read_back().state)
    data["mood"] = "hopeful"
    data["answers"]["need"]["certainty"] = 0.9
    assert load(data) == at_the_read_back().state


def test_what_an_earlier_version_did_not_write_has_its_default() -> None:
    state = load({"channel": "voice", "language": "vi", "stage": "menu"})
    assert state.stage is Stage.MENU
    assert state.answers == {}
    assert state.misses == 0


@pytest.mark.parametrize("data", [{}, {"channel": "voice"}, {"channel": "pigeon", "stage": "x"}])
def test_what_is_no_state_is_refused(data: dict[str, str]) -> None:
    with pytest.raises((KeyError, ValueError)):
        load(data)
