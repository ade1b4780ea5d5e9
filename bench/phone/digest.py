"""Proving who one is (RFC 3261, 22.4; RFC 2617), as much as Asterisk asks for."""

import hashlib
import re
import secrets
from dataclasses import dataclass

_PART = re.compile(r'(\w+)=(?:"([^"]*)"|([^,\s]+))')


@dataclass(frozen=True, slots=True)
class Account:
    """Who a phone says it is, and how it proves it."""

    user: str
    password: str

    def proof(self, challenge: str, method: str, uri: str) -> str:
        """The Authorization header that answers a WWW-Authenticate header (MD5, qop=auth)."""
        asked = {name: quoted or bare for name, quoted, bare in _PART.findall(challenge)}
        nonce, realm, once = asked["nonce"], asked["realm"], secrets.token_hex(8)
        who = _md5(f"{self.user}:{realm}:{self.password}")
        what = _md5(f"{method}:{uri}")
        said = {
            "username": f'"{self.user}"',
            "realm": f'"{realm}"',
            "nonce": f'"{nonce}"',
            "uri": f'"{uri}"',
            "algorithm": "MD5",
        }
        if "qop" in asked:
            said |= {"qop": "auth", "nc": "00000001", "cnonce": f'"{once}"'}
            proof = _md5(f"{who}:{nonce}:00000001:{once}:auth:{what}")
        else:
            proof = _md5(f"{who}:{nonce}:{what}")
        said["response"] = f'"{proof}"'
        if "opaque" in asked:
            said["opaque"] = f'"{asked["opaque"]}"'
        return "Digest " + ", ".join(f"{name}={value}" for name, value in said.items())


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
