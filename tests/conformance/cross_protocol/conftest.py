"""Two installed shops behind the whole app as a server runs it, and what every table holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import psycopg
import pytest
from flask import Flask
from psycopg import sql
from pydantic import SecretStr
from sqlalchemy import Engine
from werkzeug.test import Client

from plugin.actions.sending.email_links import email_links
from plugin.app import create_app, front
from plugin.settings import Settings
from plugin.store.database.db import system_transaction
from tests.conformance.cross_protocol.messages import CLIENT_ID
from tests.conftest import ShopRow, TestDatabase
from tests.web.conftest import make_open

SECRET = "shpss_0123456789abcdef0123456789abcdef"
NUMBERS = (548380009, 548380010)
"""What Shopify calls the two shops."""
COUNTS = ("intake_counters",)
"""Tables that count what was refused."""


@dataclass
class Town:
    """The app, the shop that is attacked and the shop of the attacker, both installed."""

    app: Flask
    client: Client
    engine: Engine
    mine: ShopRow
    theirs: ShopRow
    held: Callable[..., dict[str, str]] = field(repr=False)


@pytest.fixture
def town(
    settings: Settings, engine: Engine, shop: ShopRow, other_shop: ShopRow, database: TestDatabase
) -> Iterator[Town]:
    """Everything in place."""
    changes = {"shopify_api_secret": SecretStr(SECRET), "shopify_api_key": CLIENT_ID, "database_url": database.url}
    live = settings.model_copy(update=changes)
    for number, each in zip(NUMBERS, (shop, other_shop), strict=True):
        make_open(engine, live, each)
        with system_transaction(engine) as conn:
            conn.exec_driver_sql(
                "UPDATE shops SET shopify_id = %(no)s WHERE id = %(id)s", {"no": number, "id": each.id}
            )
    with system_transaction(engine) as conn:
        email_links(conn, live)  # the key of the links in emails is made when it is first asked for
    with psycopg.connect(database.superuser_url, autocommit=True) as keeper:
        yield Town(create_app(live, engine), Client(front(live, engine)), engine, shop, other_shop, _held(keeper))


def _held(keeper: psycopg.Connection) -> Callable[..., dict[str, str]]:
    """What every table holds, as one sum each; some may be left out."""

    def held(*but: str) -> dict[str, str]:
        names = keeper.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relispartition ORDER BY 1"
        ).fetchall()
        sums = {}
        for (name,) in names:
            if name not in (*COUNTS, *but):
                ask = sql.SQL("SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {} AS t")
                row = keeper.execute(ask.format(sql.Identifier(name))).fetchone()
                sums[name] = row[0] if row else ""
        return sums

    return held
