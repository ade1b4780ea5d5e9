"""What the launcher runs: the list of cases, the demonstration's accounts."""

import io
import json
import stat
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings

from hotline.dialogue.exchange import Left
from hotline.domain.accounts.models import Role, User
from hotline.domain.agencies.selectors import agency_of
from hotline.domain.city.model import City
from tests import stories

pytestmark = pytest.mark.django_db


def run(command: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def test_cases_as_json_are_newest_first_on_one_line(city: City, now: datetime) -> None:
    written = stories.web_report(now.replace(hour=1))
    talk = stories.answer_by_voice(
        stories.choose(stories.ring(now, number="0912345678")), until="details"
    )
    talk.say(Left())
    (line,) = run("cases", "--json").splitlines()
    first, second = json.loads(line)["cases"]
    assert set(first) == {
        "code",
        "channel",
        "city_version",
        "category",
        "state",
        "complete",
        "slots",
        "recordings",
        "agency",
        "triage_reason",
        "callback_due",
        "created",
    }
    assert first["channel"] == "voice"
    assert first["complete"] is False
    assert first["slots"]["need"] == "necessities"
    assert first["slots"]["place"] is None
    assert first["recordings"] == [{"slot": "place", "seconds": 4.0}]
    assert first["agency"] is None
    assert first["triage_reason"]
    assert first["callback_due"]
    assert second["code"] == written.code
    assert second["agency"] == stories.HOME_AGENCY
    assert second["triage_reason"] is None
    assert second["callback_due"] is None
    assert second["slots"]["details"] == stories.WORDS


def test_the_list_for_people_names_codes_and_no_words(city: City, now: datetime) -> None:
    case = stories.web_report(now)
    shown = run("cases", "--limit", "5")
    assert case.code in shown
    assert stories.WORDS not in shown


def test_the_demonstration_has_one_account_of_each_role(city: City, client: Client) -> None:
    file = Path(django_settings.ENV.state) / "demo-accounts.json"
    file.unlink(missing_ok=True)
    first, second = run("demo_accounts"), run("demo_accounts")
    assert first == second
    accounts = json.loads(first)["accounts"]
    assert {account["role"] for account in accounts} == set(Role)
    officers = [account for account in accounts if account["role"] == Role.OFFICER]
    assert len({officer["agency"] for officer in officers}) == 2
    for account in accounts:
        user = User.objects.get(username=account["username"])
        assert user.check_password(account["password"])
        agency = agency_of(user)
        assert (agency.code if agency else None) == account["agency"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_real_installation_gets_no_demonstration_accounts(city: City, settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError):
        run("demo_accounts")
    assert not User.objects.exists()
