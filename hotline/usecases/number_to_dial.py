"""Whom a call-back rings."""

from hotline.domain.calls.models import CallBack
from hotline.domain.people.selectors import phone_of


def number_to_dial(*, call_back: int) -> str | None:
    """The person's number in E.164, for the line that dials it and for nobody else; None
    once it is erased."""
    found = CallBack.objects.select_related("person").filter(pk=call_back).first()
    return phone_of(found.person) if found is not None else None
