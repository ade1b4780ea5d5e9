"""The accounts of the demonstration: those who answer can sign on for what their kind answers."""

from datetime import datetime
from pathlib import Path

import pytest

from hotline.domain.accounts.models import User
from hotline.domain.city.model import City
from hotline.domain.workforce.models import Operator, OperatorKind
from hotline.usecases.make_demo_accounts import make_demo_accounts
from hotline.usecases.sign_on import sign_on

pytestmark = pytest.mark.django_db


def test_operators_of_every_kind_have_phones_and_skills(
    city: City, now: datetime, tmp_path: Path
) -> None:
    kept = tmp_path / "accounts.json"
    first = make_demo_accounts(kept_in=kept, now=now)
    assert make_demo_accounts(kept_in=kept, now=now) == first  # the same passwords
    assert kept.stat().st_mode & 0o077 == 0
    operators = list(Operator.objects.all())
    assert len(operators) >= 4
    assert {operator.kind for operator in operators} == set(OperatorKind.values)
    answered = set()
    for operator in operators:
        branches = [skill.branch for skill in operator.skills.all()]
        sign_on(user=User.objects.get(pk=operator.pk), branches=branches, phone="sip", now=now)
        answered |= set(branches)
    assert answered == {branch.key for branch in city.menu.branches if branch.line is not None}
