"""The reports of every ordinary talk, as one statement each: they come for each call, and a
phone that was taken should be heard at once. Whatever is not as expected changes nothing;
``offers`` then goes the plain way, with the same locks in the same order."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from hotline.domain.city.selectors import city_of
from hotline.domain.prepared import rows
from hotline.domain.queue.offers import WRAP_UP_S

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


_OVER = """
WITH held AS (
  SELECT t.id, t.branch, coalesce(t.answered_at, t.entered_at) AS since FROM queue_ticket t
  JOIN queue_offer f ON f.ticket_id = t.id
  WHERE f.id = %(offer)s AND f.state = 'talking' AND t.state = 'talking'
    AND t.call_back_id IS NULL
    AND NOT EXISTS (SELECT FROM queue_leg l WHERE l.ticket_id = t.id AND l.state <> 'ended')
  FOR UPDATE OF t SKIP LOCKED
), over AS (
  UPDATE queue_offer f SET state = 'ended', ended_at = %(now)s, result = %(by)s, held = false
  FROM held WHERE f.id = %(offer)s AND f.state = 'talking' RETURNING f.operator_id
), gone AS (
  UPDATE queue_ticket t SET state = 'ended', state_since = %(now)s, ended_at = %(now)s,
         outcome = 'answered', overflow_at = NULL, epoch = t.epoch + 1
  FROM held, over WHERE t.id = held.id
), wraps AS (
  UPDATE workforce_presence p SET state = 'wrap_up', reason = '', since = %(now)s,
         until = %(now)s + make_interval(
           secs => coalesce((%(wrap_up)s::jsonb ->> held.branch)::float8, %(else_s)s::float8)),
         ready_since = NULL, epoch = p.epoch + 1
  FROM held, over WHERE p.operator_id = over.operator_id AND p.state IN ('busy', 'offered')
), noted AS (
  INSERT INTO queue_event (at, kind, branch, ticket_id, seconds, detail)
  SELECT %(now)s, 'ended', held.branch, held.id, extract(epoch FROM %(now)s - held.since),
         'answered'
  FROM held, over)
SELECT pg_notify('hotline_desk', operator_id::text) FROM over"""


def answered(offer: UUID, *, now: datetime) -> bool:
    """From ringing to answered."""
    return _done(_ANSWERED, {"offer": offer, "now": now})


def talk_began(offer: UUID, *, now: datetime) -> bool:
    """From answered to talking."""
    return _done(_BEGAN, {"offer": offer, "now": now})


def talk_over(offer: UUID, *, by: str, version: int, now: datetime) -> bool:
    """From talking to ended, for a caller who rang themselves and had nobody else on the line.
    ``version`` of the city: how long its branches wrap up."""
    lasts = _wrap_up_s(version)
    values = {"offer": offer, "by": by, "now": now, "wrap_up": lasts, "else_s": WRAP_UP_S}
    return _done(_OVER, values)


@lru_cache(maxsize=16)
def _wrap_up_s(version: int) -> str:
    """Seconds by branch, as JSON."""
    branches = city_of(version).menu.branches
    return json.dumps({one.key: one.line.wrap_up_s for one in branches if one.line is not None})


def _done(statement: str, values: Mapping[str, object]) -> bool:
    return bool(rows(statement, values))
