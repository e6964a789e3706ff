"""Keys for the API: made by staff, shown once, proved without telling by the time it takes, and revoked.

A key is `suki_<shop>_<key>_<secret>`: it says itself which shop's rows to look at, so that nothing has to be
searched across shops. Its secret is 256 random bits, of which only the SHA-256 is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from plugin.errors import BadInput, NotFound, TooMany
from plugin.rules.access.roles import SCOPES
from plugin.rules.mistakes import NOT_RIGHT
from plugin.rules.words.texts import Said
from plugin.store.shops import api_keys
from plugin.store.shops.api_keys import ApiKey
from plugin.store.work import activity_pages

CALLS_A_MINUTE = 120
OLD_AFTER = timedelta(days=365)
MOST_KEYS = 20
LONGEST_NAME = 60
_KEY = re.compile(r"suki_([1-9][0-9]{0,17})_([1-9][0-9]{0,17})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Presented:
    """A key in its parts, not proved yet."""

    shop_id: int
    key_id: int
    secret: str


@dataclass(frozen=True, slots=True)
class Pace:
    """How many calls are left in this window, and how long it lasts."""

    left: int
    seconds: int


def make(conn: Connection, shop_id: int, name: str, actor: str, now: datetime, scopes: Iterable[str] = SCOPES) -> str:
    """A new key, whole; this is the only time that it can be read. BadInput: no name, or it would be for nothing."""
    chosen = [scope for scope in SCOPES if scope in set(scopes)]
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(NOT_RIGHT, {"name": Said("settings.automation.name_wrong", most=LONGEST_NAME)})
    if sum(key.revoked_at is None for key in api_keys.all_of(conn, shop_id)) >= MOST_KEYS:
        raise BadInput(NOT_RIGHT, {"name": Said("settings.automation.too_many", most=MOST_KEYS)})
    if not chosen:
        raise BadInput(NOT_RIGHT, {"scope": Said("settings.automation.no_scope")})
    secret = secrets.token_urlsafe(32)
    number = api_keys.add(conn, shop_id, name, _digest(secret), secret[-4:], actor, now, chosen)
    detail = {"key": number, "scopes": chosen}
    activity_pages.note_staff_act(conn, shop_id, actor, "make_api_key", name, detail, now)
    return f"suki_{shop_id}_{number}_{secret}"


def revoke(conn: Connection, shop_id: int, key_id: int, actor: str, now: datetime) -> None:
    """The key opens nothing any more. Done twice, it is done once."""
    key = api_keys.get(conn, shop_id, key_id)
    if key is None:
        raise NotFound(Said("frame.error.not_found"))
    if api_keys.revoke(conn, shop_id, key_id, now):
        activity_pages.note_staff_act(conn, shop_id, actor, "revoke_api_key", key.name, {"key": key_id}, now)


def read(text: str) -> Presented | None:
    """The parts of what somebody presents as a key; None for anything else."""
    match = _KEY.fullmatch(text)
    return Presented(int(match[1]), int(match[2]), match[3]) if match else None


def proved(conn: Connection, presented: Presented) -> tuple[str, ...] | None:
    """What the key is for; None if the shop, which this transaction works for, has no such key, or has revoked it."""
    known, scopes = api_keys.digest_of(conn, presented.shop_id, presented.key_id)
    return scopes if hmac.compare_digest(_digest(presented.secret), known or bytes(32)) else None


def is_old(key: ApiKey, now: datetime) -> bool:
    """Whether a key that works has been in use for so long that it should be replaced."""
    return key.revoked_at is None and now - key.created_at >= OLD_AFTER


def count_call(conn: Connection, presented: Presented, now: datetime) -> Pace:
    """Note that the key is used. TooMany, with the seconds to wait, above CALLS_A_MINUTE."""
    calls, since = api_keys.count_call(conn, presented.shop_id, presented.key_id, now)
    seconds = max(1, round((since + api_keys.WINDOW - now).total_seconds()))
    if calls > CALLS_A_MINUTE:
        raise TooMany(f"You can make up to {CALLS_A_MINUTE} calls a minute with each key.", seconds)
    return Pace(CALLS_A_MINUTE - calls, seconds)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
