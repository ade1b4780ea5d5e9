from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
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
            # calls of a day; costs an insert next to nothing, as rows come in its order
            BrinIndex(fields=("answered_at",), autosummarize=True, name="call_day"),
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
            models.Index(
                fields=("closed_at",),
                condition=models.Q(closed_at__isnull=False),
                name="call_back_closed",
            ),
        )

    def __str__(self) -> str:
        return f"call back {self.pk}"


class Block(models.Model):
    """A number whose calls are not taken for a time, because of abuse. A supervisor reviews
    each: ``verdict`` is ``keep`` or ``lift``. ``number_index`` is the number's blind index;
    ``reason``, in the operator's words, is sealed under the person's key."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="blocks")
    number_index = models.BinaryField()
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.BinaryField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()
    verdict = models.CharField(max_length=10, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("number_index", "until"), name="block_of_number"),)

    def __str__(self) -> str:
        return f"block {self.pk}"


class MissedCall(models.Model):
    """A call that came while no switchboard was there; the dialplan left a note of it."""

    unique_id = models.CharField(max_length=80, primary_key=True)
    at = models.DateTimeField()
    call_back = models.ForeignKey(CallBack, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.unique_id


def extension_of(token: str) -> str:
    """The name of the endpoint of a page's phone."""
    return f"web-{token}"


class WebCall(models.Model):
    """A citizen's page may ring us: a phone that lives until ``until``, named
    ``web-<token>``. ``number_index`` and ``address_index`` are blind indexes of the number
    that they gave and of the network address that they came from, by which calls are counted;
    the number itself is the person's."""

    token = models.CharField(primary_key=True, max_length=32)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="web_calls")
    number_index = models.BinaryField()
    address_index = models.BinaryField()
    created_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("until",), name="web_call_live"),
            models.Index(fields=("number_index", "created_at"), name="web_call_number"),
            models.Index(fields=("address_index", "created_at"), name="web_call_address"),
        )

    def __str__(self) -> str:
        return self.extension

    @property
    def extension(self) -> str:
        """The name of the phone's endpoint."""
        return extension_of(self.token)
