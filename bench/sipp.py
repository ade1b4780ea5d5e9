"""Many callers at once: SIPp plays what ``timeline`` worked out, with sound, and its log says
what became of each call."""

import resource
import subprocess
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from math import pi, sin
from pathlib import Path
from xml.sax.saxutils import quoteattr

from bench.errors import CannotMeasure
from bench.phone import g711
from bench.timeline import Timeline

RATE = 8000
TONE_HZ, LOUDNESS = 440, 6000
ANSWER_WITHIN_MS, GOODBYE_WITHIN_MS = 20_000, 60_000
TAIL_S = 45.0
"""Silence that is sent on while the farewell is heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialled:
    """One call as its caller saw it; times in seconds since the epoch. ``refused``: the line
    answered 503. ``ended_at``: when the line hung up; None if it did not."""

    number: str
    dialled_at: float
    refused: bool = False
    answered_at: float | None = None
    ended_at: float | None = None

    @property
    def seconds(self) -> float | None:
        """From the answer to the line's goodbye."""
        if self.answered_at is None or self.ended_at is None:
            return None
        return self.ended_at - self.answered_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """``count`` callers, ``rate`` new ones a second; numbers from ``first`` on."""

    target: int
    dialled: str
    rate: float
    count: int
    first: int
    ports: int


def write_scenario(timeline: Timeline, folder: Path) -> Path:
    """The scenario and the sound that its callers send. Returns the scenario's file."""
    folder.mkdir(parents=True, exist_ok=True)
    sound = folder / "said.ulaw"
    sound.write_bytes(_sound(timeline))
    scenario = folder / "caller.xml"
    scenario.write_text(_scenario(timeline, sound))
    return scenario


def write_silence(file: Path, *, seconds: float) -> Path:
    """What somebody sends who only listens."""
    file.write_bytes(g711.Codec.PCMU.silence * int(RATE * seconds))
    return file


def number_of(index: int) -> str:
    """A caller's number; each index has its own."""
    return f"09{index:08d}"


class Callers:
    """A SIPp that runs. ``cpu_s``: what it has spent, once it was waited for."""

    def __init__(self, scenario: Path, load: Load) -> None:
        folder = scenario.parent / f"{load.first}"
        folder.mkdir(exist_ok=True)
        self._log = folder / "calls.log"
        numbers = folder / "numbers.csv"
        lines = (number_of(load.first + index) for index in range(load.count))
        numbers.write_text("\n".join(["SEQUENTIAL", *lines]) + "\n")
        command = [
            *("sipp", f"127.0.0.1:{load.target}", "-sf", str(scenario), "-inf", str(numbers)),
            *("-s", load.dialled, "-i", "127.0.0.1", "-p", str(load.ports), "-t", "u1"),
            *("-mi", "127.0.0.1", "-mp", str(load.ports + 100)),
            *("-rtp_threadtasks", "200", "-buff_size", "4194304", "-nostdin"),
            *("-r", str(load.rate), "-rp", "1000", "-m", str(load.count)),
            *("-l", str(load.count), "-trace_logs", "-log_file", str(self._log)),
        ]
        self.cpu_s = 0.0
        self._output = (folder / "sipp.out").open("wb")
        self._process = subprocess.Popen(
            command, cwd=folder, stdout=self._output, stderr=subprocess.STDOUT
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait(self, *, within_s: float) -> list[Dialled]:
        """Until each call has come to its end. Raises CannotMeasure."""
        before = _cpu_of_the_ended()
        try:
            self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            self.stop()
        self.cpu_s = _cpu_of_the_ended() - before
        return self.seen()

    def seen(self) -> list[Dialled]:
        if not self._log.exists():
            raise CannotMeasure(f"sipp did not run: {self._tail()}")
        return list(_read(self._log))

    def running(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        if self.running():
            self._process.kill()
            self._process.wait()
        self._output.close()

    def _tail(self) -> str:
        output = Path(self._output.name).read_text(errors="replace")
        return output[-500:]


def _cpu_of_the_ended() -> float:
    """Seconds of every child of this process that was waited for."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _read(log: Path) -> Iterator[Dialled]:
    """Lines ``<what> <number> <date> <time> <epoch seconds>``."""
    moments: dict[str, dict[str, float]] = {}
    for line in log.read_text(errors="replace").splitlines():
        parts = line.split()
        if len(parts) >= 3 and parts[0] in {"dialled", "refused", "answered", "ended"}:
            moments.setdefault(parts[1], {})[parts[0]] = float(parts[-1])
    for number, seen in moments.items():
        if "dialled" in seen:
            yield Dialled(
                number=number,
                dialled_at=seen["dialled"],
                refused="refused" in seen,
                answered_at=seen.get("answered"),
                ended_at=seen.get("ended"),
            )


def _sound(timeline: Timeline) -> bytes:
    samples = array("h", bytes(2 * int(RATE * (timeline.ends_s + TAIL_S))))
    for begins, seconds in timeline.talks:
        first = int(begins * RATE)
        for index in range(int(seconds * RATE)):
            samples[first + index] = int(LOUDNESS * sin(2 * pi * TONE_HZ * index / RATE))
    return g711.encode(samples, g711.Codec.PCMU)


# --- SIPp's scenario ----------------------------------------------------------------

_HEAD = """\
From: <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]b[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>{to_tag}
Call-ID: [call_id]
CSeq: [cseq] {method}
Contact: <sip:[field0]@[local_ip]:[local_port]>
Max-Forwards: 70
"""
_VIA = "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n"
_OK = """\
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0
"""
_SDP = """\
v=0
o=bench 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 0
a=rtpmap:0 PCMU/8000
a=ptime:20
"""


def _scenario(timeline: Timeline, sound: Path) -> str:
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="caller">',
        _log("dialled"),
        _send(_request("INVITE", "", body=_SDP, kind="application/sdp"), retrans=True),
        '<recv response="100" optional="true"/>',
        '<recv response="180" optional="true"/>',
        '<recv response="183" optional="true"/>',
        '<recv response="503" optional="true" next="1"/>',
        f'<recv response="200" rrs="true" timeout="{ANSWER_WITHIN_MS}"/>',
        _log("answered"),
        _send(_request("ACK", "[peer_tag_param]")),
        f"<nop><action><exec rtp_stream={quoteattr(f'{sound},1,0,PCMU/8000')}/></action></nop>",
        *_acts(timeline),
        f'<recv request="BYE" timeout="{GOODBYE_WITHIN_MS}"/>',
        _send(_OK),
        _log("ended", next_label="2"),
        '<label id="1"/>',
        _send(_request("ACK", "[peer_tag_param]")),
        _log("refused"),
        '<label id="2"/>',
        "</scenario>",
    ]
    return "\n".join(parts)


def _acts(timeline: Timeline) -> Iterator[str]:
    now_ms = 0
    for at, key in sorted(timeline.keys):
        at_ms = round(1000 * at)
        yield f'<pause milliseconds="{max(0, at_ms - now_ms)}"/>'
        now_ms = max(at_ms, now_ms)
        body = f"Signal={key}\nDuration=100\n"
        yield _send(
            _request("INFO", "[peer_tag_param]", body=body, kind="application/dtmf-relay"),
            retrans=True,
        )
        yield '<recv response="200"/>'


def _request(method: str, to_tag: str, *, body: str = "", kind: str = "") -> str:
    target = "sip:[service]@[remote_ip]:[remote_port]"
    first = f"{method} {target} SIP/2.0\n{_VIA}"
    routes = "" if method == "INVITE" else "[routes]\n"
    head = _HEAD.format(method=method, to_tag=to_tag)
    tail = f"Content-Type: {kind}\n" if kind else ""
    return f"{first}{routes}{head}{tail}Content-Length: [len]\n\n{body}"


def _send(message: str, *, retrans: bool = False) -> str:
    waits = ' retrans="500"' if retrans else ""
    return f"<send{waits}><![CDATA[\n{message}\n]]></send>"


def _log(what: str, *, next_label: str = "") -> str:
    follows = f' next="{next_label}"' if next_label else ""
    return f'<nop{follows}><action><log message="{what} [field0] [timestamp]"/></action></nop>'
