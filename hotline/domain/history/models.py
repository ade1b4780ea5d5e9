from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One thing that somebody did. A database trigger refuses to change or delete rows.

    ``subject`` is ``kind:id`` of what it was done to; ``detail`` holds codes and names of
    fields, never a person's data.
    """

    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = (
            models.Index(fields=("subject", "at"), name="history_subject"),
            models.Index(fields=("at",), name="history_at"),
        )

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"
