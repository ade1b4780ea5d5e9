from django.conf import settings
from django.db import models

from hotline.domain.cases.models import Case
from hotline.domain.contacts.models import Contact
from hotline.domain.people.models import Person


class Call(models.Model):
    """A phone call, one contact each. ``channel`` is Asterisk's channel id on ``node``."""

    contact = models.OneToOneField(
        Contact, primary_key=True, on_delete=models.PROTECT, related_name="call"
    )
    channel = models.CharField(max_length=80, unique=True)
    node = models.CharField(max_length=80)
    carrier = models.CharField(max_length=60, blank=True)
    withheld = models.BooleanField(default=False)
    answered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("node",), condition=models.Q(ended_at=None), name="call_live"),
        )

    def __str__(self) -> str:
        return self.channel


class CallBack(models.Model):
    """Somebody must ring this person. One open call-back a number; the earliest place stays
    and ``times`` counts how often it was asked for.

    ``number_index`` is the blind index of the number; the number itself is the person's.
    ``place_at`` is the place in the queue that the person keeps (None: ``created_at``).
    ``attempts`` counts how often it was dialled; ``next_at`` is when the next may be made
    (None: at any time), ``last_result`` what came of the last.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="call_backs")
    number_index = models.BinaryField()
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="call_backs")
    branch = models.CharField(max_length=8, blank=True)
    reason = models.CharField(max_length=40)
    times = models.PositiveIntegerField(default=1)
    place_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    last_result = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    result = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("number_index",),
                condition=models.Q(closed_at=None),
                name="one_open_call_back_a_number",
            ),
        )
        indexes = (
            models.Index(
                fields=("due_at",), condition=models.Q(closed_at=None), name="call_back_due"
            ),
        )

    def __str__(self) -> str:
        return f"call back {self.pk}"


class MissedCall(models.Model):
    """A call that came while no switchboard was there; the dialplan left a note of it."""

    unique_id = models.CharField(max_length=80, primary_key=True)
    at = models.DateTimeField()
    call_back = models.ForeignKey(CallBack, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.unique_id
