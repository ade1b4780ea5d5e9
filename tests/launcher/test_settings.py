"""Settings are read loudly, and the list in the code is the list in the document."""

import re
from pathlib import Path

import pytest

from hotline.config.env import read
from launcher import environment, settings
from launcher.errors import NotPossibleError
from launcher.settings import DEFAULTS, MADE, Settings
from launcher.state import CHECKOUT, State, ensure_secrets

NO_FILE = Path("/nonexistent/settings.env")


def checked(**values: str) -> Settings:
    return settings.check(values, checkout=CHECKOUT)


def test_an_unknown_name_is_refused_and_the_nearest_is_named() -> None:
    with pytest.raises(
        NotPossibleError, match=r"HOTLINE_PORTBASE.*did you mean HOTLINE_PORT_BASE\?"
    ):
        settings.given({"HOTLINE_PORTBASE": "1"}, NO_FILE)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("HOTLINE_MAX_CALL=3", "line 1.*did you mean HOTLINE_MAX_CALLS"),
        ("# a remark\n\nHOTLINE_MAX_CALLS 3", "line 3.*not KEY=VALUE"),
        ("HOTLINE_PHONE=1\nHOTLINE_PHONE=0", "line 2.*set twice"),
        ("HOTLINE_ARI_PASSWORD=x", "cannot be set here"),
        ("HOTLINE_STATE=/elsewhere", "cannot be set here"),
    ],
)
def test_a_wrong_line_of_the_file_is_named(tmp_path: Path, content: str, complaint: str) -> None:
    file = tmp_path / "settings.env"
    file.write_text(content)
    with pytest.raises(NotPossibleError, match=complaint):
        settings.given({}, file)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.env"
    file.write_text("# lasting\nHOTLINE_MAX_CALLS=20\nHOTLINE_PHONE = 0\n")
    values = settings.given({"HOTLINE_MAX_CALLS": "30", "PATH": "/bin"}, file)
    assert values == {"HOTLINE_MAX_CALLS": "30", "HOTLINE_PHONE": "0"}


def test_what_the_launcher_makes_does_not_come_back_as_a_setting() -> None:
    assert settings.given({"HOTLINE_ARI_PASSWORD": "from a parent process"}, NO_FILE) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOTLINE_PORT_BASE", "80"),
        ("HOTLINE_PORT_BASE", "65000"),
        ("HOTLINE_PORT_BASE", "ten"),
        ("HOTLINE_MAX_CALLS", "0"),
        ("HOTLINE_PHONE", "yes"),
        ("HOTLINE_BIND", "localhost"),
        ("HOTLINE_SIP_ALLOW", "203.0.113.0/24 carrier.example"),
        ("HOTLINE_SIP_EXTERNAL_ADDRESS", "1022.example"),
        ("HOTLINE_DIALLED", "1022,1,Goto(x)"),
        ("HOTLINE_DIALLED", " "),
        ("HOTLINE_PUBLIC_URL", "1022.example.org"),
        ("HOTLINE_PUBLIC_URL", "https://example.org/1022"),
        ("HOTLINE_TLS_CERT", "/nonexistent.pem"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(NotPossibleError, match=name):
        checked(**{name: value})


def test_defaults_are_a_demonstration_on_loopback() -> None:
    usual = checked()
    assert usual.bind == usual.sip_bind == "127.0.0.1"
    assert usual.demo
    assert usual.public_url == "http://127.0.0.1:10220"


def test_opened_to_others_there_are_no_demo_accounts_unless_asked_for() -> None:
    with pytest.raises(NotPossibleError, match="HOTLINE_PUBLIC_URL"):
        checked(HOTLINE_BIND="203.0.113.9")
    opened = {"HOTLINE_BIND": "203.0.113.9", "HOTLINE_PUBLIC_URL": "https://1022.example.org/"}
    assert not checked(**opened).demo
    assert checked(**opened).public_url == "https://1022.example.org"
    assert checked(**opened, HOTLINE_DEMO="1").demo


def test_https_needs_both_files(tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    certificate.touch()
    with pytest.raises(NotPossibleError, match="HOTLINE_TLS_KEY"):
        checked(HOTLINE_TLS_CERT=str(certificate))
    key.touch()
    both = checked(HOTLINE_TLS_CERT=str(certificate), HOTLINE_TLS_KEY=str(key))
    assert both.web_url.startswith("https://")
    assert both.public_url.startswith("https://")


def test_the_document_lists_every_setting_and_no_other() -> None:
    text = (CHECKOUT / "docs" / "operations.md").read_text("utf8")
    rows = re.findall(r"^\| `([A-Z_]+)` \|[^|]*\|", text, re.MULTILINE)
    assert sorted(rows) == sorted(DEFAULTS)


def test_the_document_tells_the_defaults() -> None:
    text = (CHECKOUT / "docs" / "operations.md").read_text("utf8")
    told = dict(re.findall(r"^\| `([A-Z_]+)` \| `([^`]*)` \|", text, re.MULTILINE))
    assert told == {name: value for name, value in DEFAULTS.items() if value}


def test_every_name_that_the_code_reads_is_known() -> None:
    read = {
        name
        for file in (*_python("hotline"), *_python("bench"), CHECKOUT / "tests" / "settings.py")
        for name in re.findall(r"\bHOTLINE_[A-Z_]+[A-Z]\b", file.read_text("utf8"))
    }
    assert read - {*DEFAULTS, *MADE} == set()


def _python(folder: str) -> list[Path]:
    return list((CHECKOUT / folder).rglob("*.py"))


def test_the_processes_get_what_they_read(tmp_path: Path) -> None:
    own = State(tmp_path)
    own.create()
    made = environment.made(checked(HOTLINE_PHONE="0"), own, ensure_secrets(own))
    env = read(made)
    assert env.port_base == 10220
    assert env.database["PORT"] == 10222
    assert env.city == settings.DEFAULT_CITY
    assert not env.phone
    assert env.media == tmp_path / "media"
    assert len(env.secrets.master) == len(env.secrets.index) == 32
