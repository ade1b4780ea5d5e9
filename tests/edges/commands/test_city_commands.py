"""``check_city`` and ``load_city`` as a clerk and the launcher call them."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from hotline.domain.city import selectors
from hotline.domain.city.models import CityVersion
from tests.unit.city.folders import copy_of


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A city of the installation's own that may be broken."""
    from dataclasses import replace

    monkeypatch.setattr(settings, "ENV", replace(settings.ENV, cities=tmp_path))
    return copy_of("hcmc-2021", tmp_path)


def run(*command: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command(*command, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def break_it(folder: Path) -> None:
    file = folder / "promises.yaml"
    file.write_text(file.read_text("utf8").replace("answer_days: 1", "answer_days: soon"), "utf8")


def test_a_right_city_ends_with_0(folder: Path) -> None:
    assert run("check_city", "hcmc-2021")[0] == 0


def test_a_broken_city_ends_with_1_and_says_where(folder: Path) -> None:
    break_it(folder)
    code, said = run("check_city", "hcmc-2021")
    assert code == 1
    assert "hcmc-2021/promises.yaml:13: " in said


def test_json_is_one_object_on_the_last_line(folder: Path) -> None:
    break_it(folder)
    code, said = run("check_city", "hcmc-2021", "--json")
    assert code == 1
    found = json.loads(said.splitlines()[-1])
    assert found["ok"] is False
    assert found["problems"][0]["file"] == "promises.yaml"
    assert found["problems"][0]["line"] == 13


@pytest.mark.django_db
def test_loading_makes_the_city_current(folder: Path) -> None:
    text = (folder / "city.yaml").read_text("utf8")
    (folder / "city.yaml").write_text(text.replace("callback_minutes: 30", "callback_minutes: 31"))
    assert run("load_city", "hcmc-2021")[0] == 0
    assert selectors.current()[1].callback_minutes == 31


@pytest.mark.django_db
def test_loading_a_broken_city_ends_with_1_and_keeps_the_old(folder: Path) -> None:
    before = CityVersion.objects.get(current=True).pk
    break_it(folder)
    code, said = run("load_city", "hcmc-2021")
    assert code == 1
    assert "promises.yaml:13" in said
    assert CityVersion.objects.get(current=True).pk == before
