"""Personal data stands sealed under a key of its person.

A person's data key (AES-256-GCM) is kept wrapped under the installation's master key.
A sealed value is ``format (1 byte) | key id (4) | nonce (12) | ciphertext and tag``; it is
bound to its place (``where``, ``table.column``) and its person, so that a value moved to
another row or column does not open. Whoever deletes the person's key has erased every value.
"""

import hashlib
import hmac
import os
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from hotline.core.errors import HotlineError
from hotline.domain.people.models import PersonKey

_FORMAT = b"\x01"
_KEY_ID = 4
_NONCE = 12
_HEAD = len(_FORMAT) + _KEY_ID + _NONCE


class Erased(HotlineError):
    """The key of this value was destroyed: nobody can read it any more."""


class Tampered(HotlineError):
    """The value is not what was sealed here for this person."""


class Sealer:
    """Seals and opens values of one person. Holds the person's key in clear: keep it no
    longer than the call that needs it."""

    def __init__(self, person: UUID, key: bytes) -> None:
        self._person = person
        self._key_id = _key_id(key)
        self._cipher = AESGCM(key)

    def seal(self, value: str | bytes, *, where: str) -> bytes:
        """``where`` is ``table.column`` of the place where the result will stand."""
        content = value.encode() if isinstance(value, str) else value
        return _encrypt(self._cipher, self._key_id, content, self._bound(where))

    def unseal(self, blob: bytes | memoryview, *, where: str) -> bytes:
        """Raises Erased for a value of a destroyed key, Tampered for a changed one."""
        return _decrypt(self._cipher, self._key_id, bytes(blob), self._bound(where))

    def text(self, blob: bytes | memoryview | None, *, where: str) -> str | None:
        """As ``unseal``, for texts; None stays None."""
        return None if blob is None else self.unseal(blob, where=where).decode()

    def _bound(self, where: str) -> bytes:
        return f"{where}:{self._person}".encode()


def create_key(person: UUID) -> Sealer:
    """Makes the key of a new person."""
    sealer, wrapped = new_key(person)
    PersonKey.objects.create(person_id=person, wrapped=wrapped)
    return sealer


def new_key(person: UUID) -> tuple[Sealer, bytes]:
    """A key that stands nowhere yet, and what is to be stored of it (``PersonKey.wrapped``)."""
    key = AESGCM.generate_key(bit_length=256)
    wrapped = _encrypt(*_master(settings.ENV.secrets.master), key, _wrapping(person))
    return Sealer(person, key), wrapped


def sealer_of(person: UUID) -> Sealer:
    """Raises Erased if the person's key was destroyed."""
    try:
        row = PersonKey.objects.get(person_id=person)
    except PersonKey.DoesNotExist:
        raise Erased("The key of this person was destroyed.") from None
    return opened(person, bytes(row.wrapped))


def opened(person: UUID, wrapped: bytes) -> Sealer:
    """The sealer of a person whose wrapped key was read already. Raises Erased, Tampered."""
    master = _master(settings.ENV.secrets.master)
    return Sealer(person, _decrypt(*master, wrapped, _wrapping(person)))


def seal(person: UUID, value: str | bytes, *, where: str) -> bytes:
    """One value; for several of one person take ``sealer_of``."""
    return sealer_of(person).seal(value, where=where)


def unseal(person: UUID, blob: bytes | memoryview, *, where: str) -> bytes:
    """Raises Erased, Tampered."""
    return sealer_of(person).unseal(blob, where=where)


def blind_index(number: str) -> bytes:
    """Finds a number (E.164) without showing it: HMAC-SHA256, 32 bytes."""
    return keyed_digest("phone", number)


def keyed_digest(purpose: str, value: str) -> bytes:
    """HMAC-SHA256 under the installation's index key; ``purpose`` keeps uses apart."""
    key = settings.ENV.secrets.index
    return hmac.new(key, f"{purpose}:{value}".encode(), hashlib.sha256).digest()


@lru_cache(maxsize=2)
def _master(key: bytes) -> tuple[AESGCM, bytes]:
    """The cipher of the installation's master key, and the key's id."""
    return AESGCM(key), _key_id(key)


def _encrypt(cipher: AESGCM, key_id: bytes, content: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return _FORMAT + key_id + nonce + cipher.encrypt(nonce, content, bound)


def _decrypt(cipher: AESGCM, key_id: bytes, blob: bytes, bound: bytes) -> bytes:
    if blob[:1] != _FORMAT or len(blob) < _HEAD:
        raise Tampered("This is not a sealed value.")
    if blob[1 : 1 + _KEY_ID] != key_id:
        raise Erased("The key of this value was destroyed.")
    try:
        return cipher.decrypt(blob[1 + _KEY_ID : _HEAD], blob[_HEAD:], bound)
    except InvalidTag:
        raise Tampered("The value was changed or moved.") from None


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"key id:" + key).digest()[:_KEY_ID]


def _wrapping(person: UUID) -> bytes:
    return f"people_personkey.wrapped:{person}".encode()
