from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class OperatorKind(models.TextChoices):
    OPERATOR = "operator"
    VOLUNTEER = "volunteer"
    EXPERT = "expert"


class PhoneKind(models.TextChoices):
    BROWSER = "browser"
    SIP = "sip"


class Operator(models.Model):
    """Somebody who answers. ``extension`` is the name of the phone's endpoint; its password
    is derived from the installation's secret, the extension and ``phone_epoch`` and stored
    nowhere: a new epoch is a new password."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="operator",
    )
    kind = models.CharField(
        max_length=12, choices=OperatorKind.choices, default=OperatorKind.OPERATOR
    )
    extension = models.CharField(max_length=40, unique=True)
    phone = models.CharField(max_length=10, choices=PhoneKind.choices, default=PhoneKind.BROWSER)
    phone_epoch = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.extension


class Skill(models.Model):
    """``level`` 1 is the best: it is asked first; the others as a caller waits longer."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="skills")
    branch = models.CharField(max_length=8)
    level = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("operator", "branch"), name="one_skill_a_branch"),
        )

    def __str__(self) -> str:
        return f"{self.operator_id}:{self.branch}"


class PresenceState(models.TextChoices):
    OFF = "off"
    READY = "ready"
    PAUSED = "paused"
    OFFERED = "offered"  # a call (later: a chat) is offered to them
    BUSY = "busy"
    WRAP_UP = "wrap_up"


class Presence(models.Model):
    """What an operator does now; it belongs to the person, not to a phone.

    ``epoch`` grows with each change, so that a command of an older state is known as stale.
    ``levels`` are the levels of skill for ``branches``, in the same order.
    ``ready_since`` orders the idle: the longest first. ``until`` ends a wrap-up by itself.
    ``seen_at`` is the desk's last sign of life: who closed the browser is signed off.
    """

    operator = models.OneToOneField(
        Operator, primary_key=True, on_delete=models.PROTECT, related_name="presence"
    )
    state = models.CharField(
        max_length=10, choices=PresenceState.choices, default=PresenceState.OFF
    )
    reason = models.CharField(max_length=20, blank=True)
    branches = ArrayField(models.CharField(max_length=8), default=list)
    levels = ArrayField(models.PositiveSmallIntegerField(), default=list)
    since = models.DateTimeField()
    ready_since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()
    epoch = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = (
            models.Index(
                fields=("ready_since",),
                condition=models.Q(state="ready"),
                name="presence_idle",
            ),
        )

    def __str__(self) -> str:
        return f"{self.operator_id}: {self.state}"
