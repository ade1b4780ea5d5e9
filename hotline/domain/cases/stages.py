"""Where a case stands, in a sentence for whoever asks by telephone."""

from django.utils.translation import gettext, gettext_noop

from hotline.domain.cases.models import Stage

_SENTENCES = {
    Stage.TRIAGE: gettext_noop("We are sorting it."),
    Stage.FORWARDED: gettext_noop("It was passed to the agency in charge."),
    Stage.ACCEPTED: gettext_noop("The agency in charge is working on it."),
    Stage.WAITING_CITIZEN: gettext_noop("The agency in charge waits for your answer."),
    Stage.ANSWERED: gettext_noop("The agency in charge has answered."),
    Stage.RESOLVED: gettext_noop("It is resolved."),
}


def said(stage: Stage) -> str:
    """The sentence in the active language; there are few, so that all exist as sound."""
    return gettext(_SENTENCES[stage])
