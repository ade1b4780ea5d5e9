"""The worker writes the case of a call whose caller was told its code at the end."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.domain.city.selectors import city_of
from hotline.domain.contacts import services
from hotline.domain.people.sealing import Erased
from hotline.usecases.take_report import take_report


def finish_call(*, contact: UUID, now: datetime) -> None:  # noqa: ARG001
    """Received when the call's dialogue ended, whenever the worker comes to it; once. Nothing
    for a person whose data was erased in between. Raises NotFound."""
    with transaction.atomic():
        row = services.locked(contact)
        if row.case_id is not None or row.ended_at is None or not row.promised_code:
            return
        try:
            state = services.state_of(row)
        except Erased:
            services.forget_promise(row)
            return
        city = city_of(row.city_version_id)
        take_report(contact=row, state=state, city=city, now=row.ended_at)
