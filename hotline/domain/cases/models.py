import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hotline.domain.agencies.models import Agency
from hotline.domain.city.models import CityVersion
from hotline.domain.people.models import Person
from hotline.domain.places.models import Place


class Stage(models.TextChoices):
    """Where a case stands; the whole life of a case comes with its workflow, these are the
    stages that a case passes today."""

    TRIAGE = "triage", _("being sorted")
    FORWARDED = "forwarded", _("forwarded")
    ACCEPTED = "accepted", _("accepted by the agency")
    WAITING_CITIZEN = "waiting_citizen", _("waiting for your answer")
    ANSWERED = "answered", _("answered")
    RESOLVED = "resolved", _("resolved")


class Case(models.Model):
    """The thing to be resolved.

    ``version`` counts changes: whoever writes names the version that they saw.
    ``reason`` is why the agency was chosen, or what is missing while in triage, by language.
    """

    code = models.CharField(max_length=16, unique=True)
    pin = models.CharField(max_length=128)  # hashed
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.TRIAGE)
    complete = models.BooleanField()
    channel = models.CharField(max_length=20)
    city_version = models.ForeignKey(CityVersion, on_delete=models.PROTECT, related_name="+")
    branch = models.CharField(max_length=8, blank=True)
    script = models.CharField(max_length=60)
    category = models.CharField(max_length=60, blank=True)
    urgent = models.BooleanField(default=False)
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="cases")
    reason = models.JSONField(default=dict)
    reporter = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reported")
    subject = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="in_need_in"
    )
    forward_due = models.DateTimeField(null=True)
    news_due = models.DateTimeField(null=True)
    answer_due = models.DateTimeField(null=True)
    first_forwarded_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("-created_at",), name="case_newest"),
            models.Index(fields=("agency", "stage"), name="case_agency_stage"),
            models.Index(fields=("stage", "created_at"), name="case_stage"),
        )

    def __str__(self) -> str:
        return self.code


class DrawnCode(models.Model):
    """A tracking code that was given to somebody: before a case is written, its code is drawn
    here, so that a code which was spoken on the telephone is nobody else's, although its case
    is written a moment later."""

    code = models.CharField(primary_key=True, max_length=16)

    def __str__(self) -> str:
        return self.code


class CaseAnswer(models.Model):
    """What the case knows for one slot. ``value`` and ``detail`` are sealed under the
    reporter's key; ``value`` is null while only a recording holds the answer."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="answers")
    slot = models.CharField(max_length=60)
    source = models.CharField(max_length=20)
    value = models.BinaryField(null=True)
    detail = models.BinaryField(null=True)
    recording = models.UUIDField(null=True)
    seconds = models.FloatField(null=True)
    given_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "slot"), name="one_answer_a_slot"),)

    def __str__(self) -> str:
        return f"{self.case_id}:{self.slot}"


class CaseEvent(models.Model):
    """One line of the timeline. ``words`` are sealed under the reporter's key; ``data`` holds
    codes only. ``public`` lines are shown to the citizen."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="+")
    public = models.BooleanField(default=False)
    words = models.BinaryField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=("case", "at"), name="event_case_at"),)

    def __str__(self) -> str:
        return f"{self.case_id}:{self.kind}"


class Referral(models.Model):
    """One hop of a case to an agency. At most one is open a case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="referrals")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="referrals")
    reason = models.JSONField(default=dict)
    forwarded_at = models.DateTimeField()
    forwarded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("case",), condition=models.Q(ended_at=None), name="one_open_referral"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id}->{self.agency_id}"


class ListeningTask(models.Model):
    """A case whose recordings somebody must hear; claimed by one operator at a time."""

    case = models.OneToOneField(
        Case, primary_key=True, on_delete=models.CASCADE, related_name="listening"
    )
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    claimed_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = (
            models.Index(
                fields=("-urgent", "created_at"),
                condition=models.Q(done_at=None),
                name="listening_open",
            ),
        )

    def __str__(self) -> str:
        return str(self.case_id)


class TrackingAttempt(models.Model):
    """Failed proofs (last digits, PIN) by case, so that guessing is limited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("case", "at"), name="tracking_case_at"),)

    def __str__(self) -> str:
        return str(self.id)
