"""What holds for every sequence of events on every channel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.dialogue.begin import begin
from hotline.dialogue.codec import dump, load
from hotline.dialogue.exchange import (
    Action,
    Ask,
    End,
    Event,
    Keys,
    Left,
    Outside,
    PersonFree,
    Say,
    Started,
    ToCallbot,
    Typed,
    Wait,
    Words,
)
from hotline.dialogue.farewell import farewell
from hotline.dialogue.persons import line_of
from hotline.dialogue.progress import applicable_slots, complete, progress
from hotline.dialogue.script import Channel
from hotline.dialogue.spoken import spoken_texts
from hotline.dialogue.state import Outcome, Stage, State
from hotline.dialogue.step import ask_again, step
from tests.unit.dialogue.sample import BOOK
from tests.unit.dialogue.strategies import careful, failures, like_json, nonsense, sensible
from tests.unit.dialogue.talk import CALLER, CASE

STAGE_WORDS = "Yêu cầu đang được xử lý."
PROMISE = "Hạn trả lời là ngày mai."
SPOKEN = spoken_texts(BOOK, ["vi", "en"])


def begun(data: st.DataObject, channel: Channel) -> State:
    known = data.draw(st.sampled_from([None, None, CASE]))
    return begin(
        channel=channel,
        language=data.draw(st.sampled_from(["vi", "en"])),
        caller=data.draw(st.sampled_from([CALLER, None, "+14155552671"])),
        known_case=known,
        known_stage=STAGE_WORDS if known else "",
        branch=data.draw(st.sampled_from([None, "0", "1", "2", "4", "9"])),
        book=BOOK,
    )


def next_event(data: st.DataObject, state: State) -> Event:
    """Mostly an answer that fits, so that long dialogues come about, else anything."""
    if state.stage is not Stage.ENDED and data.draw(st.integers(0, 5)):
        return data.draw(sensible(state, BOOK))
    return data.draw(nonsense)


def is_well_asked(state: State, actions: tuple[Action, ...]) -> None:
    """Ends with one question, or with the end; nothing is said without words; voice can be
    interrupted by a key and says only what could be rendered before."""
    *before, last = actions
    assert all(isinstance(action, Say) for action in before)
    waits = {Stage.ENDED: End, Stage.QUEUE: Wait, Stage.OUTSIDE: Outside}
    assert isinstance(last, waits.get(state.stage, Ask))
    for action in actions:
        if isinstance(action, End | Wait | Outside):
            continue
        assert action.parts
        parts = (*action.problem, *action.parts) if isinstance(action, Ask) else action.parts
        for part in parts:
            assert part.text if isinstance(part, Words) else part.digits.isdigit()
            if state.channel is Channel.VOICE and isinstance(part, Words):
                assert part.text == STAGE_WORDS or (state.language, part.text) in SPOKEN
    if isinstance(last, Ask):
        assert (last.keys is not None) == (state.channel is Channel.VOICE)
        assert last.speech is None or state.channel is Channel.VOICE


def nothing_is_lost(before: State, after: State, event: Event) -> None:
    """Answers change or go only at the slot that is asked, or when they cease to apply."""
    script = BOOK.scripts.get(after.script or "")
    applies = {s.key for s in applicable_slots(script, after.answers)} if script else set()
    for key, answer in before.answers.items():
        if key == before.slot:
            continue
        if after.stage is Stage.ENDED and key not in applies:
            continue
        assert after.answers.get(key) == answer
    if isinstance(event, Left):
        assert {k: a for k, a in before.answers.items() if k in applies} == dict(after.answers)


@pytest.mark.parametrize("channel", list(Channel))
@careful()
@given(data=st.data())
def test_every_dialogue_ends_and_keeps_its_answers(channel: Channel, data: st.DataObject) -> None:
    state = begun(data, channel)
    state, actions = step(state, Started(), book=BOOK)
    is_well_asked(state, actions)
    for _ in range(data.draw(st.integers(0, 40))):
        event = next_event(data, state)
        before = state
        state, actions = step(before, event, book=BOOK)
        if before.stage is Stage.ENDED:
            assert (state, actions) == (before, ())
            continue
        is_well_asked(state, actions)
        nothing_is_lost(before, state, event)
        assert not state.skipped & state.answers.keys()
        assert state.misses <= BOOK.menu.limits.repeats
        assert load(like_json(dump(state))) == state
        assert progress(state, BOOK).position <= progress(state, BOOK).total
        assert bool(ask_again(state, book=BOOK)) == (state.stage is not Stage.ENDED)
    before = state
    state, _ = step(before, Left(), book=BOOK)
    nothing_is_lost(before, state, Left())
    assert state.stage is Stage.ENDED
    assert state.outcome in set(Outcome)
    for last in farewell(state, book=BOOK, code=CASE, callback=True, promise=PROMISE):
        words = [part.text for part in last.parts if isinstance(part, Words)]
        assert all(text == PROMISE or (state.language, text) in SPOKEN for text in words) or (
            channel is not Channel.VOICE
        )


@pytest.mark.parametrize("channel", [Channel.VOICE, Channel.CHAT])
@careful()
@given(data=st.data())
def test_patience_is_bounded(channel: Channel, data: st.DataObject) -> None:
    """Whatever was said before: who answers nothing any more is with a person soon."""
    state, _ = step(begun(data, channel), Started(), book=BOOK)
    for _ in range(data.draw(st.integers(0, 20))):
        if state.stage is Stage.ENDED:
            return
        event = data.draw(sensible(state, BOOK))
        state, _ = step(state, event, book=BOOK)
    tries = BOOK.menu.limits.repeats + 2  # one more where a recording failed
    longest = max(len(script.slots) for script in BOOK.scripts.values())
    # Consent, the slots (optional ones are left out), the read-back, a call-back number.
    for _ in range(tries * (longest + 5)):
        if state.stage is Stage.ENDED:
            break
        # in the queue and outside it is others who decide
        waits = state.stage in {Stage.QUEUE, Stage.OUTSIDE}
        state, _ = step(state, data.draw(sensible(state, BOOK) if waits else failures), book=BOOK)
    assert state.stage is Stage.ENDED
    assert state.outcome is not Outcome.ABANDONED


@pytest.mark.parametrize("channel", list(Channel))
@careful()
@given(data=st.data())
def test_who_answers_what_is_asked_gets_through(channel: Channel, data: st.DataObject) -> None:
    """Answers that fit never lead astray, however long one corrects."""
    state, _ = step(begun(data, channel), Started(), book=BOOK)
    for _ in range(data.draw(st.integers(0, 40))):
        if state.stage is not Stage.ENDED:
            state, _ = step(state, data.draw(sensible(state, BOOK)), book=BOOK)
    for _ in range(20):  # enough has been corrected
        if state.stage is not Stage.ENDED:
            agreeing = {Stage.CONSENT: "1", Stage.CONFIRM: "1", Stage.CORRECT: "0"}
            event = data.draw(sensible(state, BOOK))
            if state.stage in agreeing:
                digit = agreeing[state.stage]
                typed = Typed("yes" if digit == "1" else digit)
                event = Keys(digit) if channel is Channel.VOICE else typed
            state, _ = step(state, event, book=BOOK)
    if state.outcome is Outcome.HANDED_OVER:
        assert state.reason in {"refused_recording", "announcement"}
    else:
        assert state.outcome is Outcome.COMPLETE
        assert complete(state, BOOK) or state.script is None


@pytest.mark.parametrize("channel", list(Channel))
@careful()
@given(data=st.data())
def test_people_answer_on_the_telephone_only_and_are_offered_once(
    channel: Channel, data: st.DataObject
) -> None:
    """Whatever happens: a form and a chat never wait, and nobody is offered a person twice."""
    state, _ = step(begun(data, channel), Started(), book=BOOK)
    offers, queued = 0, False
    for _ in range(data.draw(st.integers(0, 40))):
        if state.stage is Stage.ENDED:
            break
        free = data.draw(st.integers(0, 3)) == 0
        event = PersonFree() if free else next_event(data, state)
        before = state.stage
        state, _ = step(state, event, book=BOOK)
        offers += state.stage is Stage.OFFER and before is not Stage.OFFER
        queued |= state.stage in {Stage.QUEUE, Stage.OFFER, Stage.OUTSIDE}
        if state.stage in {Stage.QUEUE, Stage.OFFER}:
            assert line_of(state, BOOK) is not None
    assert offers <= 1
    assert channel is Channel.VOICE or not queued


@careful()
@given(data=st.data())
def test_who_waits_is_led_on_with_every_answer(data: st.DataObject) -> None:
    """Out of the queue by the callbot, or by a key, the dialogue goes on where it was left."""
    state, _ = step(begun(data, Channel.VOICE), Started(), book=BOOK)
    for _ in range(data.draw(st.integers(0, 30))):
        if state.stage in {Stage.ENDED, Stage.QUEUE}:
            break
        state, _ = step(state, next_event(data, state), book=BOOK)
    if state.stage is not Stage.QUEUE:
        return
    ways: list[Event] = [ToCallbot("busy"), Keys("2"), Keys("1"), Left()]
    out = data.draw(st.sampled_from(ways))
    after, _ = step(state, out, book=BOOK)
    script = BOOK.scripts.get(after.script or "")
    applies = {one.key for one in applicable_slots(script, after.answers)} if script else set()
    kept = {key: one for key, one in state.answers.items() if key in applies}
    assert kept.items() <= after.answers.items()
    assert (after.stage is Stage.ENDED) == (out in {Keys("1"), Left()}) or (
        after.stage is Stage.NUMBER and out == Keys("1")  # whose own number is withheld
    )
