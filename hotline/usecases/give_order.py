"""An operator wants something done on the line."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from hotline.core.errors import NotFound, Refusal
from hotline.domain.accounts.models import User
from hotline.domain.history.services import record
from hotline.domain.queue import log, offers
from hotline.domain.queue.models import Offer, Order, Verb
from hotline.domain.workforce import selectors

_TARGETED = {Verb.CONSULT, Verb.BLIND, Verb.TELL_NUMBER}


def give_order(*, user: User, verb: str, argument: str = "", now: datetime) -> Order:
    """``argument``: ``number:<digits>`` or ``operator:<extension>`` for consult and blind,
    ``number:<digits>`` for tell_number. Whether a trunk takes the number is known at the
    line: the order's result says so. Raises NotFound, Refusal ``no_call``,
    ``unknown_order``, ``no_target``."""
    if verb not in Verb.values:
        raise Refusal("unknown_order", gettext_noop("There is no such order."))
    with transaction.atomic():
        operator = selectors.operator_of(user)
        offer = Offer.objects.filter(operator=operator, state__in=offers.LIVE).first()
        if offer is None:
            raise Refusal("no_call", gettext_noop("There is no call. It has ended."))
        if verb in _TARGETED:
            _check_target(argument, outside_only=verb == Verb.TELL_NUMBER)
        order = Order.objects.create(offer=offer, verb=verb, argument=argument, given_at=now)
        record(at=now, verb=f"order_{verb}", subject=f"offer:{offer.pk}", actor=user)
        log.poke()
        return order


def _check_target(argument: str, *, outside_only: bool) -> None:
    kind, _, target = argument.partition(":")
    number = kind == "number" and target.isdecimal() and 3 <= len(target) <= 15
    if number:
        return
    if kind == "operator" and not outside_only:
        try:
            selectors.by_extension(target)
        except NotFound:
            pass
        else:
            return
    raise Refusal("no_target", gettext_noop("Choose to whom."))
