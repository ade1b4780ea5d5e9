"""The caller pressed another key than the one that fits: the operator takes another form."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.domain.accounts.models import User
from hotline.usecases.own_talk import own_talk, write


def choose_script(*, user: User, offer: UUID, branch: str, now: datetime) -> None:
    """Answers whose slots both scripts have stay; what was to be added to an open case becomes
    a case of its own. Raises NotFound, Refusal ``finished``,
    ``no_branch``."""
    with transaction.atomic():
        talk = own_talk(user=user, offer=offer)
        if talk.offer.form:
            raise Refusal("finished", gettext_noop("This form is finished already."))
        found = talk.city.menu.branch(branch)
        if found is None or found.script is None:
            raise Refusal("no_branch", gettext_noop("There is no form for this branch."))
        kept = {slot.key: slot.kind for slot in talk.city.scripts[found.script].slots}
        before = talk.city.scripts.get(talk.state.script or "")
        same = {
            slot.key
            for slot in (before.slots if before is not None else ())
            if kept.get(slot.key) is slot.kind
        }
        answers = {key: answer for key, answer in talk.state.answers.items() if key in same}
        write(
            talk,
            replace(
                talk.state, branch=branch, script=found.script, adding_to=None, answers=answers
            ),
            now=now,
        )
