"""Endpoints of outgoing webhooks: made, changed, switched, given new secrets, removed; each act is in the staff log.

A secret is 256 random bits, shown once, as `whsec_` and base64 after the Standard Webhooks specification. It is kept
sealed, for it signs; it is never Shopify's, and no two endpoints share one.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from plugin.errors import BadInput, NotFound
from plugin.rules.events import WEBHOOKS, EventKind
from plugin.rules.mistakes import NOT_RIGHT
from plugin.rules.outgoing import conditions, public_address
from plugin.rules.outgoing.conditions import Condition
from plugin.rules.words.texts import Said
from plugin.store.automation import endpoints, outgoing
from plugin.store.automation.endpoints import Endpoint
from plugin.store.work import activity_pages, event_windows, jobs
from plugin.store.work.job_kinds import JobKind

MOST: Final = 20
LONGEST_NAME: Final = 60
MOST_AT_ONCE: Final = 128
BOTH_SIGN: Final = timedelta(days=1)
"""How long a former secret signs beside the new one."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What staff chose for an endpoint. `kinds`: none means every kind of event."""

    name: str
    url: str
    kinds: tuple[EventKind, ...] = ()
    conditions: tuple[Condition, ...] = ()
    personal: bool = False
    at_once: int = 4
    allowed: frozenset[str] = field(default=frozenset(), compare=False)
    """Places that the operator trusts, though they are not public."""


def make(conn: Connection, shop_id: int, wish: Wish, actor: str, now: datetime) -> tuple[int, str]:
    """A new endpoint's number and its secret; this is the only time that it can be read. BadInput by field."""
    values = _checked(wish)
    if len(endpoints.all_of(conn, shop_id)) >= MOST:
        raise BadInput(NOT_RIGHT, {"name": Said("webhooks.wrong.too_many", most=MOST)})
    begins = not endpoints.listening(conn, shop_id)
    secret = secrets.token_bytes(32)
    number = endpoints.add(conn, shop_id, secret, values, actor, now)
    if begins:
        event_windows.begin_now(conn, shop_id, WEBHOOKS)
    _note(conn, shop_id, actor, "make_endpoint", wish.name, number, now)
    return number, written(secret)


def change(conn: Connection, shop_id: int, number: int, wish: Wish, actor: str, now: datetime) -> None:
    """What staff changed holds from now on. BadInput by field; NotFound."""
    one = known(conn, shop_id, number, lock=True)
    endpoints.change(conn, shop_id, one.id, _checked(wish))
    _note(conn, shop_id, actor, "change_endpoint", wish.name, number, now)


def switch(conn: Connection, shop_id: int, number: int, on: bool, actor: str, now: datetime) -> None:
    """Nothing more goes there, or again; what waited while it was off goes when it is on. Twice is once."""
    one = known(conn, shop_id, number, lock=True)
    begins = on and not endpoints.listening(conn, shop_id)
    if not endpoints.switch(conn, shop_id, number, on=on, because="" if on else "staff"):
        return
    stop_reading(conn, shop_id)
    if begins:
        event_windows.begin_now(conn, shop_id, WEBHOOKS)
    if on:
        jobs.queue(conn, shop_id, JobKind.SEND_WEBHOOKS, [number], now)
    _note(conn, shop_id, actor, "switch_on_endpoint" if on else "switch_off_endpoint", one.name, number, now)


def renew_secret(conn: Connection, shop_id: int, number: int, actor: str, now: datetime) -> str:
    """A new secret, shown now and never again; the former one signs beside it for a day."""
    one = known(conn, shop_id, number, lock=True)
    secret = secrets.token_bytes(32)
    endpoints.renew_secret(conn, shop_id, number, secret, now + BOTH_SIGN)
    _note(conn, shop_id, actor, "renew_endpoint_secret", one.name, number, now)
    return written(secret)


def remove(conn: Connection, shop_id: int, number: int, actor: str, now: datetime) -> None:
    """It goes, with its log and what waits."""
    one = known(conn, shop_id, number, lock=True)
    endpoints.remove(conn, shop_id, number)
    stop_reading(conn, shop_id)
    _note(conn, shop_id, actor, "remove_endpoint", one.name, number, now)


def send_again(conn: Connection, shop_id: int, number: int, event_id: int, actor: str, now: datetime) -> bool:
    """One event once more; says whether it did not wait already. NotFound: nothing of it is known."""
    one = known(conn, shop_id, number)
    if outgoing.get(conn, shop_id, number, event_id) is None:
        raise NotFound(Said("frame.error.not_found"))
    fresh = outgoing.again(conn, shop_id, number, event_id, now)
    if fresh:
        jobs.queue(conn, shop_id, JobKind.SEND_WEBHOOKS, [number], now)
        _note(conn, shop_id, actor, "send_webhook_again", one.name, number, now)
    return fresh


def replay(
    conn: Connection, shop_id: int, number: int, since: datetime, until: datetime, actor: str, now: datetime
) -> None:
    """Send all that happened in a time once more, in order; a job does it. BadInput: the time is none."""
    one = known(conn, shop_id, number)
    if since >= until or since > now:
        raise BadInput(NOT_RIGHT, {"since": Said("webhooks.wrong.no_time")})
    if one.state != "on":
        raise BadInput(NOT_RIGHT, {"since": Said("webhooks.wrong.is_off")})
    terms = {"since": since.isoformat(), "until": min(until, now).isoformat()}
    jobs.queue(conn, shop_id, JobKind.REPLAY_EVENTS, [number], now, terms)
    _note(conn, shop_id, actor, "replay_events", one.name, number, now)


def stop_reading(conn: Connection, shop_id: int) -> None:
    """Without an endpoint that is on nobody reads the events for them."""
    if not endpoints.listening(conn, shop_id):
        event_windows.forget(conn, shop_id, WEBHOOKS)


def known(conn: Connection, shop_id: int, number: int, *, lock: bool = False) -> Endpoint:
    """The endpoint; NotFound if the shop has none of this number."""
    one = endpoints.get(conn, shop_id, number, lock=lock)
    if one is None:
        raise NotFound(Said("frame.error.not_found"))
    return one


def written(secret: bytes) -> str:
    """A secret as receivers are given it."""
    return "whsec_" + base64.b64encode(secret).decode()


def _checked(wish: Wish) -> dict[str, Any]:
    name, url = " ".join(wish.name.split()), wish.url.strip()
    wrong: dict[str, str] = {}
    if not name or len(name) > LONGEST_NAME:
        wrong["name"] = Said("webhooks.wrong.name_wrong", most=LONGEST_NAME)
    if why := public_address.wrong_with(url, wish.allowed):
        wrong["url"] = Said(f"webhooks.wrong.url.{why}")
    if not 1 <= wish.at_once <= MOST_AT_ONCE:
        wrong["at_once"] = Said("webhooks.wrong.at_once_wrong", most=MOST_AT_ONCE)
    for place, one in enumerate(wish.conditions):
        if conditions.wrong_with(one):
            wrong[f"condition_{place}"] = Said("webhooks.wrong.condition_wrong")
    if wrong:
        raise BadInput(NOT_RIGHT, wrong)
    return {
        "name": name,
        "url": url,
        "kinds": wish.kinds,
        "conditions": wish.conditions,
        "personal": wish.personal,
        "at_once": wish.at_once,
    }


def _note(conn: Connection, shop_id: int, actor: str, act: str, name: str, number: int, now: datetime) -> None:
    detail: Mapping[str, object] = {"endpoint": number}
    activity_pages.note_staff_act(conn, shop_id, actor, act, name, detail, now)
