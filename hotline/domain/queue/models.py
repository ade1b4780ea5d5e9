import uuid

from django.conf import settings
from django.db import models

from hotline.domain.calls.models import CallBack
from hotline.domain.contacts.models import Contact
from hotline.domain.workforce.models import Operator


class TicketKind(models.TextChoices):
    CALL = "call"
    CALL_BACK = "call_back"


class TicketState(models.TextChoices):
    WAITING = "waiting"
    OFFERED = "offered"  # an operator's phone rings, or they answered and are not yet bridged
    TALKING = "talking"
    WITH_BOT = "with_bot"  # the callbot takes the information; the place is kept
    OUTSIDE = "outside"  # speaks with an outside line; comes back here if that fails
    ENDED = "ended"


class Ticket(models.Model):
    """A place in the queue. ``entered_at`` is the original time and never changes, whatever
    happens in between; ``priority`` 0 is normal, higher goes first (with ageing, see policy).

    ``overflow_at`` is a timer: when the callbot takes over. ``by_wish`` is set once the person
    asked for a person while with the bot: they are not sent to the bot again by the clock.
    ``offered_at``: a person was offered to them while with the bot, once. ``epoch`` grows with
    each change of state; ``attempt`` is the offer of a call-back that this ticket dials.
    """

    kind = models.CharField(max_length=10, choices=TicketKind.choices, default=TicketKind.CALL)
    contact = models.OneToOneField(
        Contact, null=True, on_delete=models.PROTECT, related_name="ticket"
    )
    call_back = models.ForeignKey(
        CallBack, null=True, on_delete=models.PROTECT, related_name="tickets"
    )
    node = models.CharField(max_length=80, blank=True)
    branch = models.CharField(max_length=8)
    priority = models.SmallIntegerField(default=0)
    entered_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=TicketState.choices, default=TicketState.WAITING
    )
    state_since = models.DateTimeField()
    overflow_at = models.DateTimeField(null=True)
    by_wish = models.BooleanField(default=False)
    offered_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    epoch = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = (
            models.Index(
                fields=("branch", "entered_at"),
                condition=models.Q(state="waiting"),
                name="ticket_waiting",
            ),
            models.Index(fields=("state",), condition=~models.Q(state="ended"), name="ticket_live"),
            # the wallboard counts those that ended since it last looked
            models.Index(
                fields=("ended_at",), condition=models.Q(state="ended"), name="ticket_ended"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("call_back",),
                condition=~models.Q(state="ended"),
                name="one_live_ticket_a_call_back",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk}: {self.state}"


class OfferState(models.TextChoices):
    RINGING = "ringing"
    ANSWERED = "answered"  # the operator is on the line, the caller not yet bridged
    TALKING = "talking"
    ENDED = "ended"


class Offer(models.Model):
    """One caller offered to one operator. The id names the operator's channel (``op-<id>``)
    and the bridge (``talk-<id>``), so that whoever comes after a crash finds both. ``form`` is
    what became of the operator's form once it is finished: ``case``, ``answered`` (a question
    answered at once) or ``no_case``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="offers")
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="offers")
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.RINGING)
    offered_at = models.DateTimeField()
    ring_until = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    talking_since = models.DateTimeField(null=True)
    held = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=20, blank=True)
    form = models.CharField(max_length=20, blank=True)
    looked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("operator",),
                condition=~models.Q(state="ended"),
                name="one_live_offer_an_operator",
            ),
            models.UniqueConstraint(
                fields=("ticket",),
                condition=~models.Q(state="ended"),
                name="one_live_offer_a_ticket",
            ),
        )
        indexes = (
            models.Index(
                fields=("ring_until",), condition=models.Q(state="ringing"), name="offer_ringing"
            ),
            # the last talks: how long one takes on average
            models.Index(
                fields=("ended_at",),
                condition=models.Q(state="ended", talking_since__isnull=False),
                name="offer_talks",
            ),
        )

    def __str__(self) -> str:
        return str(self.id)


class LegPurpose(models.TextChoices):
    CONSULT = "consult"  # attended transfer: operator and third party, the caller on hold
    THREE_WAY = "three_way"
    BLIND = "blind"  # the caller alone with the third party
    BRANCH = "branch"  # a key of the menu leads to an outside line
    CALL_BACK = "call_back"  # the citizen, dialled for a call-back or called out


class LegState(models.TextChoices):
    DIALLING = "dialling"
    UP = "up"
    ENDED = "ended"


class Leg(models.Model):
    """Somebody else on a call: an outside line or another operator. The id names the channel
    (``leg-<id>``). ``number`` is an outside line of the city's directory or of an allow-list,
    never a citizen's (those are the person's); ``due_at`` is when dialling is given up."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="legs")
    offer = models.ForeignKey(Offer, null=True, on_delete=models.PROTECT, related_name="legs")
    operator = models.ForeignKey(Operator, null=True, on_delete=models.PROTECT, related_name="legs")
    number = models.CharField(max_length=20, blank=True)
    purpose = models.CharField(max_length=10, choices=LegPurpose.choices)
    state = models.CharField(max_length=10, choices=LegState.choices, default=LegState.DIALLING)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    up_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("ticket",), condition=~models.Q(state="ended"), name="one_live_leg_a_ticket"
            ),
        )

    def __str__(self) -> str:
        return str(self.id)


class Verb(models.TextChoices):
    """What an operator may order while a call is theirs."""

    HOLD = "hold"
    RESUME = "resume"
    CONSULT = "consult"  # argument: target
    BLIND = "blind"  # argument: target
    THREE_WAY = "three_way"
    COMPLETE = "complete"  # attended transfer: caller to the third party, operator out
    CANCEL = "cancel"  # the third party goes, back to the caller
    TELL_NUMBER = "tell_number"  # argument: a number that is spoken to the caller
    WARN = "warn"  # an abusive caller hears the warning
    END = "end"


class Order(models.Model):
    """Something that an operator wants done on the line: written by the desk, done by the
    switchboard of the ticket's node, once, in order. ``argument``: ``number:<digits>`` or
    ``operator:<extension>``. An order whose offer is not live any more is refused."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="orders")
    verb = models.CharField(max_length=12, choices=Verb.choices)
    argument = models.CharField(max_length=80, blank=True)
    given_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("id",), condition=models.Q(done_at=None), name="order_open"),
        )

    def __str__(self) -> str:
        return f"{self.pk}: {self.verb}"


class Kind(models.TextChoices):
    """What the queue's event log knows; the wallboard's totals are counted from it."""

    ENTERED = "entered"
    OFFERED = "offered"
    ANSWERED = "answered"
    NOT_ANSWERED = "not_answered"
    TO_BOT = "to_bot"
    BACK_FROM_BOT = "back_from_bot"
    PERSON_OFFERED = "person_offered"
    TO_CALL_BACK = "to_call_back"
    ABANDONED = "abandoned"
    OUTSIDE = "outside"
    BACK_FROM_OUTSIDE = "back_from_outside"
    ENDED = "ended"
    FORM = "form"
    PRESENCE = "presence"
    SWITCHED = "switched"


class Event(models.Model):
    """Append-only. ``seconds`` is how long the ticket (or the presence) had been in the state
    that it leaves; ``detail`` one word (an outcome, a state, a reason)."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    branch = models.CharField(max_length=8, blank=True)
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="events")
    operator = models.ForeignKey(
        Operator, null=True, on_delete=models.PROTECT, related_name="events"
    )
    seconds = models.FloatField(null=True)
    detail = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = (models.Index(fields=("at",), name="queue_event_at"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class SwitchTo(models.TextChoices):
    CALLBOT = "callbot"
    ANNOUNCEMENT = "announcement"


class BranchSwitch(models.Model):
    """A supervisor sent a branch to the callbot or to an announcement, until a time."""

    branch = models.CharField(max_length=8)
    to = models.CharField(max_length=12, choices=SwitchTo.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("branch",),
                condition=models.Q(ended_at=None),
                name="one_open_switch_a_branch",
            ),
        )

    def __str__(self) -> str:
        return f"{self.branch} → {self.to}"
