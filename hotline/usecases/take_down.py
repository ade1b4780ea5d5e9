"""An operator notes one answer while they talk."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from hotline.core.errors import NotFound, Refusal
from hotline.dialogue.progress import script_of
from hotline.dialogue.state import Answer
from hotline.domain.accounts.models import User
from hotline.usecases.operators_words import Heard, read_words
from hotline.usecases.own_talk import own_talk, write


def take_down(*, user: User, offer: UUID, slot: str, words: Heard, now: datetime) -> Answer | None:
    """Validated like a typed answer and kept at once; empty words take the answer back (an
    answer that the person gave by themselves comes back only by new words). Raises NotFound,
    Refusal ``finished``, WrongAnswers."""
    with transaction.atomic():
        talk = own_talk(user=user, offer=offer)
        if talk.offer.form:
            raise Refusal("finished", gettext_noop("This form is finished already."))
        script = script_of(talk.state, talk.city.book)
        if script is None:
            raise NotFound
        empty = not (words.text.strip() or words.place or words.detail.strip())
        read = () if empty else read_words(script, {slot: words}, talk.city)
        answers = dict(talk.state.answers)
        if not read:
            answers.pop(slot, None)
        for answer in read:
            before = answers.get(slot)
            kept = before.recording if before is not None else None
            answers[slot] = replace(
                answer, recording=kept, seconds=before.seconds if before and kept else None
            )
        write(talk, replace(talk.state, answers=answers), now=now)
        return answers.get(slot)
