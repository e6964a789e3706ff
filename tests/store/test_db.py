"""The kinds of transaction: what each sees, that none leaks, and what a lost database looks like."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from plugin.errors import Unavailable
from plugin.observe import masked
from plugin.settings import Settings
from plugin.store import health
from plugin.store.database import db, migrate
from tests.conftest import ShopRow

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
    found = health.readiness(engine)
    assert found.ready and found.backlog == health.Backlog(0, 0, 0, 0.0, 0, 0, 0, 0.0)


def test_a_database_of_another_version_is_not_ready(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "newest", lambda: "9999")
    assert health.readiness(engine).problems[0].endswith("this version needs 9999: run `suki migrate`")


def test_an_old_delivery_makes_the_worker_suspect(engine: Engine, shop: ShopRow) -> None:
    with db.shop_transaction(engine, shop.id) as connection:
        connection.execute(
            text("INSERT INTO inbox (delivery_id, shop_id, not_before) VALUES (1, :shop, now() - interval '1 hour')"),
            {"shop": shop.id},
        )
    [problem] = health.readiness(engine).problems
    assert problem.startswith("the oldest delivery has waited 3600 s")
