from django.db import models


class CityVersion(models.Model):
    """One validated city folder, immutable. ``content`` is the folder as data
    (``city.model.City.from_content``); every call and case names its version."""

    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    created_at = models.DateTimeField()
    current = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("current",), condition=models.Q(current=True), name="one_current_city"
            ),
            models.UniqueConstraint(fields=("name", "digest"), name="one_version_a_digest"),
        )

    def __str__(self) -> str:
        return f"{self.name}@{self.digest[:12]}"


class CityRefusal(models.Model):
    """A changed folder that was not taken, and why; shown where staff look."""

    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    problems = models.JSONField()

    def __str__(self) -> str:
        return f"{self.name}@{self.digest[:12]}"
