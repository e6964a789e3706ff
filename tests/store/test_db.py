"""The kinds of transaction: what each sees, that none leaks, and what a lost database looks like."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from plugin.errors import SettingsError, Unavailable
from plugin.observe import masked
from plugin.settings import Settings
from plugin.store.database import db, migrate
from plugin.store.reports import health
from tests.conftest import ShopRow, TestDatabase

SHOP_NOW = text("SELECT current_setting('suki.shop_id', true)")
SCOPE_NOW = text("SELECT current_setting('suki.scope', true)")


def test_a_shop_transaction_names_its_shop_and_forgets_it_at_the_end(engine: Engine, shop: ShopRow) -> None:
    with db.shop_transaction(engine, shop.id) as connection:
        assert connection.execute(SHOP_NOW).scalar_one() == str(shop.id)
    with db.system_transaction(engine) as connection:
        assert connection.execute(SHOP_NOW).scalar_one() in ("", None)


def test_a_scope_ends_with_its_transaction(engine: Engine) -> None:
    with db.dispatch_transaction(engine) as connection:
        assert connection.execute(SCOPE_NOW).scalar_one() == "dispatch"
    with db.system_transaction(engine) as connection:
        assert connection.execute(SCOPE_NOW).scalar_one() in ("", None)


def test_an_error_undoes_everything_and_gives_the_connection_back(engine: Engine, shop: ShopRow) -> None:
    with pytest.raises(ZeroDivisionError), db.shop_transaction(engine, shop.id) as connection:
        connection.execute(text("UPDATE shops SET name = 'changed'"))
        raise ZeroDivisionError
    with db.system_transaction(engine) as connection:
        assert connection.execute(text("SELECT name FROM shops")).scalar_one() == "Demo"


def test_what_the_database_refuses_stays_its_own_error(engine: Engine, shop: ShopRow) -> None:
    with pytest.raises(IntegrityError), db.system_transaction(engine) as connection:
        connection.execute(text("INSERT INTO shops (domain) VALUES (:domain)"), {"domain": shop.domain})


def test_an_error_does_not_quote_the_values_it_was_about(engine: Engine) -> None:
    with pytest.raises(IntegrityError) as caught, db.system_transaction(engine) as connection:
        connection.execute(text("INSERT INTO shops (domain) VALUES (:domain)"), {"domain": "Not A Domain"})
    assert "parameters hidden" in str(caught.value)
    assert "Not A Domain" not in masked(str(caught.value))


def test_a_session_speaks_utc_and_gives_up_on_endless_statements(engine: Engine) -> None:
    with db.system_transaction(engine) as connection:
        assert connection.execute(text("SHOW timezone")).scalar_one() == "UTC"
        assert connection.execute(text("SHOW statement_timeout")).scalar_one() == "30s"


def test_a_connection_cut_in_the_middle_is_unavailable_and_the_next_one_works(engine: Engine) -> None:
    with pytest.raises(Unavailable), db.system_transaction(engine) as connection:
        own = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with db.system_transaction(engine) as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": own})
        connection.execute(text("SELECT 1"))
    with db.system_transaction(engine) as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


def test_no_database_is_unavailable_and_not_ready(tmp_path: Path) -> None:
    nowhere = db.engine_at(f"postgresql://suki@/suki?host={tmp_path}")
    with pytest.raises(Unavailable), db.system_transaction(nowhere):
        pass
    assert health.readiness(nowhere).problems == ("the database does not answer",)


def test_a_busy_pool_is_unavailable_and_does_not_wait_for_ever(settings: Settings, engine: Engine) -> None:
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    small = db.engine_at(url, pool_size=1, max_overflow=0, pool_timeout=0.1)
    with db.system_transaction(small), pytest.raises(Unavailable), db.system_transaction(small):
        pass
    small.dispose()


def test_a_migrated_database_with_nothing_to_do_is_ready(engine: Engine) -> None:
    assert health.readiness(engine) == health.Readiness(())
    with db.dispatch_transaction(engine) as connection:
        assert health.backlog(connection) == health.Backlog(0, 0, 0, 0.0, 0, 0, 0, 0.0)


def test_a_database_of_an_older_version_is_not_ready(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    older = migrate.newest()
    monkeypatch.setattr(migrate, "newest", lambda: "9999")
    assert health.readiness(engine).problems == (
        f"the database is at schema {older}, this version needs 9999: run `suki migrate`",
    )


@contextmanager
def at_schema(engine: Engine, revision: str | None) -> Iterator[None]:
    """As if another version had migrated it; None: nobody."""
    before = migrate.newest()
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        if revision:
            connection.execute(text("INSERT INTO alembic_version VALUES (:it)"), {"it": revision})
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM alembic_version"))
            connection.execute(text("INSERT INTO alembic_version VALUES (:it)"), {"it": before})


def test_a_newer_database_is_ready_for_an_older_process_and_cannot_be_migrated_back(
    engine: Engine, database: TestDatabase
) -> None:
    with at_schema(engine, "9998"):
        assert health.readiness(engine).ready
        with pytest.raises(SettingsError, match=r"schema 9998, which is newer than this version of Suki .*Nothing was"):
            migrate.upgrade(database.owner_url, 5)


def test_a_database_that_nobody_migrated_is_not_ready(engine: Engine) -> None:
    with at_schema(engine, None):
        assert health.readiness(engine).problems == ("the database has no tables yet: run `suki migrate`",)


def test_a_late_worker_takes_no_web_process_away(engine: Engine, shop: ShopRow) -> None:
    with db.shop_transaction(engine, shop.id) as connection:
        connection.execute(
            text("INSERT INTO inbox (delivery_id, shop_id, not_before) VALUES (1, :shop, now() - interval '1 hour')"),
            {"shop": shop.id},
        )
    assert health.readiness(engine).ready
    with db.dispatch_transaction(engine) as connection:
        assert health.backlog(connection).inbox_seconds > 3590


def test_the_database_is_asked_once_in_two_seconds_however_many_ask(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Engine] = []
    ready = [health.Readiness(()), health.Readiness(("gone",))]
    monkeypatch.setattr(health, "readiness", lambda of: (asked.append(of), ready[len(asked) - 1])[1])
    moment = [100.0]
    watch = health.Watch(engine, lambda: moment[0])
    with ThreadPoolExecutor(8) as people:
        assert {found.ready for found in people.map(lambda _: watch.readiness(), range(40))} == {True}
    assert asked == [engine]
    moment[0] += health.KEPT_SECONDS
    assert [watch.readiness().problems for _ in range(3)] == [("gone",)] * 3
    assert asked == [engine, engine]
