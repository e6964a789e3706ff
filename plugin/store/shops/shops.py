"""Shops, what they have set, and their tokens (encrypted before they come here)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.observe import get_logger
from plugin.rules import zones
from plugin.rules.reach import Launch
from plugin.store.database.bulk import to_json

log = get_logger()


@dataclass(frozen=True, slots=True)
class Shop:
    """One installed store. `settings` holds what staff set outside the programme; `timezone` is one that this
    machine knows."""

    id: int
    domain: str
    state: str
    name: str
    email: str
    currency: str
    timezone: str
    locale: str
    brand: Mapping[str, Any]
    settings: Mapping[str, Any]
    scopes: tuple[str, ...]
    needs_reopen: bool
    installed_at: datetime
    reconciled_until: datetime | None
    shopify_id: int | None = None
    uninstalled_at: datetime | None = None
    stage: str = "draft"
    launched_at: datetime | None = None
    paused: tuple[str, ...] = ()
    first_paused_at: datetime | None = None

    @property
    def launch(self) -> Launch:
        """Whether its programme reaches shoppers, as `rules.reach` wants to know it."""
        return Launch(self.stage == "launched", frozenset(self.paused))

    @property
    def zone(self) -> ZoneInfo:
        """Whose days, weeks and months count here."""
        return ZoneInfo(self.timezone)

    def day(self, moment: datetime) -> date:
        """The shop's day that holds the moment."""
        return moment.astimezone(self.zone).date()

    def last_day(self, ends_at: datetime) -> date:
        """The last day of something that ends with a midnight of the shop."""
        return self.day(ends_at - timedelta.resolution)

    @property
    def unknown_zone(self) -> str:
        """The zone that Shopify names for the shop, where it is not known here: days are counted in `timezone`."""
        return str(self.settings.get("unknown_timezone", ""))

    @property
    def counts_from(self) -> datetime:
        """Orders placed before this moment earn nothing."""
        set_by_staff = self.settings.get("counts_from")
        return datetime.fromisoformat(set_by_staff) if set_by_staff else self.installed_at

    @property
    def past_version(self) -> int:
        """The programme version that judges orders from before the first version."""
        return int(self.settings.get("past_version", 1))

    @property
    def storefront(self) -> str:
        """Where shoppers find the shop, without a trailing slash."""
        return str(self.settings.get("storefront_url") or f"https://{self.domain}").rstrip("/")

    @property
    def code_salt(self) -> str:
        """What makes this shop's code names unguessable."""
        return str(self.settings.get("code_salt", ""))


@dataclass(frozen=True, slots=True)
class StoredTokens:
    """A shop's token pair, encrypted."""

    access_token: bytes
    access_expires_at: datetime
    refresh_token: bytes
    refresh_expires_at: datetime


_COLUMNS = (
    "id, domain, state, name, email, currency, timezone, locale, brand, settings, scopes, needs_reopen,"
    " installed_at, reconciled_until, shopify_id, uninstalled_at, stage, launched_at, paused, first_paused_at"
)


def _shop(row: Any) -> Shop:
    values = list(row)
    values[10], values[18] = tuple(values[10]), tuple(values[18])
    if not zones.is_known(values[6]):
        values[9] = {"unknown_timezone": values[6]} | values[9]
        values[6] = zones.USUAL
    return Shop(*values)


def get(conn: Connection, shop_id: int, *, lock: bool = False) -> Shop:
    """The shop with this id; it exists."""
    suffix = " FOR UPDATE" if lock else ""
    row = conn.exec_driver_sql(f"SELECT {_COLUMNS} FROM shops WHERE id = %(id)s{suffix}", {"id": shop_id})
    return _shop(row.one())


def find(conn: Connection, shop_id: int) -> Shop | None:
    """The shop with this id, if there is one."""
    row = conn.exec_driver_sql(f"SELECT {_COLUMNS} FROM shops WHERE id = %(id)s", {"id": shop_id})
    found = row.one_or_none()
    return _shop(found) if found else None


def by_domain(conn: Connection, domain: str) -> Shop | None:
    """The shop with this myshopify.com domain."""
    row = conn.exec_driver_sql(f"SELECT {_COLUMNS} FROM shops WHERE domain = %(d)s", {"d": domain})
    found = row.one_or_none()
    return _shop(found) if found else None


def installed(conn: Connection) -> list[Shop]:
    """Every installed shop."""
    rows = conn.exec_driver_sql(f"SELECT {_COLUMNS} FROM shops WHERE state = 'installed' ORDER BY id")
    return [_shop(row) for row in rows]


def add(conn: Connection, domain: str, settings: Mapping[str, object], now: datetime) -> int:
    """A new shop's id, or the id of the one there is, put back to installed.

    A new shop's orders count from now on; staff may set an earlier day.
    """
    row = conn.exec_driver_sql(
        "INSERT INTO shops (domain, settings, installed_at) VALUES (%(domain)s, %(settings)s::jsonb, %(now)s)"
        " ON CONFLICT (domain) DO UPDATE SET state = 'installed', uninstalled_at = NULL, needs_reopen = false,"
        " installed_at = CASE WHEN shops.state = 'installed' THEN shops.installed_at"
        " ELSE excluded.installed_at END RETURNING id",
        {"domain": domain, "settings": to_json({"counts_from": now, **settings}), "now": now},
    ).one()
    return int(row[0])


_DESCRIBED = ("name", "email", "currency", "timezone", "locale", "scopes", "shopify_id", "told_at")


def describe(conn: Connection, shop_id: int, facts: Mapping[str, object], told_at: datetime | None = None) -> None:
    """Take over what Shopify says of the shop: name, email, currency, timezone, locale, scopes, its number.

    A time zone that is not known here leaves the shop with the one it had; its name is kept, and shown to staff.
    What was told at a moment is left where it is older than what we hold.
    """
    if told_at is not None:
        if _is_late(conn, shop_id, told_at):
            return
        facts = {**facts, "told_at": told_at}
    if "timezone" in facts:
        facts = _with_known_zone(conn, shop_id, facts)
    names = [name for name in _DESCRIBED if name in facts]
    sets = ", ".join(f"{name} = %({name})s" for name in names)
    if sets:
        conn.exec_driver_sql(f"UPDATE shops SET {sets} WHERE id = %(id)s", {**facts, "id": shop_id})


def _is_late(conn: Connection, shop_id: int, told_at: datetime) -> bool:
    """Whether something newer is held; the shop is locked until the transaction ends."""
    held = conn.exec_driver_sql("SELECT told_at FROM shops WHERE id = %(id)s FOR UPDATE", {"id": shop_id}).scalar_one()
    return held is not None and told_at < held


def _with_known_zone(conn: Connection, shop_id: int, facts: Mapping[str, object]) -> dict[str, object]:
    name = str(facts["timezone"])
    known = zones.is_known(name)
    unknown = "" if known else "".join(filter(str.isprintable, name))[: zones.LONGEST]
    merge_settings(conn, shop_id, {"unknown_timezone": unknown})
    if not known:
        log.warning("unknown_time_zone", shop_id=shop_id, zone=unknown)
    return {name: value for name, value in facts.items() if known or name != "timezone"}


def set_state(conn: Connection, shop_id: int, state: str, now: datetime) -> None:
    """installed, uninstalled or redacted."""
    conn.exec_driver_sql(
        "UPDATE shops SET state = %(state)s, uninstalled_at ="
        " CASE WHEN %(state)s = 'installed' THEN NULL ELSE coalesce(uninstalled_at, %(now)s) END WHERE id = %(id)s",
        {"id": shop_id, "state": state, "now": now},
    )


def set_needs_reopen(conn: Connection, shop_id: int, needed: bool) -> None:
    """Whether the merchant must open the app again before Shopify takes our calls."""
    conn.exec_driver_sql(
        "UPDATE shops SET needs_reopen = %(needed)s WHERE id = %(id)s", {"id": shop_id, "needed": needed}
    )


def merge_settings(conn: Connection, shop_id: int, changes: Mapping[str, object]) -> None:
    """Change some settings, keep the others."""
    conn.exec_driver_sql(
        "UPDATE shops SET settings = settings || %(changes)s::jsonb WHERE id = %(id)s",
        {"id": shop_id, "changes": to_json(changes)},
    )


def merge_setting(conn: Connection, shop_id: int, name: str, changes: Mapping[str, object]) -> None:
    """Change some of what stands under one setting, keep the rest of it; another's change at the same time stays."""
    conn.exec_driver_sql(
        "UPDATE shops SET settings = settings || jsonb_build_object(%(name)s::text,"
        " coalesce(settings -> %(name)s, '{}'::jsonb) || %(changes)s::jsonb) WHERE id = %(id)s",
        {"id": shop_id, "name": name, "changes": to_json(changes)},
    )


def set_brand(conn: Connection, shop_id: int, brand: Mapping[str, object]) -> None:
    """Colours, logo and sender of the shop's mails."""
    conn.exec_driver_sql(
        "UPDATE shops SET brand = %(brand)s::jsonb WHERE id = %(id)s",
        {"id": shop_id, "brand": to_json(brand)},
    )


def set_reconciled(conn: Connection, shop_id: int, until: datetime) -> None:
    """Up to when the shop's orders have been compared with ours."""
    conn.exec_driver_sql(
        "UPDATE shops SET reconciled_until = greatest(reconciled_until, %(until)s) WHERE id = %(id)s",
        {"id": shop_id, "until": until},
    )


def tokens(conn: Connection, shop_id: int, *, lock: bool = False) -> StoredTokens | None:
    """The shop's token pair; locked, so that one refreshes and the others wait."""
    suffix = " FOR UPDATE" if lock else ""
    row = conn.exec_driver_sql(
        "SELECT access_token, access_expires_at, refresh_token, refresh_expires_at FROM shop_tokens"
        f" WHERE shop_id = %(shop)s{suffix}",
        {"shop": shop_id},
    ).one_or_none()
    return StoredTokens(bytes(row[0]), row[1], bytes(row[2]), row[3]) if row else None


def save_tokens(conn: Connection, shop_id: int, pair: StoredTokens) -> None:
    """Replace the pair."""
    conn.exec_driver_sql(
        "INSERT INTO shop_tokens (shop_id, access_token, access_expires_at, refresh_token, refresh_expires_at)"
        " VALUES (%(shop)s, %(access)s, %(access_until)s, %(refresh)s, %(refresh_until)s)"
        " ON CONFLICT (shop_id) DO UPDATE SET access_token = excluded.access_token,"
        " access_expires_at = excluded.access_expires_at, refresh_token = excluded.refresh_token,"
        " refresh_expires_at = excluded.refresh_expires_at, updated_at = now()",
        {
            "shop": shop_id,
            "access": pair.access_token,
            "access_until": pair.access_expires_at,
            "refresh": pair.refresh_token,
            "refresh_until": pair.refresh_expires_at,
        },
    )


def drop_tokens(conn: Connection, shop_id: int) -> None:
    """Shopify no longer takes them."""
    conn.exec_driver_sql("DELETE FROM shop_tokens WHERE shop_id = %(shop)s", {"shop": shop_id})


def idle_since(conn: Connection, shop_ids: Iterable[int], before: datetime) -> list[int]:
    """Of these shops, the ones whose pair was last replaced before the moment (visible shops only)."""
    rows = conn.exec_driver_sql(
        "SELECT shop_id FROM shop_tokens WHERE shop_id = ANY(%(ids)s) AND updated_at < %(before)s",
        {"ids": list(shop_ids), "before": before},
    )
    return [row[0] for row in rows]


def ever(conn: Connection) -> list[Shop]:
    """Every shop that there was, also those of which nothing is left."""
    return [_shop(row) for row in conn.exec_driver_sql(f"SELECT {_COLUMNS} FROM shops ORDER BY id")]


def everyone(conn: Connection) -> list[Shop]:
    """Every shop whose data was not erased."""
    rows = conn.exec_driver_sql(f"SELECT {_COLUMNS} FROM shops WHERE state <> 'redacted' ORDER BY id")
    return [_shop(row) for row in rows]
