from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Place(models.Model):
    """An administrative unit. ``level``: 1 province or city, 2 district, 3 ward or commune
    (two-level units of 2025 and later have levels 1 and 3). Half-open validity:
    ``valid_from`` ≤ day < ``valid_to``; null is open.

    ``active``: a place of the current city; rows of a city that was current before stay,
    since old cases name them. ``words`` are what it is found by (name, aliases, what it lies
    in); the database folds them into ``folded`` by ``hotline_fold``.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)  # with its kind: "Phường Bến Thành"
    kind = models.CharField(max_length=30)
    level = models.PositiveSmallIntegerField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    aliases = models.JSONField(default=list)
    path = models.CharField(max_length=300)  # "Phường Bến Thành, Quận 1"; the province is not said
    sort_key = models.CharField(max_length=200)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    active = models.BooleanField(default=True)
    words = models.TextField(default="")
    folded = models.GeneratedField(
        expression=models.Func("words", function="hotline_fold", output_field=models.TextField()),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        indexes = (GinIndex(name="place_folded", fields=["folded"], opclasses=["gin_trgm_ops"]),)

    def __str__(self) -> str:
        return self.code
