from django.conf import settings
from django.db import models


class Agency(models.Model):
    """Who resolves. Rows follow the current city version; an agency that a newer version no
    longer names stays (``active`` false), since old cases name it."""

    code = models.CharField(max_length=60, unique=True)
    name = models.JSONField()  # words by language
    kind = models.CharField(max_length=40)
    hotline = models.CharField(max_length=20, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.code


class Officer(models.Model):
    """Ties a user with the officer's or observer's role to an agency."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="officer"
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="officers")

    def __str__(self) -> str:
        return f"{self.user_id}@{self.agency_id}"
