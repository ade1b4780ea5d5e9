"""Operators with SIP phones, hundreds of them: signed on through the real use case, their phones
played by one SIPp that answers after a second, talks for ten and hangs up."""

import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench import cpu
from bench.errors import CannotMeasure
from bench.scratch import Scratch
from bench.sipp import write_silence
from launcher.progress import say

ANSWERS_S, TALKS_S = 1.0, 10.0
BRANCH = "2"
_SCENARIOS = Path(__file__).parent / "scenarios"
_REGISTERED_WITHIN_S = 60.0
_ASKED_EVERY_S = 32.0
"""Asterisk asks a registered phone every 30 s whether it is there, and rings it from then on."""
LASTS_S = 300.0
"""A registration is renewed after so long; Asterisk grants 600 s."""


@dataclass(frozen=True, slots=True)
class Account:
    """A phone's endpoint."""

    extension: str
    password: str


@dataclass(frozen=True, slots=True)
class Rang:
    """One ringing of an operator's phone; seconds since the epoch."""

    extension: str
    rang_at: float
    answered_at: float | None
    ended_at: float | None


def sign_on_many(count: int) -> list[Account]:
    """Runs with Django on the scratch database. Everybody is ready."""
    from hotline.domain.accounts.models import User
    from hotline.domain.workforce.models import OperatorKind, PhoneKind, Presence
    from hotline.domain.workforce.phones import phone_password
    from hotline.domain.workforce.services import ensure_operator
    from hotline.usecases.go_ready import go_ready
    from hotline.usecases.sign_on import sign_on

    accounts, now = [], datetime.now(UTC)
    for index in range(count):
        user = User.objects.create(username=f"bench-{index}", role="operator")
        operator = ensure_operator(
            user=user,
            kind=OperatorKind.OPERATOR,
            extension=f"op{1000 + index}",
            skills={BRANCH: 1},
            now=now,
        )
        sign_on(user=user, branches=[BRANCH], phone=PhoneKind.SIP, now=now)
        accounts.append(Account(operator.extension, phone_password(operator)))
    _nobody_leaves(Presence)
    for user in User.objects.filter(username__startswith="bench-"):
        go_ready(user=user, now=datetime.now(UTC))
    _nobody_leaves(Presence)
    return accounts


def _nobody_leaves(presence: type) -> None:
    """No desk is open that would say that they are there: they are, for as long as it takes."""
    later = datetime.now(UTC).replace(year=datetime.now(UTC).year + 1)
    presence.objects.update(seen_at=later)  # type: ignore[attr-defined]


class Phones:
    """The phones of all operators, at one port, until ``stop``."""

    def __init__(self, folder: Path, *, port: int, ends_s: float = TALKS_S) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        silence = write_silence(folder / "silence.ulaw", seconds=ends_s)
        scenario = folder / "operator.xml"
        scenario.write_text(_operator(silence, ends_s))
        self._log = folder / "operators.log"
        self._output = (folder / "operators.out").open("wb")
        self._process = subprocess.Popen(
            [
                *("sipp", "-sf", str(scenario), "-i", "127.0.0.1", "-p", str(port), "-t", "u1"),
                *("-mi", "127.0.0.1", "-mp", str(port + 10), "-aa", "-nostdin"),
                *("-rtp_threadtasks", "200", "-buff_size", "4194304"),
                *("-trace_logs", "-log_file", str(self._log), "-l", "3000"),
            ],
            cwd=folder,
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )

    def rung(self) -> list[Rang]:
        """Everything so far, in the order of ringing."""
        return read_rings(self._log.read_text(errors="replace")) if self._log.exists() else []

    def cpu_s(self) -> float:
        """What SIPp itself has spent since it began."""
        return cpu.usage({"phones": self._process.pid})["phones"].cpu_s

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._output.close()


def read_rings(log: str) -> list[Rang]:
    """Of lines ``<what> <call> [<extension>] <date> <time> <epoch seconds>``; only where it rang
    the extension stands."""
    seen: dict[str, dict[str, float]] = {}
    names: dict[str, str] = {}
    for line in log.splitlines():
        parts = line.split()
        if len(parts) >= 3 and parts[0] in {"rang", "answered", "ended"}:
            seen.setdefault(parts[1], {})[parts[0]] = float(parts[-1])
            if parts[0] == "rang":
                names[parts[1]] = parts[2]
    return [
        Rang(names[call], at["rang"], at.get("answered"), at.get("ended"))
        for call, at in seen.items()
        if "rang" in at
    ]


class Staff:
    """Operators of a scratch hotline: signed on, ready, their phones registered and answered."""

    def __init__(self, scratch: Scratch, count: int, *, port: int) -> None:
        self._scratch = scratch
        self._port = port
        self.accounts = scratch.ask(partial(sign_on_many, count))
        self._folder = scratch.folder / "registering"
        self._folder.mkdir(exist_ok=True)
        lines = (
            f"{one.extension};[authentication username={one.extension} password={one.password}]"
            for one in self.accounts
        )
        (self._folder / "accounts.csv").write_text("\n".join(["SEQUENTIAL", *lines]) + "\n")
        self._phones: Phones | None = None
        self._registered_at = -LASTS_S

    def be_there(self) -> Phones:
        """Their phones, registered where it is time for it. A phone registers from the port at
        which it answers, so that the others fall silent meanwhile."""
        if self._phones is not None and time.monotonic() - self._registered_at < LASTS_S:
            return self._phones
        self.stop()
        deadline = time.monotonic() + _REGISTERED_WITHIN_S
        while why := _register(self._scratch, self._folder, len(self.accounts), self._port):
            if time.monotonic() > deadline:
                raise CannotMeasure(f"the operators' phones could not register: {why}")
            time.sleep(1.0)
        self._registered_at = time.monotonic()
        self._phones = Phones(self._scratch.folder / "phones", port=self._port)
        time.sleep(_ASKED_EVERY_S)
        say(f"{len(self.accounts)} operators are ready")
        return self._phones

    def stop(self) -> None:
        if self._phones is not None:
            self._phones.stop()


def _register(scratch: Scratch, folder: Path, count: int, port: int) -> str:
    """Empty if all are registered, else what SIPp says."""
    done = subprocess.run(
        [
            *("sipp", f"127.0.0.1:{scratch.sip_port}", "-sf", str(_SCENARIOS / "register.xml")),
            *("-inf", str(folder / "accounts.csv"), "-i", "127.0.0.1", "-nostdin"),
            *("-aa", "-p", str(port), "-m", str(count), "-r", "100", "-t", "u1"),
        ],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_REGISTERED_WITHIN_S,
    )
    return done.stdout[-2000:] if done.returncode else ""


def _operator(silence: Path, ends_s: float) -> str:
    """SIPp's scenario of an operator's phone."""
    return (
        (_SCENARIOS / "operator.xml")
        .read_text()
        .replace("@SILENCE@", str(silence))
        .replace("@ANSWERS_MS@", str(round(1000 * ANSWERS_S)))
        .replace("@TALKS_MS@", str(round(1000 * ends_s)))
    )
