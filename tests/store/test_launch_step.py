"""The step to launches (0044), from a database of the version before: shops at work are launched, the others drafts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from plugin.store.database import migrate
from plugin.store.database.db import engine_at
from tests.conftest import TestDatabase

SCHEMA = "before_launches"
SHOPS = {
    "gave-points": ("installed", "entries", "launched"),
    "changed-programme": ("installed", "second version", "launched"),
    "both": ("installed", "entries, second version", "launched"),
    "just-installed": ("installed", "", "draft"),
    "left-at-work": ("uninstalled", "entries", "launched"),
    "left-at-once": ("uninstalled", "", "draft"),
    "erased": ("redacted", "second version", "draft"),
}
"""What each had: its state, what it had done; and what becomes of it."""


def step(conn: Connection, revision: str) -> None:
    """Alembic's steps up to this one."""
    config = Config(attributes={"connection": conn})
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, revision)
    conn.commit()


@pytest.fixture
def before(engine: Engine, database: TestDatabase) -> Iterator[Engine]:
    """A schema of its own, as the version before launches left it."""
    with engine.begin() as conn:
        conn.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    own = engine_at(database.url, search_path=SCHEMA)
    with own.connect() as conn:
        step(conn, "0043")
    yield own
    own.dispose()
    with engine.begin() as conn:
        conn.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))


def fill(conn: Connection) -> None:
    """Shops as they were then, each with what it had done."""
    for number, (name, (state, had, _)) in enumerate(SHOPS.items(), start=1):
        conn.execute(text("SELECT set_config('suki.shop_id', :id, true)"), {"id": str(number)})
        domain = f"{name}.myshopify.com"
        conn.execute(
            text("INSERT INTO shops (id, domain, state) VALUES (:id, :domain, :state)"),
            {"id": number, "domain": domain, "state": state},
        )
        for version in (1, 2) if "second version" in had else (1,):
            conn.execute(
                text("INSERT INTO programme_versions (shop_id, number, author) VALUES (:shop, :number, 'test')"),
                {"shop": number, "number": version},
            )  # fmt: skip
        if "entries" in had:
            conn.execute(
                text("INSERT INTO members (id, shop_id, customer_id, state) VALUES (:id, :id, 7, 'member')"),
                {"id": number},
            )
            conn.execute(
                text("INSERT INTO entries (shop_id, member_id, kind, points, subject, line, effective_at, actor)"
                     " VALUES (:shop, :shop, 'welcome', 5, 'welcome', 1, now(), 'suki')"),
                {"shop": number},
            )  # fmt: skip


def test_a_shop_at_work_has_launched_and_one_that_never_began_is_a_draft(before: Engine) -> None:
    with before.begin() as conn:
        fill(conn)
    with before.connect() as conn:
        step(conn, "0044")
        rows = conn.execute(text("SELECT domain, stage, launched_at, paused, first_paused_at FROM shops ORDER BY id"))
        found = [tuple(row) for row in rows]
        named = conn.execute(text("SELECT current_setting('suki.shop_id', true)")).scalar_one()
    assert found == [(f"{name}.myshopify.com", stage, None, [], None) for name, (_, _, stage) in SHOPS.items()]
    assert named in ("", None)
    with before.begin() as conn:
        conn.execute(text("SELECT set_config('suki.shop_id', '1', true)"))
        assert conn.execute(text("SELECT test_member FROM members")).scalars().all() == [False]
        assert conn.execute(text("SELECT count(*) FROM pauses")).scalar_one() == 0
    with before.connect() as conn:
        step(conn, "head")
    with before.begin() as conn:
        conn.execute(text("SELECT set_config('suki.shop_id', '99', true)"))
        conn.execute(text("INSERT INTO shops (id, domain, state) VALUES (99, 'new.myshopify.com', 'installed')"))
        stages = conn.execute(text("SELECT stage FROM shops ORDER BY id")).scalars().all()
    assert stages == [*(stage for _, _, stage in SHOPS.values()), "draft"]
