"""A hotline of its own for a benchmark: real processes under the real supervisor, on ports and
in a folder that nobody else uses, gone afterwards."""

import os
import random
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import psycopg

from bench import cpu
from bench.errors import CannotMeasure
from launcher import apt, environment, settings, state
from launcher.asterisk_config import Node
from launcher.down import down, erase
from launcher.plan import read_children
from launcher.progress import say, step
from launcher.state import CHECKOUT, State
from launcher.up import up

CITIES = Path(__file__).parent / "cities"
PORTS = range(16000, 20000, 100)
SIPP = ("sipp",)
T = TypeVar("T")


class Scratch:
    """Runs inside ``with``. ``values`` are settings of ``./1022 up`` by name."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hotline-bench-"))
        self.base = free_base()
        self._state = State(self.folder / "state")
        self._values = {
            "HOTLINE_STATE": str(self._state.folder),
            "HOTLINE_PORT_BASE": str(self.base),
            "HOTLINE_DEMO": "0",
            **values,
        }

    def __enter__(self) -> Self:
        say(f"A scratch hotline on ports {self.base}…, in {self.folder}")
        try:
            apt.ensure(SIPP, without="or measure on a machine that has sipp")
            self.start()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._remove()

    def start(self, **changed: str) -> None:
        """Start, or go on with changed settings; returns when every part is ready."""
        self._values |= changed
        checked = settings.check(self._values, checkout=CHECKOUT)
        up(self._state, checked, self._values)
        self._made = environment.made(checked, self._state, state.read_secrets(self._state))

    @property
    def environment(self) -> Mapping[str, str]:
        """What its processes read, e.g. DATABASE_URL."""
        return self._made

    @property
    def sip_port(self) -> int:
        return self.base + 4

    @property
    def log(self) -> Path:
        return self._state.log

    @property
    def media(self) -> Path:
        """The media store."""
        return self._state.media

    @property
    def node(self) -> Node:
        """Where its Asterisk stands, e.g. for another one of the same build and prompts."""
        return Node(
            folder=self._state.asterisk,
            prompts=self._state.prompts,
            port_base=self.base,
            ari_password="",
        )

    def ask(self, question: Callable[[], T]) -> T:
        """What a function of a module answers when Django works on the scratch database: in a
        process of its own, since Django is set up once a process."""
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            return pool.submit(_ask, dict(self._made), question).result()

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self._made["DATABASE_URL"], autocommit=True) as connection:
            yield connection

    def pids(self) -> dict[str, int]:
        """Its parts by name."""
        children = read_children(self._state.supervisor)
        return {name: child.pid for name, child in children.items()}

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Its parts stand still: what is measured beside it has the machine for itself."""
        pids = [pid for root in self.pids().values() for pid in cpu.tree(root)]
        _signal(pids, signal.SIGSTOP)
        try:
            yield
        finally:
            _signal(pids, signal.SIGCONT)

    def usage(self) -> dict[str, cpu.Usage]:
        return cpu.usage(self.pids())

    def _remove(self) -> None:
        with step("stopping and removing the scratch hotline"):
            down(self._state)
            erase(self._state)
            shutil.rmtree(self.folder, ignore_errors=True)


def _signal(pids: Sequence[int], what: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, what)


def _ask(made: Mapping[str, str], question: Callable[[], T]) -> T:
    import django

    os.environ.update(made)
    django.setup()
    try:
        return question()
    except Exception as error:  # not every exception can be handed from process to process
        raise CannotMeasure(f"{type(error).__name__}: {error}") from None


def cpu_ms_per_item(
    before: Mapping[str, cpu.Usage], after: Mapping[str, cpu.Usage], items: int
) -> dict[str, float]:
    """CPU milliseconds of each part for one item."""
    return {
        name: round(1000 * (after[name].cpu_s - before[name].cpu_s) / max(1, items), 2)
        for name in after
        if name in before
    }


def free_base() -> int:
    """A port base whose ports are free; another one each time, for another bench may be
    about to take its own."""
    for base in random.sample(PORTS, len(PORTS)):
        if all(_is_free(base + offset) for offset in (0, 1, 2, 3, 4, 200, 201, 3100, 3200)):
            return base
    raise CannotMeasure("no free ports")


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(type=kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True
