"""The parts behind the one address, and what browsers are told of where their sound goes."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import asterisk_sections, parts, probes, settings
from launcher.parts import Workshop
from launcher.settings import Settings
from launcher.state import CHECKOUT, State


def shop(where: Path, **values: str) -> Workshop:
    return Workshop(checked(**values), State(where), {}, "code")


def checked(**values: str) -> Settings:
    return settings.check({"HOTLINE_PORT_BASE": "12620", **values}, checkout=CHECKOUT)


def option(command: list[str], name: str) -> str:
    return command[command.index(name) + 1]


def test_only_the_web_part_is_open_to_others(tmp_path: Path) -> None:
    opened = {"HOTLINE_BIND": "203.0.113.10", "HOTLINE_PUBLIC_URL": "https://1022.example.org"}
    web = parts.web(shop(tmp_path, **opened)).command
    live = parts.live(shop(tmp_path, **opened)).command
    assert (option(web, "--host"), option(web, "--port")) == ("203.0.113.10", "12620")
    assert (option(live, "--host"), option(live, "--port")) == ("127.0.0.1", "12621")


def test_streams_go_on_without_the_telephone() -> None:
    assert "live" in probes.expected(checked(HOTLINE_PHONE="0"))
    assert "switchboard" not in probes.expected(checked(HOTLINE_PHONE="0"))


def test_a_process_may_hold_as_many_streams_as_the_machine_allows() -> None:
    program = (
        "import json, resource; from launcher import processes;"
        "resource.setrlimit(resource.RLIMIT_NOFILE,"
        " (256, resource.getrlimit(resource.RLIMIT_NOFILE)[1]));"
        "processes.open_many_files();"
        "print(json.dumps(resource.getrlimit(resource.RLIMIT_NOFILE)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, check=True
    )
    soft, hard = json.loads(told.stdout)
    assert soft == (65_536 if hard == resource.RLIM_INFINITY else min(65_536, hard))


@pytest.mark.parametrize(
    ("bind", "external", "lines"),
    [
        ("127.0.0.1", "", ["198.51.100.7 => 127.0.0.1"]),
        ("198.51.100.7", "203.0.113.10", ["198.51.100.7 => 203.0.113.10,include_local_address"]),
        ("198.51.100.7", "", []),
    ],
)
def test_browsers_are_offered_an_address_that_they_can_reach(
    monkeypatch: pytest.MonkeyPatch, bind: str, external: str, lines: list[str]
) -> None:
    monkeypatch.setattr(asterisk_sections, "_own_addresses", lambda: ["198.51.100.7"])
    told = asterisk_sections.candidates(sip_bind=bind, external=external)
    assert told.splitlines() == lines
