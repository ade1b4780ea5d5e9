"""The wallboard's words, for the template and for the page's script alike."""

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hotline.domain.queue.models import SwitchTo
from hotline.domain.workforce.models import OperatorKind, PresenceState

Words = Mapping[str, object]

STATES: Words = {
    PresenceState.READY: _("ready"),
    PresenceState.OFFERED: _("phone rings"),
    PresenceState.BUSY: _("on a call"),
    PresenceState.WRAP_UP: _("finishing the notes"),
    PresenceState.PAUSED: _("pause"),
}
REASONS: Words = {
    "break": _("a short break"),
    "meal": _("a meal"),
    "training": _("training"),
    "work": _("other work"),
    "no_answer": _("did not answer the phone"),
    "no_phone": _("the phone is not connected"),
    "signed_on": _("has just signed on"),
}
KINDS: Words = {
    OperatorKind.OPERATOR: _("operator"),
    OperatorKind.VOLUNTEER: _("volunteer"),
    OperatorKind.EXPERT: _("expert"),
}
SWITCHED: Words = {
    SwitchTo.CALLBOT: _("callbot until %(until)s"),
    SwitchTo.ANNOUNCEMENT: _("announcement until %(until)s"),
}
PROCESSES: Words = {
    "switchboard": _("switchboard"),
    "worker": _("background jobs"),
    "live": _("live display"),
    "web": _("web pages"),
}


def for_script() -> Mapping[str, object]:
    """In the page's language; ``%(name)s`` is filled in by the script."""
    return {
        "states": _plain(STATES),
        "reasons": _plain(REASONS),
        "kinds": _plain(KINDS),
        "switched": _plain(SWITCHED),
        "processes": _plain(PROCESSES),
        "people": gettext("people answer"),
        "bot_only": gettext("callbot only"),
        "by": gettext("by %(name)s"),
        "live": gettext("Live"),
        "as_of": gettext("as of %(time)s"),
        "lost": gettext("Connection lost, connecting again."),
        "old": gettext("The figures below are of %(time)s."),
        "trouble": gettext("The database does not answer."),
        "signed_out": gettext("You are signed out. Sign in again to see the wallboard."),
        "polling": gettext("The live display is down. The figures are renewed every 5 seconds."),
        "up": gettext("runs"),
        "down": gettext("does not run"),
        "silent": gettext("no sign of life since %(time)s"),
        "calls": gettext("%(calls)s of %(capacity)s calls"),
        "unnamed": gettext("Operator"),
        "late": gettext("%(count)s late"),
        "urgent": gettext("%(count)s urgent"),
    }


def _plain(words: Words) -> dict[str, str]:
    return {str(key): str(word) for key, word in words.items()}
