"""A hotline of its own for the telephone's tests: real PostgreSQL, real Asterisk, a real
switchboard and worker as processes, a voice of tones."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from launcher import asterisk, postgres
from tests.settings import RUN

CHECKOUT = Path(__file__).parents[2]
CITY = "hcmc-2021"
SPEECH_MOST_S = 60
LIMITS: Mapping[str, str] = {
    "first_key_s": "2.5",
    "next_key_s": "1.5",
    "speech_max_s": str(SPEECH_MOST_S),
    "speech_silence_s": "2",
}
"""Less patience than the city has, so that a test of silence is short."""
ROLE, PASSWORD = "hotline", "rig"


class Rig:
    """What ``kill`` killed comes back by ``start``; what ends by itself is started again, as
    the supervisor does."""

    def __init__(self, folder: Path, *, city: str = CITY) -> None:
        self.folder = folder
        self.city = city
        self.base = free_base()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._over = threading.Event()
        self._started: dict[str, float] = {}
        self._log = (folder / "rig.log").open("ab")
        self.prompts = folder / "prompts"

    # --- the whole ----------------------------------------------------------------

    def build(self) -> None:
        self.start_postgres(first=True)
        self._change_city()
        self.start_asterisk()
        self.manage("migrate", "-v0")
        self.manage("load_city", self.city)
        self.start("worker")
        self.start("switchboard")
        threading.Thread(target=self._supervise, daemon=True).start()
        self.wait_for("worker")
        self.wait_for("switchboard")

    def tear_down(self) -> None:
        self._over.set()
        for name in list(self._processes):
            self.kill(name)
        asterisk.halt(self.folder)
        postgres.discard(self.folder / "postgres")
        self._log.close()

    # --- processes ----------------------------------------------------------------

    def start(self, name: str) -> None:
        command = {"worker": "run_worker"}.get(name, name)
        self._started[name] = time.monotonic()
        self._processes[name] = subprocess.Popen(
            [sys.executable, "-m", "hotline.manage", command],
            env=self.environment,
            cwd=CHECKOUT,
            stdout=self._log,
            stderr=self._log,
        )

    def _supervise(self) -> None:
        while not self._over.wait(0.3):
            for name, process in list(self._processes.items()):
                if process.poll() is not None and self._processes.get(name) is process:
                    self.start(name)

    def wait_for(self, name: str, *, within_s: float = 30) -> None:
        """Until the process that was started last gives a sign of life."""
        query = "SELECT 1 FROM nodes_heartbeat WHERE process = %s AND up AND at > now() - %s"

        def lives() -> bool:
            with psycopg.connect(self.database_url) as connection:
                age = timedelta(seconds=time.monotonic() - self._started[name])
                return connection.execute(query, (name, age)).fetchone() is not None

        until(lives, within_s=within_s)

    def kill(self, name: str) -> None:
        """-9, as the kernel does when memory is short."""
        process = self._processes.pop(name)
        process.kill()
        process.wait()

    def stop(self, name: str) -> None:
        """It stands still in the middle of whatever it does, until ``go_on``."""
        os.kill(self._pid(name), signal.SIGSTOP)

    def go_on(self, name: str) -> None:
        os.kill(self._pid(name), signal.SIGCONT)

    def _pid(self, name: str) -> int:
        return self.asterisk.pid if name == "asterisk" else self._processes[name].pid

    def start_postgres(self, *, first: bool = False) -> None:
        url = postgres.start_private(self.folder / "postgres", self.base + 2)
        with psycopg.connect(url, autocommit=True) as connection:
            if first:
                connection.execute("CREATE DATABASE rig")
            # a start gives the role another password; processes that survived keep the first
            connection.execute(
                sql.SQL("ALTER ROLE CURRENT_USER PASSWORD {}").format(sql.Literal(PASSWORD))
            )

    def kill_postgres(self) -> None:
        """-9 to the postmaster; its children end by themselves."""
        found = [*self.folder.rglob("postmaster.pid")]
        for home in postgres.home_of(self.folder / "postgres"):
            found += home.rglob("postmaster.pid") if home.exists() else []
        os.kill(int(found[0].read_text().splitlines()[0]), signal.SIGKILL)
        until(lambda: not self._answers(self.base + 2), within_s=10)

    def start_asterisk(self) -> None:
        self.asterisk = asterisk.start_private(
            self.folder, self.base, prompts=self.prompts, ari_password="rig", max_calls=80
        )

    def kill_asterisk(self) -> None:
        os.kill(self.asterisk.pid, signal.SIGKILL)

    # --- environment -----------------------------------------------------------------

    @property
    def database_url(self) -> str:
        return f"postgresql://{ROLE}:{PASSWORD}@127.0.0.1:{self.base + 2}/rig"

    @property
    def recordings(self) -> Path:
        return Path(self.asterisk.recordings)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(CHECKOUT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "DJANGO_SETTINGS_MODULE": "hotline.config.settings",
            "HOTLINE_STATE": str(self.folder),
            "HOTLINE_SECRETS": str(RUN / "secrets.json"),
            "HOTLINE_CITY": self.city,
            "HOTLINE_CITIES_DIR": str(self.folder / "cities"),
            "HOTLINE_PORT_BASE": str(self.base),
            "HOTLINE_DEMO": "1",
            "HOTLINE_TEXT_TO_SPEECH": "tests.phone.voice.BriefVoice",
            "HOTLINE_PROMPTS_DIR": str(self.prompts),
            "HOTLINE_RECORDINGS_DIR": str(self.recordings),
            "HOTLINE_MISSED_DIR": self.asterisk.missed,
            "HOTLINE_ARI_PASSWORD": self.asterisk.ari_password,
            "DATABASE_URL": self.database_url,
        }

    def django_database(self) -> dict[str, str | int]:
        """What makes the test's own Django read the rig's database."""
        parts = urlsplit(self.database_url)
        return {
            "NAME": "rig",
            "USER": ROLE,
            "PASSWORD": PASSWORD,
            "HOST": parts.hostname or "",
            "PORT": parts.port or 0,
        }

    def manage(self, *arguments: str) -> str:
        return self.run("hotline.manage", *arguments)

    def run(self, module: str, *arguments: str, within_s: float = 180) -> str:
        """What it prints. Fails with what it complains of."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            env=self.environment,
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=within_s,
        )
        assert done.returncode == 0, (
            f"{module} {arguments}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
        return done.stdout

    def _change_city(self) -> None:
        """Less patience, and people may be rung back at any hour of the test."""
        shutil.copytree(CHECKOUT / "cities" / self.city, self.folder / "cities" / self.city)
        file = self.folder / "cities" / self.city / "city.yaml"
        text = file.read_text()
        changes = {rf"^\s+{key}:": value for key, value in LIMITS.items()}
        changes[r"^call_backs:(?:\n .*)*?\n +hours:"] = '["00:00-23:59"]'
        for place, value in changes.items():
            text, count = re.subn(rf"(?m)({place}).*$", rf"\1 {value}", text)
            assert count == 1, f"{place} stands {count} times in the city's file"
        file.write_text(text)

    @staticmethod
    def _answers(port: int) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0


def free_base() -> int:
    """A port base of which the ports in use are free."""
    for base in range(21000, 29000, 50):
        if all(_is_free(base + offset) for offset in (0, 1, 2, 3, 4, 200, 201)):
            return base
    raise AssertionError("no free ports")


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(type=kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


def until(condition: Callable[[], bool], *, within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {within_s} s"
        time.sleep(0.05)
