"""The writes of a call's ordinary steps, each as one prepared statement.

A busy line takes hundreds of steps a second. What ``hear`` and ``take_call`` do in a
transaction of many statements, these do in one, for the ordinary cases only; each says by its
result whether it was one. It is a compare-and-swap: a contact whose step or sealed state is not
what the switchboard believes, or whose person's key is gone, stays untouched, and the plain use
case decides. The rows are the same.

Whether one row is still live is asked in words that no index answers (``coalesce``, ``|| ''``):
the planner believes the indexes of everything that is live to be tiny and reads the whole of
them, hundreds of calls and those just ended, where the key finds the row at once.
"""

from collections.abc import Mapping

_HELD = """
WITH held AS (
    SELECT c.id FROM contacts_contact c JOIN people_personkey k ON k.person_id = c.person_id
    WHERE c.id = %(contact)s AND c.step = %(step)s AND c.state = %(before)s
      AND coalesce(c.ended_at, 'infinity') = 'infinity'
    FOR UPDATE OF c
)"""
_MOVED = """, moved AS (
    UPDATE contacts_contact c
    SET state = %(state)s, step = c.step + 1, branch = %(branch)s,
        consent = CASE WHEN %(consented)s THEN %(consent)s ELSE c.consent END,
        consent_version =
            CASE WHEN %(consented)s THEN %(consent_version)s ELSE c.consent_version END,
        consent_at = CASE WHEN %(consented)s THEN %(now)s ELSE c.consent_at END
    FROM {needs} WHERE c.id = {needs}.id
    RETURNING c.id
)"""
_DONE = " SELECT (SELECT count(*) FROM moved)"


TYPES: Mapping[str, str] = {
    "before": "bytea",
    "branch": "text",
    "by_wish": "boolean",
    "carrier": "text",
    "channel": "text",
    "claimed_since": "timestamptz",
    "city_version": "bigint",
    "code": "text",
    "consent": "boolean",
    "consent_version": "text",
    "consented": "boolean",
    "contact": "uuid",
    "ended_reason": "text",
    "kinds": "text[]",
    "language": "text",
    "name": "text",
    "new": "boolean",
    "node": "text",
    "now": "timestamptz",
    "number_index": "bytea",
    "outcome": "text",
    "overflow_at": "timestamptz",
    "person": "uuid",
    "phone": "bytea",
    "priority": "integer",
    "reason": "text",
    "recording": "uuid",
    "seconds": "double precision",
    "slot": "text",
    "state": "bytea",
    "step": "integer",
    "ticket_state": "text",
    "withheld": "boolean",
    "wrapped": "bytea",
}
"""What each named value is, for whoever runs a statement over a protocol that asks."""


def _one(*parts: str) -> str:
    """One statement; the parts are constants of this module."""
    return "".join(parts)


STANDING = """
SELECT c.state, c.person_id, k.wrapped
FROM (SELECT 1) AS one
LEFT JOIN contacts_contact c ON c.id = %(contact)s AND c.step = %(step)s
    AND coalesce(c.ended_at, 'infinity') = 'infinity'
LEFT JOIN people_personkey k ON k.person_id = c.person_id
"""
"""What a call's memory is made of; one row of nothing for a call that has moved on or ended."""

STEP = _HELD + _MOVED.format(needs="held") + _DONE
"""An answer by key."""

RECORDED = _one(
    _HELD,
    """, heard AS (
    INSERT INTO contacts_recording
        (id, contact_id, slot, step, name, seconds, created_at, state, file)
    SELECT %(recording)s, held.id, %(slot)s, %(step)s, %(name)s, %(seconds)s, %(now)s,
           'spooled', '' FROM held
    ON CONFLICT (name) DO NOTHING RETURNING contact_id AS id
)""",
    _MOVED.format(needs="heard"),
    _DONE,
)
"""A spoken answer and its recording, which the worker seals."""

ENTERED = _one(
    _HELD,
    """, place AS (
    INSERT INTO queue_ticket
        (kind, contact_id, node, branch, priority, entered_at, state, state_since, overflow_at,
         by_wish, outcome, epoch)
    SELECT 'call', held.id, coalesce(k.node, ''), %(branch)s, %(priority)s,
           least(%(now)s, (SELECT b.place_at FROM calls_callback b
                           WHERE b.number_index = %(number_index)s::bytea
                             AND b.closed_at IS NULL)),
           %(ticket_state)s, %(now)s, %(overflow_at)s::timestamptz, %(by_wish)s, '', 0
    FROM held LEFT JOIN calls_call k ON k.contact_id = held.id
    ON CONFLICT (contact_id) DO NOTHING RETURNING id AS ticket, contact_id AS id, branch, entered_at
), noted AS (
    INSERT INTO queue_event (at, kind, branch, ticket_id, seconds, detail)
    SELECT %(now)s, 'entered', branch, ticket, NULL::float, '' FROM place
    UNION ALL
    SELECT %(now)s, 'to_bot', branch, ticket, extract(epoch FROM %(now)s - entered_at), %(reason)s
    FROM place WHERE %(reason)s <> ''
)""",
    _MOVED.format(needs="place"),
    _DONE,
)
"""Into the queue for the first time: waiting, or (with a reason) to the callbot at once. An
open call-back keeps its place for the caller."""

TO_BOT = _one(
    _HELD,
    """, place AS (
    SELECT t.id AS ticket, held.id, t.branch, t.entered_at
    FROM queue_ticket t JOIN held ON t.contact_id = held.id
    WHERE t.state || '' = 'waiting' FOR UPDATE OF t
), kept AS (
    UPDATE queue_ticket t
    SET state = 'with_bot', state_since = %(now)s, overflow_at = NULL, epoch = t.epoch + 1
    FROM place WHERE t.id = place.ticket
), noted AS (
    INSERT INTO queue_event (at, kind, branch, ticket_id, seconds, detail)
    SELECT %(now)s, 'to_bot', branch, ticket, extract(epoch FROM %(now)s - entered_at), %(reason)s
    FROM place
)""",
    _MOVED.format(needs="place"),
    _DONE,
)
"""From the queue to the callbot, for somebody to whom nobody is being offered."""

ENDED = _one(
    _HELD,
    """, free AS (
    SELECT c.id FROM held JOIN contacts_contact c ON c.id = held.id
    WHERE c.case_id IS NULL AND NOT EXISTS (
        SELECT FROM queue_ticket t
        WHERE t.contact_id = c.id AND t.state || '' NOT IN ('with_bot', 'ended'))
), drawn AS (
    INSERT INTO cases_drawncode (code) SELECT %(code)s FROM free
    ON CONFLICT (code) DO NOTHING RETURNING %(contact)s::uuid AS id
), moved AS (
    UPDATE contacts_contact c
    SET state = %(state)s, step = c.step + 1, branch = %(branch)s, outcome = %(outcome)s,
        reason = %(ended_reason)s, ended_at = %(now)s, promised_code = %(code)s
    FROM drawn WHERE c.id = drawn.id
    RETURNING c.id
), place AS (
    SELECT t.id AS ticket, t.branch, t.state_since
    FROM queue_ticket t JOIN moved ON t.contact_id = moved.id
    WHERE t.state || '' = 'with_bot' FOR UPDATE OF t
), gone AS (
    UPDATE queue_ticket t
    SET state = 'ended', state_since = %(now)s, ended_at = %(now)s, outcome = 'callbot',
        overflow_at = NULL, epoch = t.epoch + 1
    FROM place WHERE t.id = place.ticket
), noted AS (
    INSERT INTO queue_event (at, kind, branch, ticket_id, seconds, detail)
    SELECT %(now)s, 'ended', branch, ticket, extract(epoch FROM %(now)s - state_since), 'callbot'
    FROM place
)""",
    _DONE,
)
"""The end of a complete dialogue: its code; the worker writes the case. A contact that has a
case already goes the plain way."""

SERVED = _one(
    _HELD,
    """, free AS (
    SELECT c.id FROM held JOIN contacts_contact c ON c.id = held.id
    WHERE c.case_id IS NULL
      AND NOT EXISTS (SELECT FROM queue_ticket t
                      WHERE t.contact_id = c.id AND t.state || '' <> 'ended')
      AND NOT EXISTS (SELECT FROM calls_callback b WHERE b.contact_id = c.id)
), moved AS (
    UPDATE contacts_contact c
    SET state = %(state)s, step = c.step + 1, branch = %(branch)s, outcome = %(outcome)s,
        reason = %(ended_reason)s, ended_at = %(now)s
    FROM free WHERE c.id = free.id
    RETURNING c.id
), called_in AS (
    UPDATE calls_callback b SET closed_at = %(now)s, result = 'called_in'
    FROM moved WHERE b.number_index = %(number_index)s::bytea AND b.closed_at IS NULL
)""",
    _DONE,
)
"""The end of a talk of which no case came, or not yet: whoever rang needs no call-back any more."""

TAKE_FACTS = """
SELECT (SELECT v.id FROM city_cityversion v WHERE v.current),
       EXISTS (SELECT FROM calls_call k WHERE k.channel = %(channel)s),
       EXISTS (SELECT FROM calls_block b WHERE b.number_index = %(number_index)s::bytea
               AND b.until > %(now)s AND b.verdict <> 'lift')
       OR EXISTS (SELECT FROM calls_webcall w WHERE w.number_index = %(number_index)s::bytea
                  AND w.created_at > %(claimed_since)s),
       EXISTS (SELECT FROM cases_case o WHERE o.reporter_id = p.id AND o.stage <> 'resolved')
       OR EXISTS (SELECT FROM contacts_contact c JOIN cases_case o ON o.id = c.case_id
                  WHERE c.person_id = p.id AND o.stage <> 'resolved'),
       p.id, w.wrapped
FROM (SELECT 1) AS one
LEFT JOIN people_person p ON p.phone_index = %(number_index)s::bytea
LEFT JOIN people_personkey w ON w.person_id = p.id
"""
"""What a call begins with: the city's version, whether the channel is known, the number is
blocked, typed in a browser or of somebody with an open case, and whose number it is."""

TAKEN = """
WITH person AS (
    INSERT INTO people_person (id, created_at, phone, phone_index)
    SELECT %(person)s, %(now)s, %(phone)s::bytea, %(number_index)s::bytea WHERE %(new)s
    ON CONFLICT (phone_index) DO NOTHING RETURNING id
), key AS (
    INSERT INTO people_personkey (person_id, wrapped) SELECT id, %(wrapped)s::bytea FROM person
), who AS (
    SELECT id FROM person
    UNION ALL
    SELECT person_id FROM people_personkey WHERE person_id = %(person)s AND NOT %(new)s
), contact AS (
    INSERT INTO contacts_contact
        (id, kind, channel, language, city_version_id, person_id, branch, state, step,
         started_at, outcome, reason, consent_version, promised_code)
    SELECT %(contact)s, 'call', 'voice', %(language)s, %(city_version)s, who.id, %(branch)s,
           %(state)s, 1, %(now)s, '', '', '', '' FROM who
    RETURNING id
), line AS (
    INSERT INTO calls_call (contact_id, channel, node, carrier, withheld, answered_at)
    SELECT id, %(channel)s, %(node)s, %(carrier)s, %(withheld)s, %(now)s FROM contact
)
SELECT count(*) FROM contact
"""
"""A call that was answered, with its person if the number is new, greeted: its first step."""

QUEUE_FACTS = """
SELECT (SELECT s."to" FROM queue_branchswitch s
        WHERE s.branch = %(branch)s AND s.ended_at IS NULL AND s.until > %(now)s LIMIT 1),
       EXISTS (SELECT FROM workforce_presence p JOIN workforce_operator o
               ON o.user_id = p.operator_id
               WHERE p.state IN ('ready', 'offered', 'busy', 'wrap_up')
               AND %(branch)s = ANY (p.branches) AND o.kind = ANY (%(kinds)s))
"""
