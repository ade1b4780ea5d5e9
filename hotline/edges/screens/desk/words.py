"""The console's words for states, results and reasons."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from hotline.domain.queue.models import LegState, OfferState, Verb
from hotline.domain.workforce.models import PhoneKind, PresenceState

Words = Mapping[str, Any]

STATES: Words = {
    PresenceState.OFF: _("not signed on"),
    PresenceState.READY: _("ready"),
    PresenceState.OFFERED: _("phone rings"),
    PresenceState.BUSY: _("on a call"),
    PresenceState.WRAP_UP: _("finishing the notes"),
    PresenceState.PAUSED: _("pause"),
}
PAUSES: Words = {
    "break": _("a short break"),
    "meal": _("a meal"),
    "training": _("training"),
    "work": _("other work"),
}
REASONS: Words = {
    **PAUSES,
    "no_answer": _("did not answer the phone"),
    "no_phone": _("the phone is not connected"),
    "signed_on": _("has just signed on"),
}
PHONES: Words = {
    PhoneKind.BROWSER: _("this browser"),
    PhoneKind.SIP: _("the SIP phone on the desk"),
}
CALLS: Words = {
    OfferState.RINGING: _("Incoming call"),
    OfferState.ANSWERED: _("Connecting you with the caller"),
    OfferState.TALKING: _("You are speaking"),
    OfferState.ENDED: _("The call is over"),
}
LEGS: Words = {
    LegState.DIALLING: _("rings"),
    LegState.UP: _("has answered"),
    LegState.ENDED: _("has gone"),
}
PURPOSES: Words = {
    "consult": _("The caller is on hold and hears music."),
    "three_way": _("All three hear each other."),
    "blind": _("The caller is being connected."),
    "call_back": _("The person is being called."),
}
ORDERS: Words = {
    Verb.HOLD: _("Hold"),
    Verb.RESUME: _("Back to the caller"),
    Verb.CONSULT: _("Ask a third party"),
    Verb.BLIND: _("Connect directly"),
    Verb.THREE_WAY: _("All three together"),
    Verb.COMPLETE: _("Hand the caller over"),
    Verb.CANCEL: _("Drop the third party"),
    Verb.TELL_NUMBER: _("Tell the number"),
    Verb.WARN: _("Warn the caller"),
    Verb.END: _("End the call"),
}
RESULTS: Words = {
    "": _("under way"),
    "done": _("done"),
    "not_now": _("not possible now"),
    "no_line": _("no outside line takes this number"),
}
MISSED: Words = {
    "busy": _("the line is busy. The caller is with you again"),
    "no_answer": _("nobody answered. The caller is with you again"),
}
UNREACHED = _("it could not be reached. The caller is with you again")
KINDS: Words = {"call": _("Call"), "call_back": _("Call-back")}
NO_CASE: Words = {
    "hung_up": _("the caller hung up"),
    "wrong_number": _("wrong number"),
    "silent": _("nobody spoke"),
    "abuse": _("abuse"),
    "test": _("test call"),
    "other": _("another reason"),
}
UNFINISHED: Words = {
    "hung_up": _("the caller hung up"),
    "other": _("another reason"),
}
"""Why a case is made although required answers are missing."""
