"""Accounts to try the hotline with: one of each role, those who answer, officers of two
agencies."""

import json
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import TypedDict

from django.db import transaction

from hotline.domain.accounts.models import Role, User
from hotline.domain.agencies.models import Agency
from hotline.domain.agencies.services import appoint
from hotline.domain.city import selectors as cities
from hotline.domain.workforce.models import OperatorKind
from hotline.domain.workforce.services import ensure_operator

OPERATORS = {
    "operator": OperatorKind.OPERATOR,
    "operator2": OperatorKind.OPERATOR,
    "volunteer": OperatorKind.VOLUNTEER,
    "expert": OperatorKind.EXPERT,
}
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


class Account(TypedDict):
    username: str
    password: str
    role: str
    agency: str | None


def make_demo_accounts(*, kept_in: Path, now: datetime) -> list[Account]:
    """Random passwords stand in ``kept_in`` (0600), so that a second start shows the same.
    Officers work for the two agencies that most routing rules lead to."""
    known = {account["username"]: account["password"] for account in _read(kept_in)}
    accounts = [
        Account(
            username=name,
            password=known.get(name) or _password(),
            role=role,
            agency=agency.code if agency else None,
        )
        for name, role, agency in _wanted()
    ]
    with transaction.atomic():
        for account in accounts:
            _make(account)
        _appoint_operators(now)
        _write(kept_in, accounts)
    return accounts


def _wanted() -> list[tuple[str, Role, Agency | None]]:
    roles = (Role.SUPERVISOR, Role.OBSERVER, Role.ADMINISTRATOR)
    return [
        *((name, Role.OPERATOR, None) for name in OPERATORS),
        *((role.value, role, None) for role in roles),
        *((f"officer-{agency.code}", Role.OFFICER, agency) for agency in _agencies_with_work()),
    ]


def _appoint_operators(now: datetime) -> None:
    """Each may answer the branches of the city that their kind answers."""
    _, city = cities.current()
    for number, (name, kind) in enumerate(OPERATORS.items(), start=101):
        skills = {
            branch.key: 1
            for branch in city.menu.branches
            if branch.line is not None and kind in branch.line.kinds
        }
        ensure_operator(
            user=User.objects.get(username=name),
            kind=kind,
            extension=f"op{number}",
            skills=skills,
            now=now,
        )


def _agencies_with_work() -> list[Agency]:
    """Two agencies that resolve cases: of the kinds and codes that the rules name first."""
    _, city = cities.current()
    codes: list[str] = []
    for rule in city.rules:
        served = (
            [rule.agency] if rule.agency else [a.code for a in city.agencies if a.kind == rule.kind]
        )
        codes += [code for code in served[:1] if code not in codes]
    found = {agency.code: agency for agency in Agency.objects.filter(code__in=codes, active=True)}
    return [found[code] for code in codes if code in found][:2]


def _make(account: Account) -> None:
    user, _ = User.objects.get_or_create(username=account["username"])
    user.role = account["role"]
    user.is_active = True
    if not user.check_password(account["password"]):
        user.set_password(account["password"])
    user.save()
    if account["agency"]:
        appoint(user=user, agency=Agency.objects.get(code=account["agency"]))


def _password() -> str:
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


def _read(file: Path) -> list[Account]:
    try:
        accounts: list[Account] = json.loads(file.read_text())["accounts"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return accounts


def _write(file: Path, accounts: list[Account]) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump({"accounts": accounts}, out, ensure_ascii=False, indent=1)
