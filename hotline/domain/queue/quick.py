"""The two reports that every talk begins with, as one statement each: they come for each call,
and a phone that was taken should be heard at once. Whatever is not as expected changes
nothing; ``offers`` then goes the plain way, with the same locks in the same order."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection

_ANSWERED = """
WITH taken AS (
  UPDATE queue_offer SET state = 'answered', answered_at = %(now)s
  WHERE id = %(offer)s AND state = 'ringing' RETURNING operator_id)
SELECT pg_notify('hotline_desk', operator_id::text) FROM taken"""

_BEGAN = """
WITH held AS (
  SELECT t.id, t.branch, t.entered_at, t.answered_at FROM queue_ticket t
  JOIN queue_offer f ON f.ticket_id = t.id
  WHERE f.id = %(offer)s AND f.state = 'answered' AND t.state = 'offered' FOR UPDATE OF t
), taken AS (
  UPDATE queue_offer f SET state = 'talking', talking_since = %(now)s FROM held
  WHERE f.id = %(offer)s AND f.state = 'answered' RETURNING f.operator_id
), moved AS (
  UPDATE queue_ticket t SET state = 'talking', state_since = %(now)s, overflow_at = NULL,
         answered_at = coalesce(t.answered_at, %(now)s), epoch = t.epoch + 1
  FROM held, taken WHERE t.id = held.id
), busy AS (
  UPDATE workforce_presence p SET state = 'busy', reason = '', since = %(now)s, until = NULL,
         ready_since = NULL, epoch = p.epoch + 1
  FROM taken WHERE p.operator_id = taken.operator_id AND p.state = 'offered'
), noted AS (
  INSERT INTO queue_event (at, kind, branch, ticket_id, operator_id, seconds, detail)
  SELECT %(now)s, 'answered', held.branch, held.id, taken.operator_id,
         extract(epoch FROM %(now)s - held.entered_at),
         CASE WHEN held.answered_at IS NULL THEN 'first' ELSE 'again' END
  FROM held, taken)
SELECT pg_notify('hotline_desk', operator_id::text) FROM taken"""


def answered(offer: UUID, *, now: datetime) -> bool:
    """From ringing to answered."""
    return _done(_ANSWERED, {"offer": offer, "now": now})


def talk_began(offer: UUID, *, now: datetime) -> bool:
    """From answered to talking."""
    return _done(_BEGAN, {"offer": offer, "now": now})


def _done(statement: str, values: Mapping[str, UUID | datetime]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() is not None
