"""Who opens the app becomes known: Shopify says who owns the shop, and is asked once for each account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import Engine

from plugin.actions.shops import staff_roles
from plugin.app import create_app
from plugin.cli import main
from plugin.clients.shopify import tokens as token_client
from plugin.clients.shopify.tokens import Person
from plugin.errors import Unauthorized, Unavailable
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops, staff
from plugin.store.shops.staff import Account
from sandbox import run
from sandbox.run import Running
from sandbox.shop.staff import OWNER
from tests.conftest import ShopRow, TestDatabase
from tests.test_settings import GOOD
from tests.web.conftest import make_open
from tests.web.session import Browser, id_token

NICO, BEA = "548380010", "548380011"
NOW = datetime.now(UTC)


@pytest.fixture
def sandbox(settings: Settings, shop: ShopRow, tmp_path: Path) -> Iterator[Running]:
    """A local Shopify that knows the shop and who works there."""
    secret = settings.shopify_api_secret.get_secret_value()
    running = run.start(data_dir=tmp_path / "sandbox", api_key=settings.shopify_api_key, api_secret=secret)
    running.shop(shop.domain, currency="PHP")
    yield running
    running.stop()


@pytest.fixture
def live(settings: Settings, sandbox: Running) -> Settings:
    return settings.model_copy(update={"shopify_shop_url": sandbox.shop_url, "http_timeout_seconds": 3.0})


@pytest.fixture
def app(live: Settings, engine: Engine, shop: ShopRow) -> Flask:
    """The app for an installed shop that nobody has opened since accounts are kept."""
    make_open(engine, live, shop)
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("DELETE FROM staff")
    return create_app(live, engine)


def known(engine: Engine, shop: ShopRow) -> dict[str, tuple[str, str]]:
    with shop_transaction(engine, shop.id) as conn:
        return {one.id: (one.role, one.name) for one in staff.all_of(conn, shop.id)}


def admitted(engine: Engine, shop: ShopRow, account: str, person: Person | None, now: datetime = NOW) -> str:
    with shop_transaction(engine, shop.id) as conn:
        return staff_roles.admit(conn, shop.id, account, person, now).role


def test_the_first_to_open_and_the_owner_are_owners_and_anybody_else_looks(
    app: Flask, live: Settings, engine: Engine, shop: ShopRow
) -> None:
    for account in (NICO, BEA, str(OWNER)):
        assert Browser(app, live, shop.domain, account).get("/app").status_code == 200
    assert known(engine, shop) == {
        NICO: ("owner", "Nico Reyes"),
        BEA: ("viewer", "Bea Santos"),
        str(OWNER): ("owner", "Liza Mercado"),
    }
    page = Browser(app, live, shop.domain, str(OWNER)).page("/app/settings/staff")
    assert "Nico Reyes" in page and "nico@shop.example" in page and "Liza Mercado (you)" in page


def test_shopify_is_asked_once_for_each_account(
    app: Flask, live: Settings, engine: Engine, shop: ShopRow, sandbox: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = token_client.person
    monkeypatch.setattr(token_client, "person", lambda *given: asked.append(given[2]) or ask(*given))
    browser = Browser(app, live, shop.domain, NICO)
    for _ in range(3):
        browser.page("/app")
    assert len(asked) == 1


def test_a_manager_of_before_who_owns_the_shop_becomes_owner_and_another_stays(
    app: Flask, live: Settings, engine: Engine, shop: ShopRow
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        for account in (str(OWNER), NICO):
            staff.keep(conn, shop.id, Account(account, "manager", "", "", NOW, NOW))
    for account in (NICO, str(OWNER)):
        Browser(app, live, shop.domain, account).page("/app")
    assert {account: role for account, (role, _) in known(engine, shop).items()} == {
        NICO: "manager",
        str(OWNER): "owner",
    }


def test_where_shopify_does_not_say_the_first_owns_the_next_looks_and_it_is_asked_again_later(
    app: Flask, live: Settings, engine: Engine, shop: ShopRow, sandbox: Running
) -> None:
    sandbox.web.stop()
    for account in (NICO, str(OWNER)):
        Browser(app, live, shop.domain, account).page("/app")
    assert known(engine, shop) == {NICO: ("owner", ""), str(OWNER): ("viewer", "")}
    with shop_transaction(engine, shop.id) as conn:
        owner = staff.get(conn, shop.id, str(OWNER))
    assert owner is not None and owner.ask_at is not None
    assert not staff_roles.due(owner, owner.ask_at - timedelta(seconds=1))
    assert staff_roles.due(owner, owner.ask_at)
    assert admitted(engine, shop, str(OWNER), Person(str(OWNER), "Liza", "", True)) == "owner"


def test_a_role_given_by_an_owner_is_not_taken_by_asking_again(engine: Engine, shop: ShopRow) -> None:
    assert admitted(engine, shop, "1", None) == "owner"
    assert admitted(engine, shop, "2", Person("2", "Two", "", False)) == "viewer"
    with shop_transaction(engine, shop.id) as conn:
        staff_roles.set_role(conn, shop.id, "2", "manager", "staff:1", NOW)
    assert admitted(engine, shop, "2", Person("2", "Two", "", False)) == "manager"
    assert admitted(engine, shop, "1", Person("1", "One", "", False)) == "owner"


def test_what_shopify_says_of_somebody_else_makes_nobody_an_owner(engine: Engine, shop: ShopRow) -> None:
    admitted(engine, shop, "1", None)
    assert admitted(engine, shop, "2", Person("3", "The owner", "", True)) == "viewer"
    assert known(engine, shop)["2"] == ("viewer", "")


def test_an_account_of_another_shop_is_new_here(engine: Engine, shop: ShopRow, other_shop: ShopRow) -> None:
    admitted(engine, other_shop, "1", None)
    admitted(engine, shop, "9", None)
    assert admitted(engine, shop, "1", None) == "viewer"


def test_a_reinstalled_shop_asks_about_everybody_again(engine: Engine, shop: ShopRow) -> None:
    admitted(engine, shop, "1", Person("1", "One", "", True))
    with shop_transaction(engine, shop.id) as conn:
        staff.ask_again(conn, shop.id, NOW)
        found = staff.get(conn, shop.id, "1")
    assert staff_roles.due(found, NOW)


def test_last_seen_is_written_now_and_then(app: Flask, live: Settings, engine: Engine, shop: ShopRow) -> None:
    browser, now = Browser(app, live, shop.domain, NICO), datetime.now(UTC)
    browser.page("/app")
    with shop_transaction(engine, shop.id) as conn:
        staff.seen(conn, shop.id, NICO, now - timedelta(minutes=29))
    browser.page("/app")
    with shop_transaction(engine, shop.id) as conn:
        first = staff.get(conn, shop.id, NICO)
        staff.seen(conn, shop.id, NICO, now - timedelta(days=3))
    browser.page("/app")
    with shop_transaction(engine, shop.id) as conn:
        second = staff.get(conn, shop.id, NICO)
    assert first is not None and second is not None
    assert first.seen_at == now - timedelta(minutes=29)
    assert second.seen_at > now - timedelta(minutes=5)


def test_the_question_itself(live: Settings, shop: ShopRow, sandbox: Running) -> None:
    with requests.Session() as session:
        token = id_token(live, shop.domain, sub=str(OWNER))
        found = token_client.person(live, session, shop.domain, token)
        assert found == Person(str(OWNER), "Liza Mercado", "liza@shop.example", True)
        with pytest.raises(Unauthorized):
            token_client.person(live, session, shop.domain, id_token(live, shop.domain, exp=1))


@pytest.mark.parametrize(
    "said", [{}, {"associated_user": None}, {"associated_user": {"id": "x"}}, {"associated_user": {"id": 5}}, []]
)
def test_an_answer_without_a_person_is_no_answer(
    live: Settings, shop: ShopRow, monkeypatch: pytest.MonkeyPatch, said: object
) -> None:
    monkeypatch.setattr(token_client, "_ask", lambda *_: said)
    with requests.Session() as session, pytest.raises(Unavailable, match="who this is"):
        token_client.person(live, session, shop.domain, "token")


class TestTheHost:
    @pytest.fixture(autouse=True)
    def environment(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: TestDatabase) -> None:
        monkeypatch.chdir(tmp_path)
        for name in Settings.model_fields:
            monkeypatch.delenv(name.upper(), raising=False)
        for name, value in {**GOOD, "DATABASE_URL": database.url}.items():
            monkeypatch.setenv(name, value)

    def suki(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["staff", *arguments])

    def test_appoints_an_owner_and_lists_who_there_is(self, engine: Engine, shop: ShopRow) -> None:
        admitted(engine, shop, "1", None)
        admitted(engine, shop, "22", Person("22", "Nico Reyes", "", False))
        done = self.suki("owner", "--shop", shop.domain, "--account", "22")
        assert done.output == f"22 is now an owner of {shop.domain}.\n"
        assert known(engine, shop)["22"] == ("owner", "Nico Reyes")
        assert [line.split()[:2] for line in self.suki("list", "--shop", shop.domain).output.splitlines()] == [
            ["1", "owner"],
            ["22", "owner"],
        ]

    def test_also_somebody_who_never_opened_the_app(self, engine: Engine, shop: ShopRow) -> None:
        assert self.suki("owner", "--shop", shop.domain, "--account", "7").exit_code == 0
        assert known(engine, shop) == {"7": ("owner", "")}

    @pytest.mark.parametrize(
        ("domain", "account"), [("demo.myshopify.com", "x"), ("demo.myshopify.com", "0"), ("no.myshopify.com", "5")]
    )
    def test_says_what_is_wrong(self, engine: Engine, shop: ShopRow, domain: str, account: str) -> None:
        done = self.suki("owner", "--shop", domain, "--account", account)
        assert done.exit_code == 1
        assert known(engine, shop) == {}


def test_the_keys_of_the_api_end_with_the_app(engine: Engine, shop: ShopRow) -> None:
    from plugin.actions.shops import api_keys, install_shop

    with shop_transaction(engine, shop.id) as conn:
        key = api_keys.read(api_keys.make(conn, shop.id, "Till", "staff:1", NOW))
        assert key is not None and api_keys.proved(conn, key)
        install_shop.uninstall(conn, shop.id, NOW)
        shops.set_state(conn, shop.id, "installed", NOW)
        assert not api_keys.proved(conn, key)
