"""Operators of the tests."""

from datetime import datetime

from hotline.domain.workforce.models import Operator, OperatorKind
from hotline.domain.workforce.services import ensure_operator
from tests.people import People


def operators(
    people: People, *, now: datetime, branches: tuple[str, ...] = ("0", "1", "2", "4")
) -> tuple[Operator, Operator]:
    """``people.operator`` and ``people.second_operator`` may answer these branches."""
    skills = dict.fromkeys(branches, 1)
    first, second = (
        ensure_operator(
            user=user, kind=OperatorKind.OPERATOR, extension=extension, skills=skills, now=now
        )
        for user, extension in ((people.operator, "op101"), (people.second_operator, "op102"))
    )
    return first, second
