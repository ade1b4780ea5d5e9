"""What a person reads on a machine that lacks something."""

import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from launcher import apt, asterisk_prefix, cli, ports, settings
from launcher.errors import NotPossibleError
from launcher.state import CHECKOUT


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "hotline1022"


def test_without_root_one_sentence_names_the_way_without_the_phone(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(
        shutil, "which", lambda name, **_: "/usr/bin/apt-get" if name == "apt-get" else None
    )
    with pytest.raises(
        NotPossibleError, match=r"mmdebstrap needs root or sudo.*--no-phone"
    ) as told:
        asterisk_prefix.ensure()
    assert told.value.exit_code == 2


def test_without_apt_the_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(NotPossibleError, match="espeak-ng, sip-tester must be installed by hand"):
        apt.ensure(["espeak-ng", "sipp"], without="or not")


def test_a_half_built_or_too_old_asterisk_is_not_taken(cache: Path) -> None:
    for name in ("asterisk-building", "asterisk-22.9.0", "asterisk-22.10.2", "asterisk-22.10.1"):
        (cache / name / "usr/sbin").mkdir(parents=True)
    for name in ("asterisk-building", "asterisk-22.9.0"):
        (cache / name / "usr/sbin/asterisk").touch()
    assert asterisk_prefix.find() is None
    (cache / "asterisk-22.10.1/usr/sbin/asterisk").touch()
    found = asterisk_prefix.find()
    assert found
    assert found.version == "22.10.1"


def test_a_wrong_setting_ends_with_2_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOTLINE_STATE", str(tmp_path / "run"))
    monkeypatch.setenv("HOTLINE_PORTBASE", "1")
    assert cli.main(["up", "--detach", "--no-phone"]) == 2
    assert "HOTLINE_PORT_BASE" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_status_of_nothing_is_one_line_of_json_and_1(tmp_path: Path) -> None:
    done = subprocess.run(
        [CHECKOUT / "1022", "status", "--json"],
        env={"PATH": os.environ["PATH"], "HOTLINE_STATE": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stdout.startswith('{"ok": false, "parts": {"supervisor": {"up": false')
    assert done.stdout.count("\n") == 1


def test_a_taken_port_is_named_unless_it_is_our_own() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        values = {"HOTLINE_PORT_BASE": str(port - 4)}
        moved = settings.check(values, checkout=CHECKOUT)
        with pytest.raises(NotPossibleError, match=rf"Port {port} \(asterisk\).*PORT_BASE"):
            ports.need_free(moved, running={"web", "live", "postgres"})
        ports.need_free(moved, running={"web", "live", "postgres", "asterisk"})
        quiet = settings.check(values | {"HOTLINE_PHONE": "0"}, checkout=CHECKOUT)
        ports.need_free(quiet, running={"web", "live", "postgres"})


def test_the_help_lists_the_commands_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    told = capsys.readouterr().out
    for command in ("up", "status", "down", "test", "call", "bench", "manage"):
        assert f"\n  {command} " in told


def test_a_library_counts_as_missing_until_it_can_be_loaded() -> None:
    assert apt.missing(["libc.so.6"]) == []
    assert apt.missing(["libnobodyhasthis.so.9"]) == ["libnobodyhasthis.so.9"]
