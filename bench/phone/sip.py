"""SIP messages (RFC 3261) and SDP bodies (RFC 4566), written and read. No sockets here."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.phone.g711 import Codec


class MalformedError(ValueError):
    """Not a SIP message or not an SDP body that a phone can use."""


@dataclass(frozen=True, slots=True)
class Message:
    """A request (``method`` and ``uri``) or an answer (``status``). Headers keep their order
    and their spelling; compact forms are spelled out."""

    headers: Sequence[tuple[str, str]]
    body: str = ""
    method: str = ""
    uri: str = ""
    status: int = 0
    reason: str = ""

    def get(self, name: str) -> str:
        """The first header of this name, empty if there is none."""
        return next(iter(self.all(name)), "")

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def sequence(self) -> tuple[int, str]:
        """The CSeq header: number and method."""
        number, _, method = self.get("CSeq").partition(" ")
        if not number.isdecimal():
            raise MalformedError("no CSeq")
        return int(number), method.strip()

    def encode(self) -> bytes:
        first = (
            f"SIP/2.0 {self.status} {self.reason}"
            if self.status
            else f"{self.method} {self.uri} SIP/2.0"
        )
        lines = [first, *(f"{key}: {value}" for key, value in self.headers)]
        if self.body:
            lines.append("Content-Type: application/sdp")
        lines.append(f"Content-Length: {len(self.body.encode())}")
        return ("\r\n".join(lines) + "\r\n\r\n" + self.body).encode()


_COMPACT = {
    "v": "Via",
    "f": "From",
    "t": "To",
    "i": "Call-ID",
    "m": "Contact",
    "l": "Content-Length",
    "c": "Content-Type",
}


def parse(datagram: bytes) -> Message:
    """Raises MalformedError."""
    head, _, body = datagram.decode("utf-8", "replace").partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers = []
    for line in lines:
        key, colon, value = line.partition(":")
        if not colon:
            raise MalformedError("a header without a colon")
        headers.append((_COMPACT.get(key.strip().lower(), key.strip()), value.strip()))
    words = first.split(" ", 2)
    if len(words) < 3:
        raise MalformedError("no first line")
    if words[0] == "SIP/2.0" and words[1].isdecimal():
        return Message(headers, body, status=int(words[1]), reason=words[2])
    if words[2] == "SIP/2.0":
        return Message(headers, body, method=words[0], uri=words[1])
    raise MalformedError("no first line")


KEYS = 101
"""The payload type that we offer for keys (RFC 4733)."""


@dataclass(frozen=True, slots=True)
class Media:
    """Where sound goes and how. ``direction``: what the other side does, in SDP's words."""

    host: str
    port: int
    codec: Codec
    keys: int = KEYS
    direction: str = "sendrecv"

    @property
    def listens(self) -> bool:
        return self.direction in {"sendrecv", "recvonly"}


def offer(
    host: str,
    port: int,
    codecs: Sequence[Codec],
    *,
    keys: int = KEYS,
    direction: str = "sendrecv",
) -> str:
    types = " ".join(str(int(codec)) for codec in codecs)
    lines = [
        "v=0",
        f"o=- 1 1 IN IP4 {host}",
        "s=-",
        f"c=IN IP4 {host}",
        "t=0 0",
        f"m=audio {port} RTP/AVP {types} {keys}",
        *(f"a=rtpmap:{int(codec)} {codec.name}/8000" for codec in codecs),
        f"a=rtpmap:{keys} telephone-event/8000",
        f"a=fmtp:{keys} 0-15",
        "a=ptime:20",
        f"a={direction}",
    ]
    return "\r\n".join(lines) + "\r\n"


_OPPOSITE = {
    "sendrecv": "sendrecv",
    "sendonly": "recvonly",
    "recvonly": "sendonly",
    "inactive": "inactive",
}


def reply(host: str, port: int, media: Media) -> str:
    """The answer to an offer of which ``accepted`` read ``media``; a hold is agreed to."""
    direction = _OPPOSITE[media.direction]
    return offer(host, port, [media.codec], keys=media.keys, direction=direction)


def accepted(sdp: str) -> Media:
    """What the other side chose; of an offer: its first codec that we speak. Raises
    MalformedError."""
    host, port, codec, keys, direction = "", 0, None, KEYS, "sendrecv"
    for line in sdp.splitlines():
        words = line[2:].split()
        if line.startswith("a=") and line[2:].strip() in _OPPOSITE:
            direction = line[2:].strip()
        if line.startswith("c=") and len(words) == 3:
            host = words[2]
        elif line.startswith("m=audio") and len(words) >= 4 and words[1].isdecimal():
            port = int(words[1])
            codec = next((Codec(int(w)) for w in words[3:] if w in {"0", "8"}), None)
        elif line.startswith("a=rtpmap:") and words[-1].startswith("telephone-event/8000"):
            keys = int(words[0].partition(":")[2])
    if not host or not port or codec is None:
        raise MalformedError("no usable sound in the SDP")
    return Media(host, port, codec, keys, direction)


@dataclass(slots=True)
class Dialog:
    """One call's names (RFC 3261, 12) and the requests that go with them."""

    call_id: str
    local: str
    remote: str
    contact: str
    via: str
    target: str
    number: int = 1
    routes: list[str] = field(default_factory=list)
    local_host: str = "127.0.0.1"

    @property
    def local_tag(self) -> str:
        return self.local.rpartition(";tag=")[2]

    def request(
        self,
        method: str,
        branch: str,
        *,
        number: int,
        body: str = "",
        more: Sequence[tuple[str, str]] = (),
    ) -> Message:
        headers = [
            ("Via", f"{self.via};branch=z9hG4bK{branch};rport"),
            ("Max-Forwards", "70"),
            *(("Route", route) for route in self.routes),
            ("From", self.local),
            ("To", self.remote),
            ("Call-ID", self.call_id),
            ("CSeq", f"{number} {method}"),
            ("Contact", self.contact),
            ("User-Agent", "hotline1022 citizen"),
            *more,
        ]
        return Message(headers, body, method=method, uri=self.target)


def answer_to(
    request: Message,
    status: int,
    reason: str,
    body: str = "",
    *,
    tag: str = "",
    contact: str = "",
) -> Message:
    """``tag`` is ours, for an answer that begins a dialog; ``contact`` where we are."""
    kept = {"via", "from", "to", "call-id", "cseq", "record-route"}
    headers = []
    for key, value in request.headers:
        if key.lower() not in kept:
            continue
        ours = tag and key.lower() == "to" and ";tag=" not in value
        headers.append((key, f"{value};tag={tag}" if ours else value))
    if contact:
        headers.append(("Contact", contact))
    return Message(headers, body, status=status, reason=reason)


def uri_of(header: str) -> str:
    """``"Name" <sip:…>;tag=…`` → ``sip:…``."""
    return header.partition("<")[2].partition(">")[0] or header.partition(";")[0].strip()


def user_of(header: str) -> str:
    """``<sip:0901234567@host>`` → ``0901234567``; empty if nobody is named."""
    name, at, _ = uri_of(header).removeprefix("sip:").partition("@")
    return name if at else ""
