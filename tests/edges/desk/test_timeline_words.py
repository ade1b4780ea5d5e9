"""Every line of a timeline says in words what happened."""

from hotline.domain.cases.timeline import Kind
from hotline.edges.screens.shared.templatetags.staff import LINES


def test_every_kind_of_event_has_its_sentence() -> None:
    assert set(LINES) == {str(kind) for kind in Kind}
