from django.db import models


class Heartbeat(models.Model):
    """The latest sign of life of one process on one node."""

    process = models.CharField(max_length=40)
    node = models.CharField(max_length=80)
    at = models.DateTimeField()
    up = models.BooleanField(default=True)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("process", "node"), name="one_heartbeat_a_process"),
        )

    def __str__(self) -> str:
        return f"{self.process}@{self.node}"
