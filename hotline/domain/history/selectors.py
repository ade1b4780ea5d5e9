"""Reads of the history."""

from django.db.models import QuerySet

from hotline.domain.history.models import Entry


def entries_of(subject: str) -> QuerySet[Entry]:
    """What was done to ``kind:id``, newest first."""
    return Entry.objects.filter(subject=subject).select_related("actor").order_by("-at", "-pk")
