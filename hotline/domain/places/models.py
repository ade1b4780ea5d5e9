from django.db import models


class Place(models.Model):
    """An administrative unit. ``level``: 1 province or city, 2 district, 3 ward or commune
    (two-level units of 2025 and later have levels 1 and 3). Half-open validity:
    ``valid_from`` ≤ day < ``valid_to``; null is open."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)  # with its kind: "Phường Bến Thành"
    kind = models.CharField(max_length=30)
    level = models.PositiveSmallIntegerField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    aliases = models.JSONField(default=list)
    path = models.CharField(max_length=300)  # "Phường Bến Thành, Quận 1, …"
    sort_key = models.CharField(max_length=200)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    def __str__(self) -> str:
        return self.code
