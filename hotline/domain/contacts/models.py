import uuid

from django.db import models

from hotline.domain.cases.models import Case
from hotline.domain.city.models import CityVersion
from hotline.domain.people.models import Person


class ContactKind(models.TextChoices):
    CALL = "call"
    SUBMISSION = "submission"


class Contact(models.Model):
    """One exchange with a person. ``state`` is the dialogue's state (``dialogue.codec``),
    sealed under the person's key; ``step`` counts the events that it has taken, so that an
    event which arrives twice is taken once. ``promised_code`` was told to the person at the
    end of a call; the worker writes the case with it (``usecases.finish_call``)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=ContactKind.choices)
    channel = models.CharField(max_length=20)
    language = models.CharField(max_length=8, default="vi")
    city_version = models.ForeignKey(CityVersion, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contacts")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="contacts")
    branch = models.CharField(max_length=8, blank=True)
    state = models.BinaryField()
    step = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    promised_code = models.CharField(max_length=16, blank=True)
    consent = models.BooleanField(null=True)
    consent_version = models.CharField(max_length=40, blank=True)
    consent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("kind",), condition=models.Q(ended_at=None), name="contact_live"),
            models.Index(
                fields=("ended_at",),
                condition=models.Q(case=None) & ~models.Q(promised_code=""),
                name="contact_promised",
            ),
        )

    def __str__(self) -> str:
        return str(self.id)


class RecordingState(models.TextChoices):
    SPOOLED = "spooled"  # still a plain file beside the switchboard
    KEPT = "kept"  # sealed in the media store
    LOST = "lost"  # the file was not there; an operator sees it


class Recording(models.Model):
    """Sound that a person gave as an answer. ``name`` is the file's name at the switchboard;
    ``file`` its place in the media store, sealed under the person's key; ``step`` the step
    of the dialogue that it answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="recordings")
    slot = models.CharField(max_length=60)
    step = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=120, unique=True)
    seconds = models.FloatField()
    created_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=RecordingState.choices, default=RecordingState.SPOOLED
    )
    file = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("created_at",),
                condition=models.Q(state="spooled"),
                name="recording_spooled",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Photo(models.Model):
    """A photo, re-encoded without its metadata, sealed under the person's key. The place
    that the metadata held is offered to the person; unless they keep it, it goes when the
    report is sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="photos")
    created_at = models.DateTimeField()
    file = models.CharField(max_length=120)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    location = models.BinaryField(null=True)  # sealed "latitude,longitude", decimal degrees
    location_kept = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.id)
