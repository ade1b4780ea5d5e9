"""The state folder: secrets once and for all, logs that stay small, erasing only what is ours."""

import base64
import json
from pathlib import Path

import pytest

from launcher import logs, state
from launcher.down import erase
from launcher.errors import LauncherError, NotPossibleError
from launcher.probes import Health
from launcher.settings import check
from launcher.state import State
from launcher.status import status


@pytest.fixture
def own(tmp_path: Path) -> State:
    own = State(tmp_path / "run")
    own.create()
    return own


def test_secrets_are_made_once_and_closed_to_others(own: State) -> None:
    made = state.ensure_secrets(own)
    assert len(base64.b64decode(made["master_key"])) == 32
    assert made["master_key"] != made["index_key"]
    assert own.secrets_file.stat().st_mode & 0o777 == 0o600
    assert own.media.stat().st_mode & 0o777 == 0o700
    assert state.ensure_secrets(own) == made


def test_a_secret_that_a_new_version_needs_is_added_to_the_old_ones(own: State) -> None:
    state.write_private(own.secrets_file, '{"master_key": "kept"}')
    made = state.ensure_secrets(own)
    assert made["master_key"] == "kept"
    assert made["ari_password"]


def test_damaged_secrets_stop_everything_and_are_not_replaced(own: State) -> None:
    own.secrets_file.write_text('{"master_key": ')
    with pytest.raises(NotPossibleError, match="Put it back from a copy"):
        state.ensure_secrets(own)
    assert own.secrets_file.read_text() == '{"master_key": '


def test_commands_before_the_first_up_say_so(own: State) -> None:
    with pytest.raises(LauncherError, match=r"run \./1022 up first"):
        state.need_prepared(own)


def test_erasing_leaves_what_a_person_wrote(own: State) -> None:
    state.ensure_secrets(own)
    (own.media / "ab").mkdir()
    (own.media / "ab" / "sealed").write_bytes(b"x")
    own.settings_file.write_text("HOTLINE_PHONE=0\n")
    erase(own)
    assert [path.name for path in own.folder.iterdir()] == ["settings.env"]


def test_erasing_removes_the_folder_when_nothing_else_is_in_it(own: State) -> None:
    state.ensure_secrets(own)
    erase(own)
    assert not own.folder.exists()


def test_a_stranger_s_folder_is_not_erased(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(NotPossibleError, match="was not made by"):
        erase(State(tmp_path))
    assert (tmp_path / "thesis.txt").exists()


def test_logs_are_shortened_while_they_are_written(own: State) -> None:
    log = own.log / "web.log"
    with log.open("ab", buffering=0) as writer:
        for round_ in range(5):
            writer.write(f"round {round_}\n".encode() * 200)
            logs.rotate(own.log, largest_bytes=1000)
            assert log.stat().st_size == 0
        writer.write(b"after\n")
    assert log.read_bytes() == b"after\n"
    kept = sorted(path.name for path in own.log.iterdir())
    assert kept == ["web.log", "web.log.1", "web.log.2", "web.log.3"]
    assert logs.tail(own.log / "web.log.1").startswith("round 4")
    assert logs.tail(own.log / "absent.log") == ""


def test_an_up_without_any_setting_counts_as_started(own: State) -> None:
    assert own.last() is None
    with pytest.raises(LauncherError, match="up first"):
        state.need_prepared(own)
    own.venv.mkdir()
    state.write_private(own.last_file, "{}")
    assert own.last() == {}
    state.need_prepared(own)


def test_status_looks_at_the_parts_after_an_up_without_any_setting(
    own: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    state.ensure_secrets(own)
    state.write_private(own.last_file, "{}")
    monkeypatch.setattr("launcher.status.look", lambda *_: {"web": Health(up=True, why="")})
    assert status(own, check({}, checkout=state.CHECKOUT), as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["parts"] == {"web": {"up": True, "why": ""}}
