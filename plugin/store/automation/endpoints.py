"""Endpoints of outgoing webhooks: where a shop's events go, which, how they are signed, and how it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.rules.events import EventKind
from plugin.rules.outgoing.conditions import Condition
from plugin.store.database.bulk import to_json
from plugin.store.shops import seal


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint. `kinds`: none means every kind. `failures` in a row; until `not_before` it is left alone."""

    id: int
    name: str
    url: str
    kinds: Sequence[EventKind]
    conditions: Sequence[Condition]
    personal: bool
    at_once: int
    state: str
    off_because: str
    failures: int
    failing_since: datetime | None
    not_before: datetime | None
    former_until: datetime | None
    created_at: datetime

    def wants(self, kind: EventKind) -> bool:
        """Whether it is told of this kind of event."""
        return not self.kinds or kind in self.kinds


_COLUMNS = (
    "id, name, url, kinds, conditions, personal, at_once, state, off_because, failures, failing_since, not_before,"
    " former_until, created_at"
)


def _endpoint(row: Any) -> Endpoint:
    number, name, url, kinds, conditions, *rest = row
    return Endpoint(
        number, name, url, [EventKind(kind) for kind in kinds], [Condition(**one) for one in conditions], *rest
    )


def add(conn: Connection, shop_id: int, secret: bytes, values: Mapping[str, Any], actor: str, now: datetime) -> int:
    """A new endpoint's id; it is on from now."""
    number = int(conn.exec_driver_sql("SELECT nextval('endpoints_id_seq')").scalar_one())
    conn.exec_driver_sql(
        "INSERT INTO endpoints (id, shop_id, name, url, kinds, conditions, personal, at_once, secret, made_by,"
        " created_at) VALUES (%(id)s, %(shop)s, %(name)s, %(url)s, %(kinds)s, %(conditions)s, %(personal)s,"
        " %(at_once)s, %(secret)s, %(actor)s, %(now)s)",
        {
            **_values(values),
            "id": number,
            "shop": shop_id,
            "actor": actor,
            "now": now,
            "secret": _sealed(conn, shop_id, number, secret),
        },
    )
    return number


def change(conn: Connection, shop_id: int, number: int, values: Mapping[str, Any]) -> None:
    """Its name, address, kinds, conditions, whether people's data go along, and how many messages at once."""
    conn.exec_driver_sql(
        "UPDATE endpoints SET name = %(name)s, url = %(url)s, kinds = %(kinds)s, conditions = %(conditions)s,"
        " personal = %(personal)s, at_once = %(at_once)s WHERE shop_id = %(shop)s AND id = %(id)s",
        {**_values(values), "shop": shop_id, "id": number},
    )


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    conditions = [{"field": one.field, "compare": one.compare, "value": one.value} for one in values["conditions"]]
    return {**values, "kinds": [kind.value for kind in values["kinds"]], "conditions": to_json(conditions)}


def _sealed(conn: Connection, shop_id: int, number: int, secret: bytes) -> bytes:
    return seal.seal_of(conn).close(secret, seal.of_endpoint(shop_id, number))


def all_of(conn: Connection, shop_id: int) -> list[Endpoint]:
    """The shop's endpoints, in the order in which they were made."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM endpoints WHERE shop_id = %(shop)s ORDER BY id", {"shop": shop_id}
    )
    return [_endpoint(row) for row in rows]


def get(conn: Connection, shop_id: int, number: int, *, lock: bool = False) -> Endpoint | None:
    """One endpoint of this shop."""
    row = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM endpoints WHERE shop_id = %(shop)s AND id = %(id)s{' FOR UPDATE' if lock else ''}",
        {"shop": shop_id, "id": number},
    ).one_or_none()
    return _endpoint(row) if row else None


def listening(conn: Connection, shop_id: int) -> bool:
    """Whether there is anybody to tell."""
    asked = conn.exec_driver_sql(
        "SELECT EXISTS (SELECT FROM endpoints WHERE shop_id = %(shop)s AND state = 'on')", {"shop": shop_id}
    )
    return bool(asked.scalar_one())


def secrets_of(conn: Connection, shop_id: int, number: int, now: datetime) -> list[bytes]:
    """The secrets that sign now, the newest first. Unreadable: under a key that is not given."""
    row = conn.exec_driver_sql(
        "SELECT secret, CASE WHEN former_until > %(now)s THEN former_secret END FROM endpoints"
        " WHERE shop_id = %(shop)s AND id = %(id)s",
        {"shop": shop_id, "id": number, "now": now},
    ).one()
    keys = seal.seal_of(conn)
    return [keys.open(bytes(one), seal.of_endpoint(shop_id, number)) for one in row if one is not None]


def renew_secret(conn: Connection, shop_id: int, number: int, secret: bytes, former_until: datetime) -> None:
    """From now on a new secret signs; the one before it signs beside it for a while."""
    conn.exec_driver_sql(
        "UPDATE endpoints SET former_secret = secret, former_until = %(until)s, secret = %(secret)s"
        " WHERE shop_id = %(shop)s AND id = %(id)s",
        {"shop": shop_id, "id": number, "until": former_until, "secret": _sealed(conn, shop_id, number, secret)},
    )


def switch(conn: Connection, shop_id: int, number: int, *, on: bool, because: str = "") -> bool:
    """On or off; says whether it was not so before. What is switched on starts without a past."""
    changed = conn.exec_driver_sql(
        "UPDATE endpoints SET state = %(state)s, off_because = %(because)s, failures = 0, failing_since = NULL,"
        " not_before = NULL WHERE shop_id = %(shop)s AND id = %(id)s AND state <> %(state)s",
        {"shop": shop_id, "id": number, "state": "on" if on else "off", "because": because},
    )
    return changed.rowcount > 0


def note_health(
    conn: Connection, shop_id: int, number: int, failures: int, since: datetime | None, not_before: datetime | None
) -> None:
    """How often it failed in a row, since when, and until when it is left alone."""
    conn.exec_driver_sql(
        "UPDATE endpoints SET failures = %(failures)s, failing_since = %(since)s, not_before = %(until)s"
        " WHERE shop_id = %(shop)s AND id = %(id)s",
        {"shop": shop_id, "id": number, "failures": failures, "since": since, "until": not_before},
    )


def remove(conn: Connection, shop_id: int, number: int) -> None:
    """It goes, with what was sent there and what waits."""
    for table, column in (("outgoing_webhooks", "endpoint_id"), ("endpoints", "id")):
        conn.exec_driver_sql(
            f"DELETE FROM {table} WHERE shop_id = %(shop)s AND {column} = %(id)s", {"shop": shop_id, "id": number}
        )
