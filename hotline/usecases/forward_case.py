"""The desk sends a case to an agency."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.domain.accounts.models import User
from hotline.domain.agencies import selectors as agencies
from hotline.domain.cases import selectors, services
from hotline.domain.cases.models import Case
from hotline.domain.cases.words import require_words
from hotline.domain.history.services import record
from hotline.usecases.route_case import OWN_CHOICE, by_language, in_languages
from hotline.usecases.staff import require_actor


def forward_case(
    *,
    user: User,
    case: str,
    seen_version: int,
    agency: str | None = None,
    reason: str = "",
    now: datetime,
) -> Case:
    """To the agency that routing gives, with its reason; or to ``agency`` for ``reason`` of
    one's own, which stands sealed in the timeline. Raises NotFound, Stale, Refusal
    (``undecided``, ``empty_text``, ``wrong_stage``, ``not_allowed``)."""
    with transaction.atomic():
        found = selectors.case_for(user, case)
        require_actor(user, desk=True, officers=False)
        city = selectors.city_of_case(found)
        routed = selectors.proposal(found)
        own = agency is not None and (agency != routed.agency or bool(reason.strip()))
        words = require_words(reason) if own else ""
        code = agency or routed.agency
        if code is None:
            raise Refusal(
                "undecided",
                gettext_noop("Routing cannot decide. Choose an agency and say why."),
            )
        services.forward(
            found,
            seen_version=seen_version,
            agency=agencies.by_code(code),
            reason=in_languages(city, OWN_CHOICE) if own else by_language(routed.reason),
            words=words,
            actor=user,
            now=now,
        )
        record(
            at=now,
            verb="forward_case",
            subject=f"case:{found.code}",
            actor=user,
            detail={"agency": code},
        )
        return found
