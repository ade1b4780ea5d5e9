"""The phones that Asterisk knows: pushed into its memory over ARI (asterisk/sorcery.conf), gone
when it restarts, so that no password of a phone stands in a file.

The switchboard pushes every phone that is wanted whenever it connects, and each new one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from hotline.edges.adapters.telephony.ari.asking import AriError
from hotline.edges.adapters.telephony.ari.connection import Connection

FIXED = frozenset({"outside", "trunk", "exchange"})
"""Endpoints of the configuration (asterisk/pjsip.conf, launcher/asterisk_sections.py)."""
BROWSER_GONE_S, PHONE_GONE_S, HELD_GONE_S = 20, 60, 600
"""How long a phone in a call may send no sound before the call is over: a browser that was
closed says no goodbye, a plain phone may leave silence out."""
_NOT_THERE = 404
_KINDS = ("endpoint", "aor", "auth")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """``name``: of the endpoint and to sign on with, e.g. ``op101`` or ``web-<token>``.
    ``browser``: WebRTC, else plain SIP. ``caller``: the number that a citizen's phone shows;
    None for an operator's, which may be dialled by us and reach nothing but the hotline."""

    name: str
    password: str
    browser: bool
    caller: str | None = None


async def push_phone(connection: Connection, phone: Phone) -> None:
    """The phone may register now; one that is there already is changed. Raises AriError."""
    fields = {
        "auth": {"auth_type": "userpass", "username": phone.name, "password": phone.password},
        "aor": {
            "max_contacts": "1",
            "remove_existing": "yes",
            "minimum_expiration": "30",
            "maximum_expiration": "600",
            # a browser's connection is a sign of life by itself
            "qualify_frequency": "0" if phone.browser else "30",
        },
        "endpoint": _endpoint(phone),
    }
    # the endpoint last: it names the other two
    for kind, values in fields.items():
        await connection.request(
            "PUT",
            _uri(kind, phone.name),
            body={"fields": [{"attribute": key, "value": value} for key, value in values.items()]},
        )


async def remove_phone(connection: Connection, name: str) -> None:
    """It can neither register nor call any more; a call that goes on goes on. One that is not
    there is no error. Raises AriError."""
    for kind in _KINDS:
        try:
            await connection.request("DELETE", _uri(kind, name))
        except AriError as error:
            if error.status != _NOT_THERE:
                raise


async def pushed_phones(connection: Connection) -> frozenset[str]:
    """The names of those that Asterisk knows now. Raises AriError."""
    found = await connection.request("GET", "endpoints/PJSIP")
    return frozenset(_names(found)) - FIXED


def _names(found: object) -> Iterable[str]:
    try:
        return [str(endpoint["resource"]) for endpoint in found]  # type: ignore[attr-defined]
    except (KeyError, TypeError) as error:
        raise AriError("GET endpoints: not a list of endpoints") from error


def _endpoint(phone: Phone) -> dict[str, str]:
    """Options of chan_pjsip; their order counts: everything is disallowed, then some allowed."""
    common = {
        "context": "from-phones" if phone.caller is None else "from-outside",
        "identify_by": "username",
        "auth": phone.name,
        "aors": phone.name,
        "disallow": "all",
        "direct_media": "no",
        "dtmf_mode": "auto_info",
        "allow_transfer": "no",
        "allow_subscribe": "no",
        "rtp_symmetric": "yes",
        "force_rport": "yes",
        "rewrite_contact": "yes",
        "language": "vi",
        "rtp_timeout_hold": str(HELD_GONE_S),
    }
    if phone.caller is not None:
        common["callerid"] = f"<{phone.caller}>"
    if phone.browser:
        # webrtc: DTLS with a certificate of its own, ICE, one port for sound and its reports
        return common | {
            "allow": "opus,alaw,ulaw",
            "webrtc": "yes",
            "rtp_timeout": str(BROWSER_GONE_S),
        }
    return common | {"allow": "alaw,ulaw", "rtp_timeout": str(PHONE_GONE_S)}


def _uri(kind: str, name: str) -> str:
    return f"asterisk/config/dynamic/res_pjsip/{kind}/{quote(name, safe='')}"
