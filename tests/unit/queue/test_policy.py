"""Who speaks with whom: the rules, for every sequence of callers and operators."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.domain.queue.policy import (
    AGEING_S,
    Idle,
    LineRules,
    Waiting,
    assign,
    expected_wait,
    next_try,
    person_for,
    rank,
)

LINES = {
    "1": LineRules("1", frozenset({"operator"}), wait_s=60, widen_s=20),
    "2": LineRules("2", frozenset({"operator", "volunteer"}), wait_s=60, widen_s=20),
}


def waiting(key: int, at: float, *, branch: str = "1", priority: int = 0) -> Waiting:
    return Waiting(key, branch, priority, at)


def idle(key: int, since: float, *, kind: str = "operator", **levels: int) -> Idle:
    return Idle(key, kind, since, {name[1:]: level for name, level in levels.items()} or {"1": 1})


def test_the_first_caller_gets_the_operator_who_was_idle_longest() -> None:
    pairs = assign([waiting(1, 5), waiting(2, 3)], [idle(7, 2), idle(8, 1)], LINES, now=10)
    assert pairs == [(2, 8), (1, 7)]


def test_priority_goes_first_but_is_worth_only_so_much_waiting() -> None:
    urgent = waiting(1, 100, priority=1)
    assert assign([urgent, waiting(2, 99)], [idle(7, 0)], LINES, now=101) == [(1, 7)]
    early = waiting(2, 99 - AGEING_S)
    assert assign([urgent, early], [idle(7, 0)], LINES, now=101) == [(2, 7)]


def test_the_best_skill_is_asked_first_and_the_others_as_the_wait_grows() -> None:
    best, other = idle(7, 9, b1=1), idle(8, 0, b1=2)
    assert assign([waiting(1, 0)], [best, other], LINES, now=1) == [(1, 7)]
    busy = {"1": frozenset({1})}
    assert assign([waiting(1, 0)], [other], LINES, now=19, busy=busy) == []
    assert assign([waiting(1, 0)], [other], LINES, now=20, busy=busy) == [(1, 8)]


def test_a_level_that_nobody_has_is_not_waited_for() -> None:
    assert assign([waiting(1, 0)], [idle(8, 0, b1=3)], LINES, now=0) == [(1, 8)]


def test_only_those_answer_whose_kind_and_branch_it_is() -> None:
    volunteer = idle(7, 0, kind="volunteer", b1=1, b2=1)
    assert assign([waiting(1, 0)], [volunteer], LINES, now=0) == []
    assert assign([waiting(1, 0, branch="2")], [volunteer], LINES, now=0) == [(1, 7)]
    assert assign([waiting(1, 0, branch="9")], [idle(7, 0, b9=1)], LINES, now=0) == []


def test_a_call_that_an_operator_asked_for_is_theirs() -> None:
    own = Waiting(1, "1", 0, 0, only=8)
    assert assign([own], [idle(7, 0), idle(8, 5)], LINES, now=9) == [(1, 8)]
    assert assign([own], [idle(7, 0)], LINES, now=9) == []


def test_a_person_is_offered_to_the_callbots_callers_only_beyond_those_who_wait() -> None:
    bot = [waiting(1, 0), waiting(2, 1)]
    free = [idle(7, 0), idle(8, 0)]
    assert person_for(bot, free, [], LINES, now=9) == [1, 2]
    assert person_for(bot, free, [waiting(3, 5)], LINES, now=9) == [1]
    assert person_for(bot, free, [waiting(3, 5), waiting(4, 5)], LINES, now=9) == []


callers = st.lists(
    st.builds(
        Waiting,
        st.integers(1, 10**6),
        st.sampled_from(["1", "2", "x"]),
        st.integers(0, 3),
        st.floats(0, 5000),
    ),
    max_size=30,
    unique_by=lambda one: one.key,
)
operators = st.lists(
    st.builds(
        Idle,
        st.integers(1, 10**6),
        st.sampled_from(["operator", "volunteer", "expert"]),
        st.floats(0, 5000),
        st.dictionaries(st.sampled_from(["1", "2"]), st.integers(1, 3)),
    ),
    max_size=30,
    unique_by=lambda one: one.key,
)


def fits(caller: Waiting, operator: Idle) -> bool:
    line = LINES.get(caller.branch)
    return line is not None and operator.kind in line.kinds and caller.branch in operator.levels


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(callers, operators)
def test_nobody_twice_and_nobody_idle_while_a_fitting_caller_waits(
    wait: Sequence[Waiting], free: Sequence[Idle]
) -> None:
    pairs = assign(wait, free, LINES, now=6000)
    assert len({caller for caller, _ in pairs}) == len({one for _, one in pairs}) == len(pairs)
    by_key = {one.key: one for one in free}
    for caller in wait:
        got = dict(pairs).get(caller.key)
        if got is not None:
            assert fits(caller, by_key[got])
    served = {caller for caller, _ in pairs}
    left = [one for one in free if one.key not in {operator for _, operator in pairs}]
    for caller in wait:
        if caller.key not in served:
            assert not any(fits(caller, one) for one in left)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(callers)
def test_one_operator_serves_all_in_the_order_of_rank(wait: list[Waiting]) -> None:
    wait = [one for one in wait if one.branch in LINES]
    order = []
    while wait:
        ((first, _),) = assign(wait, [idle(7, 0, b1=1, b2=1)], LINES, now=9000)
        order.append(next(one for one in wait if one.key == first))
        wait = [one for one in wait if one.key != first]
    ranks = [rank(priority=one.priority, entered_at=one.entered_at) for one in order]
    assert ranks == sorted(ranks)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.integers(0, 3), st.lists(st.floats(0.001, 100), min_size=30, max_size=60))
def test_nobody_starves(priority: int, gaps: Sequence[float]) -> None:
    """However many urgent callers keep coming, who came first is served once those who came
    within the worth of their priority have been."""
    now, queue = 0.0, [waiting(0, 0.0)]
    overtook = 0
    for key, gap in enumerate(gaps, start=1):
        now += gap
        queue.append(waiting(key, now, priority=priority))
        ((served, _),) = assign(queue, [idle(7, now)], LINES, now=now)
        queue = [one for one in queue if one.key != served]
        if served == 0:
            break
        overtook += 1
        assert now <= priority * AGEING_S
    assert overtook <= len(gaps)


def test_the_expected_wait_grows_with_the_place_and_shrinks_with_the_operators() -> None:
    assert expected_wait(position=3, on_duty=2, talk_s=240) == 360
    assert expected_wait(position=1, on_duty=0, talk_s=240) is None
    assert expected_wait(position=9, on_duty=1, talk_s=240, longest_s=600) == 600


def test_a_call_back_is_tried_again_so_often_and_no_more() -> None:
    assert next_try(attempts=1, most=3, every_s=1800, now=100) == 1900
    assert next_try(attempts=3, most=3, every_s=1800, now=100) is None
