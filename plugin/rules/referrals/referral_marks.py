"""What can give a fraud away, as keyed hashes: two that are equal say that two things were, and nothing else.

Nothing readable is kept: not the address, not the telephone, not the name. Without the key, which is
derived from the app's own secrets, nobody can try out values either.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

KEPT_DAYS = 90
_LETTERS = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\D+")
SHORTEST_PHONE, COMPARED_DIGITS = 7, 9
"""Country codes and a leading nought are written by some and not by others: the last nine digits decide."""
TEXT_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Traces:
    """What an order or a request says of the one behind it; readable, and so never stored."""

    name: str = ""
    address: str = ""
    phone: str = ""
    ip: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """The traces as keyed hashes; empty where nothing was said. `net` is address and browser together."""

    name: str = ""
    address: str = ""
    phone: str = ""
    net: str = ""
    ip: str = ""


def marks(key: bytes, shop_id: int, traces: Traces) -> Marks:
    """The traces as one shop's marks; those of two shops never match."""

    def mark(kind: str, text: str) -> str:
        said = f"{shop_id}|{kind}|{text}"
        return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()[:32] if text and key else ""

    net = f"{traces.ip}|{traces.agent}" if traces.ip and traces.agent else ""
    return Marks(
        name=mark("name", plain(traces.name)),
        address=mark("address", plain(traces.address)),
        phone=mark("phone", digits(traces.phone)),
        net=mark("net", net[:TEXT_LIMIT]),
        ip=mark("ip", traces.ip[:TEXT_LIMIT]),
    )


def plain(text: str) -> str:
    """Letters and digits only, without accents, in small letters: two spellings of one address."""
    bare = unicodedata.normalize("NFKD", text[:TEXT_LIMIT])
    kept = "".join(char for char in bare if not unicodedata.combining(char))
    return _LETTERS.sub("", kept).casefold()


def digits(phone: str) -> str:
    """The digits that decide; nothing for what is too short to be a number."""
    found = _DIGITS.sub("", phone[:TEXT_LIMIT])
    return found[-COMPARED_DIGITS:] if len(found) >= SHORTEST_PHONE else ""


def address_of(parts: Mapping[str, object] | None) -> str:
    """Street, postcode and country of an address; nothing without a street."""
    if not parts or not isinstance(parts, Mapping) or not parts.get("address1"):
        return ""
    return " ".join(str(parts.get(name) or "") for name in ("address1", "address2", "zip", "country_code"))
