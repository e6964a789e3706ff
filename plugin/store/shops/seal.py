"""Secrets at rest: encrypted under the newest of the keys, each bound to the row that it stands in.

AES-256-GCM under a key derived (HKDF) from each of ENCRYPTION_KEYS. A sealed value is a format byte, four bytes that
name its key, the nonce, and the text with its tag; where it stands is its associated data, so that it opens nowhere
else. What earlier versions wrote are Fernet's tokens: they can be opened, and are sealed anew by `suki secrets rotate`.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection

from plugin.errors import SettingsError, Unreadable
from plugin.settings import Settings

FORMAT = b"\x02"
NAME_BYTES, NONCE_BYTES = 4, 12
_NONCE = 1 + NAME_BYTES
_SEALED = _NONCE + NONCE_BYTES
_OPTION = "suki_seal"
_PROOF, _PROVES = "secret_keys", b"this key is the one"


class Seal:
    """The keys that are given; the first one seals, all of them open."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = {_derived(key, b"suki name of key", NAME_BYTES): AESGCM(_derived(key, b"suki secrets at rest", 32))
                      for key in keys}  # fmt: skip
        self._former = MultiFernet([Fernet(key) for key in keys])

    @classmethod
    def of(cls, settings: Settings) -> Seal:
        """With the keys of the settings."""
        return cls(settings.encryption_key_list)

    @property
    def names(self) -> tuple[bytes, ...]:
        """What the keys are called in the values they sealed, newest first."""
        return tuple(self._keys)

    @property
    def newest(self) -> bytes:
        """How everything begins that is sealed now."""
        return FORMAT + self.names[0]

    def close(self, text: bytes, place: str) -> bytes:
        """The text, sealed for its place."""
        nonce = os.urandom(NONCE_BYTES)
        return self.newest + nonce + self._keys[self.names[0]].encrypt(nonce, text, place.encode())

    def open(self, value: bytes, place: str) -> bytes:
        """The text of a value that was sealed for this place.

        Unreadable: under a key that is not given, for another place, or damaged.
        """
        try:
            if value[:1] != FORMAT:
                return self._former.decrypt(value)
            name, nonce, sealed = value[1:_NONCE], value[_NONCE:_SEALED], value[_SEALED:]
            return self._keys[name].decrypt(nonce, sealed, place.encode())
        except (InvalidTag, InvalidToken, KeyError, ValueError):
            raise Unreadable("A stored secret cannot be read with the keys in ENCRYPTION_KEYS") from None

    def proof(self) -> bytes:
        """Something that only the newest key opens, to know it again."""
        return self.close(_PROVES, _PROOF)

    def proves(self, proof: bytes) -> bool:
        """Whether the key that made the proof is among those given."""
        try:
            return self.open(proof, _PROOF) == _PROVES
        except Unreadable:
            return False


def _derived(key: str, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, None, purpose).derive(base64.urlsafe_b64decode(key))


def place(table: str, column: str, shop_id: int, row: object) -> str:
    """Where a sealed value stands."""
    return f"{table}.{column}:{shop_id}:{row}"


def of_token(column: str, shop_id: int) -> str:
    """The place of one of a shop's two tokens."""
    return place("shop_tokens", column, shop_id, shop_id)


def of_redemption(shop_id: int, redemption_id: int) -> str:
    """The place of a redemption's own code."""
    return place("redemptions", "secret", shop_id, redemption_id)


def of_partner_code(shop_id: int, reward: str, mark: bytes) -> str:
    """The place of a partner's code: by its mark, for its number is not known when it is sealed."""
    return place("pool_codes", "secret", shop_id, f"{reward}:{mark.hex()}")


def of_own_key(purpose: str) -> str:
    """The place of a key of our own."""
    return place("own_keys", "secret", 0, purpose)


def of_endpoint(shop_id: int, endpoint_id: int) -> str:
    """The place of an endpoint's secrets; the former one stays readable when a new one takes its place."""
    return place("endpoints", "secret", shop_id, endpoint_id)


def option(seal: Seal) -> dict[str, Seal]:
    """For an engine: its connections can open secrets."""
    return {_OPTION: seal}


def seal_of(conn: Connection) -> Seal:
    """The keys that came with the connection."""
    found = conn.get_execution_options().get(_OPTION)
    if not isinstance(found, Seal):
        raise SettingsError("This connection came without ENCRYPTION_KEYS")
    return found
