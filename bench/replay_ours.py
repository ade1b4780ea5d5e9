"""The same people and our rules: the queue's own code decides who speaks with whom
(``hotline.domain.queue``), under a virtual clock. Nothing of the rules stands here: only what
people do, and the hotline's lines."""

from collections.abc import Sequence
from datetime import timedelta
from heapq import heappop, heappush

from bench.replay_floor import Floor
from bench.replay_state import Caller, End, Lines, Operator, State
from bench.replay_world import Person, World
from hotline.domain.city.hours import is_open
from hotline.domain.city.model import City
from hotline.domain.queue.policy import (
    Waiting,
    assign,
    next_try,
    overflow_at,
    person_for,
    rank,
)

SOON_S = 20.0
COUNTS_WITHIN_S = 24 * 3600.0
"""A call-back that is not completed so soon is none: the caller was lost."""
LOOKED_AT = 400
"""How many of those who are due are looked at in one go, as the queue does."""


class Hotline(Floor):
    """``run`` plays the window and then goes on until nobody waits for a call-back."""

    def __init__(self, world: World, city: City, everybody: Sequence[Person], lines: Lines) -> None:
        super().__init__(world, city, everybody, lines)
        self._due: list[tuple[float, int]] = []
        for person in everybody:
            self._clock.at(person.arrives_s, self._ring, self._callers[person.key])
        for when in world.shift_changes(world.ends_s + 2 * COUNTS_WITHIN_S):
            self._clock.at(when, self._change_shift)
        for hour in range(world.hours + 72):  # the hours of call-backs begin on the hour
            self._clock.at(hour * 3600.0, self._match)

    def run(self) -> None:
        self._clock.run()

    # --- what people do ---------------------------------------------------------------------

    def _ring(self, caller: Caller) -> None:
        if caller.state is not State.AWAY or caller.person.key in self.became.ends:
            return
        now = self._clock.now
        self.became.calls += 1
        patience_s = caller.person.call(self._world)
        if self._at_once >= self._lines.number:
            self.became.busy += 1
            self._not_answered(caller)
            return
        self._at_once += 1
        self.became.most_at_once = max(self.became.most_at_once, self._at_once)
        caller.rang_at, caller.answered, caller.by_wish = now, False, False
        # who has an open call-back keeps its place, as the queue does
        caller.entered_at = now if caller.place_at is None else min(caller.place_at, now)
        self._wait(caller, patience_s)
        asked, turn = self._world.asks_call_back, caller.turn
        if caller.person.turns.random() < asked.share:
            self._clock.at(now + asked.after_s, self._ask_call_back, caller, turn)

    def _wait(self, caller: Caller, patience_s: float) -> None:
        now, turn = self._clock.now, caller.go(State.WAITING)
        self._waiting[caller.person.key] = caller
        self._clock.at(now + patience_s, self._hang_up, caller, turn)
        if not caller.by_wish:
            until = overflow_at(entered_at=now, wait_s=self._line.wait_s)
            self._clock.at(until, self._to_bot, caller, turn)
        self._match()

    def _hang_up(self, caller: Caller, turn: int) -> None:
        if caller.turn != turn:
            return
        self._gone(caller)
        self._open_call_back(caller)
        if not caller.answered:
            self._not_answered(caller)

    def _ask_call_back(self, caller: Caller, turn: int) -> None:
        if caller.turn == turn:
            self._gone(caller)
            self._open_call_back(caller)

    def _not_answered(self, caller: Caller) -> None:
        pause = caller.person.pause(self._world)
        if pause is not None:
            self._clock.at(self._clock.now + pause, self._ring, caller)
        elif caller.place_at is None:
            self._end(caller, End.LOST_GAVE_UP)

    def _answer(self, caller: Caller) -> None:
        if not caller.answered:
            caller.answered = True
            self.became.answered += 1
            self.became.soon += self._clock.now - caller.rang_at <= SOON_S

    # --- the callbot ------------------------------------------------------------------------

    def _to_bot(self, caller: Caller, turn: int) -> None:
        if caller.turn != turn or caller.state is not State.WAITING:
            return  # gone, or a phone rings for them
        turn, now, world = caller.go(State.WITH_BOT), self._clock.now, self._world
        del self._waiting[caller.person.key]
        self._with_bot[caller.person.key] = caller
        self._answer(caller)
        random, bot = caller.person.turns, world.callbot
        length = self._lines.script_s * max(0.2, random.gauss(1, bot.spread))
        chance, part = random.random(), random.random()
        if chance < bot.leaves:
            self._clock.at(now + part * length, self._stop_telling, caller, turn, part)
        elif chance < bot.leaves + bot.person:
            self._clock.at(now + part * length, self._want_person, caller, turn, part)
        else:
            self._clock.at(now + length, self._complete, caller, turn)
        self._match()

    def _stop_telling(self, caller: Caller, turn: int, told: float) -> None:
        if caller.turn == turn:
            caller.told = told
            self._hang_up(caller, turn)

    def _want_person(self, caller: Caller, turn: int, told: float) -> None:
        if caller.turn == turn:
            del self._with_bot[caller.person.key]
            caller.told = told
            caller.by_wish = True
            self._wait(caller, self._world.patience.draw(caller.person.turns))

    def _complete(self, caller: Caller, turn: int) -> None:
        if caller.turn == turn:
            self._gone(caller)
            self._end(caller, End.CALLBOT)

    # --- the queue's own rules --------------------------------------------------------------

    def _match(self) -> None:
        """As the switchboard does it: those who wait and those who are due, then those with
        the callbot for whoever remains idle."""
        if not self._idle:
            return
        waiting = [self._place(caller) for caller in self._waiting.values()]
        waiting += self._due_now()
        now = self._clock.now
        if waiting:
            for key, operator in assign(waiting, self._ready_ones(), self._rules, now=now):
                self._offer(self._callers[key], self._operators[operator])
        if self._idle and self._with_bot:
            with_bot = [self._place(one) for one in self._with_bot.values() if not one.offered]
            free = person_for(with_bot, self._ready_ones(), [], self._rules, now=now)
            for key in free:
                self._offer_person(self._callers[key])

    def _offer(self, caller: Caller, operator: Operator) -> None:
        del self._idle[operator.key]
        operator.busy = True
        now = self._clock.now
        if caller.state is State.WAITING:
            # the timer of patience runs on: they may hang up while the phone rings
            caller.state = State.OFFERED
            del self._waiting[caller.person.key]
            answers = now + self._world.operator_answers_s
            self._clock.at(answers, self._talk, caller, caller.turn, operator)
        else:
            self._dial(caller, operator)

    def _talk(self, caller: Caller, turn: int, operator: Operator) -> None:
        if caller.turn != turn:  # hung up, or overflowed, while it rang
            self._ready(operator, operator.ready_since or 0.0)
            self._match()
            return
        self._answer(caller)
        turn = caller.go(State.TALKING)
        self._clock.at(self._clock.now + self._talk_s(caller), self._served, caller, operator)

    def _served(self, caller: Caller, operator: Operator) -> None:
        self._gone(caller)
        self._end(caller, End.PERSON)
        self._free(operator)

    def _offer_person(self, caller: Caller) -> None:
        caller.offered = True
        if caller.person.turns.random() < self._world.callbot.takes_offer:
            self._clock.at(self._clock.now, self._want_person, caller, caller.turn, 0.0)

    # --- call-backs -------------------------------------------------------------------------

    def _open_call_back(self, caller: Caller) -> None:
        """One open call-back a person, at their first place."""
        if caller.place_at is None:
            caller.place_at = caller.entered_at
            self.became.call_backs += 1
            deadline = self._clock.now + COUNTS_WITHIN_S
            self._clock.at(deadline, self._too_late, caller)
            self._plan_try(caller, self._clock.now)

    def _too_late(self, caller: Caller) -> None:
        if caller.person.key not in self.became.ends:
            self._end(caller, End.LOST_LATE)

    def _plan_try(self, caller: Caller, when: float) -> None:
        caller.due_since = when
        self._clock.at(when, self._fall_due, caller, when)

    def _fall_due(self, caller: Caller, when: float) -> None:
        if caller.place_at is not None and caller.due_since == when:
            place = rank(priority=0, entered_at=caller.place_at)
            heappush(self._due, (place, caller.person.key))
            self._match()

    def _due_now(self) -> list[Waiting]:
        """The first of those who are due: as many as could be rung at all."""
        if not self._due or not self._open_hours():
            return []
        found: list[Waiting] = []
        taken: list[tuple[float, int]] = []
        while self._due and len(found) < min(len(self._idle), LOOKED_AT):
            place, key = heappop(self._due)
            caller = self._callers[key]
            if key in self.became.ends or caller.place_at is None:
                continue
            taken.append((place, key))
            if caller.state is State.AWAY:
                found.append(Waiting(key, self._world.branch, 0, caller.place_at))
        for one in taken:
            heappush(self._due, one)
        return found

    def _open_hours(self) -> bool:
        moment = self._world.begins + timedelta(seconds=self._clock.now)
        return is_open(self._city.call_backs.hours, now=moment, zone=self._city.time_zone)

    def _dial(self, caller: Caller, operator: Operator) -> None:
        """The operator is reserved; the citizen's phone rings."""
        self.became.dialled += 1
        self._at_once += 1
        caller.go(State.BEING_RUNG)
        self._due = [one for one in self._due if one[1] != caller.person.key]
        random, reached = caller.person.turns, self._world.call_back
        if random.random() < reached.picked_up:
            self._clock.at(
                self._clock.now + reached.answered_after_s, self._speak_again, caller, operator
            )
        else:
            self._clock.at(self._clock.now + reached.rings_s, self._in_vain, caller, operator)

    def _speak_again(self, caller: Caller, operator: Operator) -> None:
        if caller.person.key in self.became.ends:
            self._gone(caller)
            self._free(operator)
            return
        caller.go(State.TALKING)
        talk_s = self._talk_s(caller)
        self._clock.at(self._clock.now + talk_s, self._called_back, caller, operator)

    def _called_back(self, caller: Caller, operator: Operator) -> None:
        self._gone(caller)
        self._end(caller, End.CALL_BACK)
        self._free(operator)

    def _in_vain(self, caller: Caller, operator: Operator) -> None:
        self._gone(caller)
        caller.attempts += 1
        now, rules, reached = self._clock.now, self._city.call_backs, self._world.call_back
        again = next_try(
            attempts=caller.attempts, most=rules.attempts, every_s=60 * rules.every_minutes, now=now
        )
        returns = caller.person.turns.random() < reached.returns
        pause = caller.person.turns.expovariate(1 / reached.pause_mean_s)
        if returns:
            self._clock.at(now + pause, self._ring, caller)
        if again is not None:
            self._plan_try(caller, again)
        elif not returns:
            self._end(caller, End.LOST_UNREACHABLE)
        self._free(operator)
