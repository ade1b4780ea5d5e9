"""The words of the city's files are those of the domain."""

from hotline.domain.city.check_lines import KINDS
from hotline.domain.workforce.models import OperatorKind


def test_a_city_may_name_every_kind_of_operator() -> None:
    assert set(KINDS) == set(OperatorKind.values)
