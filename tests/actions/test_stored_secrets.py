"""Keys change without losing anything: step by step, killed in the middle, and a start that knows what it lacks."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import Engine

from plugin.actions.privacy.forgetting_key import forgetting_key
from plugin.actions.shops import stored_secrets
from plugin.cli import main
from plugin.errors import SettingsError, Unreadable
from plugin.settings import Settings
from plugin.store.database.db import engine_at, shop_transaction, system_transaction
from plugin.store.shops import secret_keys
from plugin.store.shops.seal import Seal, of_endpoint, of_partner_code, of_redemption, of_token, option
from tests.conftest import KEY, ShopRow, TestDatabase
from tests.test_settings import GOOD

NEW, THIRD = Fernet.generate_key().decode(), Fernet.generate_key().decode()
NOW = datetime(2026, 11, 20, tzinfo=UTC)
EVERYWHERE = ("endpoints.former_secret", "endpoints.secret", "own_keys.secret", "pool_codes.secret",
              "redemptions.secret", "shop_tokens.access_token", "shop_tokens.refresh_token")  # fmt: skip
INSERT = {
    "shop_tokens": "INSERT INTO shop_tokens (shop_id, access_token, access_expires_at, refresh_token,"
    " refresh_expires_at) VALUES (%(shop)s, %(a)s, now(), %(b)s, now())",
    "redemptions": "INSERT INTO redemptions (id, shop_id, member_id, reward, subject, code, secret)"
    " VALUES (%(id)s, %(shop)s, 1, 'r', %(id)s::text, %(id)s::text, %(a)s)",
    "endpoints": "INSERT INTO endpoints (id, shop_id, secret, former_secret) VALUES (%(shop)s, %(shop)s, %(a)s, %(b)s)",
    "pool_codes": "INSERT INTO pool_codes (shop_id, reward, mark, secret, added_at)"
    " VALUES (%(shop)s, 'r', %(mark)s, %(a)s, now())",
}


def with_keys(settings: Settings, *keys: str) -> Settings:
    return settings.model_copy(update={"encryption_keys": SecretStr(",".join(keys))})


def on(database: TestDatabase, *keys: str) -> Engine:
    return engine_at(database.url, "suki-keys", pool_size=2, execution_options=option(Seal(keys)))


@pytest.fixture
def filled(engine: Engine, settings: Settings, shop: ShopRow, other_shop: ShopRow) -> int:
    """Secrets of two shops in every place, half of them as an earlier version wrote them; answers how many rows."""
    old, former = Seal([KEY]), Fernet(KEY)
    for each in (shop, other_shop):
        with shop_transaction(engine, each.id) as conn:
            said = {
                "shop": each.id,
                "a": former.encrypt(b"shpat"),
                "b": old.close(b"shprt", of_token("refresh_token", each.id)),
            }
            conn.exec_driver_sql(INSERT["shop_tokens"], said)
            hooks = {"a": former.encrypt(b"new"), "b": old.close(b"old", of_endpoint(each.id, each.id))}
            conn.exec_driver_sql(INSERT["endpoints"], {"shop": each.id, **hooks})
            for number in range(1, 6):
                key = each.id * 100 + number
                sealed = old.close(b"card", of_redemption(each.id, key)) if number % 2 else former.encrypt(b"card")
                conn.exec_driver_sql(INSERT["redemptions"], {"shop": each.id, "id": key, "a": sealed})
                mark = bytes([number])
                code = (
                    old.close(b"code", of_partner_code(each.id, "r", mark)) if number % 2 else former.encrypt(b"code")
                )
                conn.exec_driver_sql(INSERT["pool_codes"], {"shop": each.id, "mark": mark, "a": code})
            conn.exec_driver_sql(
                "INSERT INTO redemptions (id, shop_id, member_id, reward, subject, code)"
                " VALUES (%s, %s, 1, 'r', 'x', 'x')",
                (each.id * 100, each.id),
            )
    forgetting_key(engine, settings)
    return 2 * (1 + 1 + 1 + 1 + 5 + 5) + 1


def texts(engine: Engine, shop: ShopRow, keys: Seal) -> list[bytes]:
    """Everything that is stored for a shop, opened in its place."""
    with shop_transaction(engine, shop.id) as conn:
        pair = conn.exec_driver_sql("SELECT access_token, refresh_token FROM shop_tokens").one()
        cards = conn.exec_driver_sql("SELECT id, secret FROM redemptions WHERE secret IS NOT NULL").fetchall()
        hooks = conn.exec_driver_sql("SELECT secret, former_secret FROM endpoints").one()
        codes = conn.exec_driver_sql("SELECT mark, secret FROM pool_codes").fetchall()
    return [
        keys.open(pair[0], of_token("access_token", shop.id)),
        keys.open(pair[1], of_token("refresh_token", shop.id)),
        *(keys.open(secret, of_endpoint(shop.id, shop.id)) for secret in hooks),
        *(keys.open(secret, of_redemption(shop.id, number)) for number, secret in cards),
        *(keys.open(secret, of_partner_code(shop.id, "r", mark)) for mark, secret in codes),
    ]


def test_after_a_rotation_the_new_key_alone_opens_everything(
    filled: int, database: TestDatabase, engine: Engine, settings: Settings, shop: ShopRow, other_shop: ShopRow
) -> None:
    remembered = forgetting_key(engine, settings)
    both = on(database, NEW, KEY)
    report = stored_secrets.rotate(both, with_keys(settings, NEW, KEY))
    assert report.done
    assert report.renewed == dict(zip(EVERYWHERE, (2, 2, 1, 10, 10, 2, 2), strict=True))
    assert report.renewed.total() == filled
    for each in (shop, other_shop):
        assert texts(engine, each, Seal([NEW])) == [b"shpat", b"shprt", b"new", b"old"] + [b"card"] * 5 + [b"code"] * 5
        with pytest.raises(Unreadable):
            texts(engine, each, Seal([KEY]))
    assert forgetting_key(engine, with_keys(settings, NEW)) == remembered
    again = stored_secrets.rotate(both, with_keys(settings, NEW, KEY))
    assert again.done and again.renewed.total() == 0
    both.dispose()


def test_killed_in_the_middle_it_goes_on_where_it_was(
    filled: int,
    database: TestDatabase,
    engine: Engine,
    settings: Settings,
    shop: ShopRow,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(secret_keys, "A_STEP", 2)
    both, chosen = on(database, NEW, KEY), with_keys(settings, NEW, KEY)
    seen = 0

    def killed(_name: str, renewed: int) -> None:
        nonlocal seen
        seen += renewed
        if seen >= 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stored_secrets.rotate(both, chosen, killed)
    halfway = stored_secrets.count(both)
    assert halfway.left.total() == filled - seen and not halfway.unreadable.total()
    texts(engine, shop, Seal([NEW, KEY]))
    report = stored_secrets.rotate(both, chosen)
    assert report.done and report.renewed.total() == filled - seen
    both.dispose()


def test_what_no_key_opens_is_counted_kept_and_the_rest_is_done(
    filled: int, database: TestDatabase, engine: Engine, settings: Settings, shop: ShopRow
) -> None:
    lost = Seal([THIRD]).close(b"lost", of_redemption(shop.id, 1))
    swapped = Seal([KEY]).close(b"card", of_redemption(shop.id, 2))
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql(INSERT["redemptions"], {"shop": shop.id, "id": 1, "a": lost})
        conn.exec_driver_sql(INSERT["redemptions"], {"shop": shop.id, "id": 3, "a": swapped})
    both = on(database, NEW, KEY)
    report = stored_secrets.rotate(both, with_keys(settings, NEW, KEY))
    assert not report.done
    assert (report.unreadable["redemptions.secret"], report.left.total()) == (2, 0)
    assert report.renewed.total() == filled
    with shop_transaction(engine, shop.id) as conn:
        kept = conn.exec_driver_sql("SELECT secret FROM redemptions WHERE id IN (1, 3) ORDER BY id").scalars().all()
    assert [bytes(each) for each in kept] == [lost, swapped]
    both.dispose()


def test_a_row_that_somebody_holds_is_not_waited_for_and_counted(
    filled: int, database: TestDatabase, engine: Engine, settings: Settings, shop: ShopRow
) -> None:
    both = on(database, NEW, KEY)
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("SELECT FROM shop_tokens FOR UPDATE")
        report = stored_secrets.rotate(both, with_keys(settings, NEW, KEY))
    assert not report.done
    assert +report.left == {"shop_tokens.access_token": 1, "shop_tokens.refresh_token": 1}
    assert stored_secrets.rotate(both, with_keys(settings, NEW, KEY)).done
    both.dispose()


class TestTheStart:
    def test_a_key_that_is_needed_and_not_given_stops_it(self, engine: Engine, settings: Settings) -> None:
        stored_secrets.check(engine, settings)
        stored_secrets.check(engine, with_keys(settings, NEW, KEY))
        for keys in ((NEW,), (KEY,), (THIRD, NEW)):
            with pytest.raises(SettingsError, match="lacks a key"):
                stored_secrets.check(engine, with_keys(settings, *keys))
        stored_secrets.check(engine, with_keys(settings, KEY, NEW))

    def test_after_a_rotation_the_former_key_is_not_asked_for(
        self, filled: int, database: TestDatabase, engine: Engine, settings: Settings
    ) -> None:
        stored_secrets.check(engine, settings)
        both = on(database, NEW, KEY)
        stored_secrets.check(engine, with_keys(settings, NEW, KEY))
        stored_secrets.rotate(both, with_keys(settings, NEW, KEY))
        stored_secrets.check(engine, with_keys(settings, NEW))
        with pytest.raises(SettingsError):
            stored_secrets.check(engine, settings)
        both.dispose()

    def test_the_first_start_after_an_upgrade_tries_the_tokens(
        self, filled: int, engine: Engine, settings: Settings
    ) -> None:
        with pytest.raises(SettingsError):
            stored_secrets.check(engine, with_keys(settings, NEW))
        stored_secrets.check(engine, with_keys(settings, NEW, KEY))
        with system_transaction(engine) as conn:
            assert set(secret_keys.known(conn)) == set(Seal([NEW, KEY]).names)

    def test_a_lost_key_can_be_given_up(self, engine: Engine, settings: Settings) -> None:
        stored_secrets.check(engine, settings)
        assert stored_secrets.give_up_lost(engine, with_keys(settings, NEW)) == 1
        stored_secrets.check(engine, with_keys(settings, NEW))

    def test_a_database_of_before_is_not_looked_at(self, engine: Engine, settings: Settings) -> None:
        with system_transaction(engine) as conn:
            conn.exec_driver_sql("ALTER TABLE secret_keys RENAME TO other_keys")
        try:
            stored_secrets.check(engine, with_keys(settings, NEW))
        finally:
            with system_transaction(engine) as conn:
                conn.exec_driver_sql("ALTER TABLE other_keys RENAME TO secret_keys")

    def test_a_database_that_is_away_stops_nothing(self, settings: Settings, tmp_path: Path) -> None:
        away = settings.model_copy(update={"database_url": f"postgresql://suki@/suki?host={tmp_path}"})
        stored_secrets.check_at_start(away)


class TestTheCommand:
    @pytest.fixture(autouse=True)
    def environment(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: TestDatabase) -> None:
        monkeypatch.chdir(tmp_path)
        for name in Settings.model_fields:
            monkeypatch.delenv(name.upper(), raising=False)
        for name, value in {**GOOD, "DATABASE_URL": database.url, "ENCRYPTION_KEYS": f"{NEW},{KEY}"}.items():
            monkeypatch.setenv(name, value)

    def suki(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["secrets", *arguments])

    def test_counts_changes_and_reports(self, filled: int) -> None:
        before = self.suki("rotate", "--check")
        assert before.exit_code == 1
        assert "redemptions.secret                 0 encrypted anew        10 under an older key" in before.output
        done = self.suki("rotate")
        assert (done.exit_code, done.output.splitlines()[-1]) == (
            0, "Everything uses the first of ENCRYPTION_KEYS. You can remove the others."
        )  # fmt: skip
        assert self.suki("rotate", "--check").exit_code == 0

    def test_gives_up_a_lost_key_when_told(self, engine: Engine, settings: Settings) -> None:
        stored_secrets.check(engine, with_keys(settings, THIRD))
        assert self.suki("lost").exit_code == 1
        assert self.suki("lost", "--yes").output == "1 key is no longer needed.\n"
