"""What the gate does for views that say too little, and for whom it opens nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, event
from structlog.testing import capture_logs

from plugin.actions.shops.staff_roles import SEEN_EVERY
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.shops import access_log, shops, staff
from plugin.store.shops.access_log import Wanted
from plugin.store.shops.staff import Account
from plugin.web.auth import caller
from plugin.web.current import reading, transaction
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.session import STAFF, Browser, id_token


def written(engine: Engine, shop: ShopRow) -> list[tuple[str, int | None]]:
    """The access log, newest first: what, and of how many."""
    with shop_transaction(engine, shop.id) as conn:
        return [(one.what, one.how_many) for one in access_log.page(conn, shop.id, Wanted(), None)]


@contextmanager
def begun(engine: Engine) -> Iterator[list[Connection]]:
    """The transactions that begin meanwhile."""
    found: list[Connection] = []
    note = found.append  # the same object both times: SQLAlchemy knows a listener by its identity
    event.listen(engine, "begin", note)
    try:
        yield found
    finally:
        event.remove(engine, "begin", note)


def in_transaction() -> str:
    """What a view answers that says nothing of people, and looks at the shop's rows."""
    with transaction():
        return "rows"


def counted_within() -> str:
    """What a view answers that says of how many within its transaction, as all ought to."""
    with transaction():
        reading("members", 3)
    return "three"


def counted_without() -> str:
    """What a view answers that says of how many when its transaction is over."""
    reading("members", 3)
    return "three"


@pytest.fixture
def views(app: Flask, browser: Browser) -> Browser:
    """Views that say what they show of people, or do not; one of them refuses."""
    people = caller("session", role="viewer", reads="members")
    for path, view in {
        "silent": people(lambda: "Ana"),
        "refusing": people(lambda: ("no", 400)),
        "within": people(counted_within),
        "without": people(counted_without),
        "rows": caller("session")(in_transaction),
        "nothing": caller("session", reads="nothing")(lambda: "no people"),
        "undeclared": lambda: "Ana",
        "sent": caller("webhook")(lambda: "Ana"),
    }.items():
        app.add_url_rule(f"/{path}", path, view)
    app.add_url_rule("/form", "form", caller("session")(lambda: "done"), methods=["GET", "POST"])
    app.add_url_rule("/folder/", "folder", caller("public")(lambda: "inside"))
    return browser


@pytest.fixture
def manager(views: Browser, app: Flask, shop: ShopRow, engine: Engine) -> Browser:
    """Somebody of the shop's staff who is no owner."""
    with shop_transaction(engine, shop.id) as conn:
        staff.keep(conn, shop.id, Account("99", "manager", "", "", None, datetime.now(UTC)))
    return Browser(app, views.settings, shop.domain, "99")


class TestWhatIsWrittenDown:
    def test_a_page_that_shows_people_and_never_said_how_many_is_written_down_all_the_same(
        self, views: Browser, engine: Engine, shop: ShopRow
    ) -> None:
        assert views.get("/silent").text == "Ana"
        assert written(engine, shop) == [("members", None)]
        assert views.get("/refusing").status_code == 400
        assert written(engine, shop) == [("members", None)]

    def test_what_a_view_said_of_how_many_is_kept_though_its_transaction_was_over(
        self, views: Browser, engine: Engine, shop: ShopRow
    ) -> None:
        assert views.get("/without").text == "three"
        assert written(engine, shop) == [("members", 3)]

    def test_what_was_written_down_within_the_views_transaction_costs_no_other(
        self, views: Browser, engine: Engine, shop: ShopRow
    ) -> None:
        with begun(engine) as plain:
            assert views.get("/rows").text == "rows"
        with begun(engine) as reading_people:
            assert views.get("/within").text == "three"
        assert len(reading_people) == len(plain) > 1
        assert written(engine, shop) == [("members", 3)]

    @pytest.mark.parametrize("path", ["/rows", "/nothing", "/form"])
    def test_a_page_without_people_leaves_no_line_however_it_is_asked_for(
        self, views: Browser, engine: Engine, shop: ShopRow, path: str
    ) -> None:
        assert views.get(path).status_code == 200
        assert views.client.head(path, headers=views._headers()).status_code == 200
        assert written(engine, shop) == []


class TestWhoMayCallWhat:
    def test_a_view_that_declares_no_caller_and_one_for_webhooks_answer_nobody(self, views: Browser) -> None:
        for path in ("/undeclared", "/sent"):
            assert views.get(path).status_code == 401
            assert "This address answers nobody" in views.get(path).text
            assert "Ana" not in views.get(path).text

    def test_an_address_that_is_nowhere_and_one_that_leads_elsewhere_are_not_found(self, views: Browser) -> None:
        """The address that it leads to would carry the signed query."""
        assert views.client.get("/folder/").text == "inside"
        for path in ("/folder?signature=abc", "/nowhere"):
            answer = views.client.get(path)
            assert (answer.status_code, answer.headers.get("Location")) == (404, None)

    def test_a_form_without_a_role_is_the_owners_and_a_page_without_one_is_everybodys(
        self, views: Browser, manager: Browser
    ) -> None:
        assert views.post("/form").text == "done"
        assert manager.get("/form").text == "done"
        assert manager.client.head("/form", headers=manager._headers()).status_code == 200
        answer = manager.post("/form")
        assert answer.status_code == 403
        assert "Your role here is manager; this is for owners." in answer.text

    def test_a_form_of_somebody_unknown_is_a_viewers_and_makes_nobody_known(
        self, views: Browser, app: Flask, shop: ShopRow, engine: Engine
    ) -> None:
        answer = Browser(app, views.settings, shop.domain, "77").post("/form")
        assert answer.status_code == 403
        assert "Your role here is viewer; this is for owners." in answer.text
        with shop_transaction(engine, shop.id) as conn:
            assert [one.id for one in staff.all_of(conn, shop.id)] == [STAFF]


class TestWhenSomebodyWasSeen:
    @pytest.fixture
    def last(self, engine: Engine, shop: ShopRow, manager: Browser) -> datetime:
        """When the manager was here, so long ago that it is to be written down again."""
        moment = (datetime.now(UTC) - SEEN_EVERY * 2).replace(microsecond=0)
        with shop_transaction(engine, shop.id) as conn:
            staff.keep(conn, shop.id, Account("99", "manager", "", "", None, moment))
        return moment

    def seen_at(self, engine: Engine, shop: ShopRow, account: str = "99") -> datetime:
        with shop_transaction(engine, shop.id) as conn:
            known = staff.get(conn, shop.id, account)
        assert known is not None
        return known.seen_at

    def test_a_page_says_so_and_a_form_does_not(
        self, manager: Browser, engine: Engine, shop: ShopRow, last: datetime
    ) -> None:
        with shop_transaction(engine, shop.id) as conn:
            staff.set_role(conn, shop.id, "99", "owner")
        assert manager.post("/form").text == "done"
        assert self.seen_at(engine, shop) == last
        assert manager.client.head("/form", headers=manager._headers()).status_code == 200
        assert datetime.now(UTC) - self.seen_at(engine, shop) < SEEN_EVERY

    def test_the_next_page_soon_after_writes_nothing(
        self, manager: Browser, engine: Engine, shop: ShopRow, last: datetime
    ) -> None:
        manager.get("/form")
        first = self.seen_at(engine, shop)
        manager.get("/form")
        assert first > last
        assert self.seen_at(engine, shop) == first


class TestAShopThatCannotBeOpened:
    @pytest.fixture
    def unreachable(self, settings: Settings) -> Settings:
        """Nobody listens where Shopify should be."""
        return settings.model_copy(update={"shopify_shop_url": "http://127.0.0.1:9", "http_timeout_seconds": 1.0})

    @pytest.fixture
    def app(self, unreachable: Settings, engine: Engine) -> Flask:
        from plugin.app import create_app

        return create_app(unreachable, engine)

    def look_again(self, engine: Engine, shop: ShopRow) -> None:
        with shop_transaction(engine, shop.id) as conn:
            shops.merge_settings(conn, shop.id, {"facts_at": "2020-01-01T00:00:00+00:00"})

    def test_a_shop_that_took_the_app_off_is_opened_by_nobody(
        self, browser: Browser, engine: Engine, shop: ShopRow
    ) -> None:
        assert browser.get("/app").status_code == 200
        with shop_transaction(engine, shop.id) as conn:
            shops.set_state(conn, shop.id, "uninstalled", datetime.now(UTC) + timedelta(seconds=1))
        with capture_logs() as lines:
            assert browser.get("/app").status_code == 503
        failed = [line for line in lines if line["event"] == "open_failed"]
        assert [(line["shop"], line["error"], line["log_level"]) for line in failed] == [
            (shop.domain, "Unavailable", "warning")
        ]

    def test_one_that_is_installed_shows_what_there_is_and_says_in_the_log_why(
        self, browser: Browser, engine: Engine, shop: ShopRow
    ) -> None:
        self.look_again(engine, shop)
        with capture_logs() as lines:
            assert browser.get("/app").status_code == 200
        assert [line["error"] for line in lines if line["event"] == "open_failed"] == ["Unavailable"]

    def test_one_that_nobody_knows_is_refused_with_what_shopify_said(
        self, app: Flask, unreachable: Settings, engine: Engine, shop: ShopRow
    ) -> None:
        make_open(engine, unreachable, shop)
        stranger = Browser(app, unreachable, "stranger.myshopify.com")
        assert stranger.get("/app").status_code == 503
        assert stranger.post("/app/settings/automation", name="Till", scope="read").status_code == 503
        with shop_transaction(engine, shop.id) as conn:
            assert shops.by_domain(conn, "stranger.myshopify.com") is None


def test_the_token_in_the_address_opens_a_page_as_the_one_in_the_header_does(views: Browser) -> None:
    query = {"id_token": id_token(views.settings, views.domain), "shop": views.domain}
    assert views.client.get("/silent", query_string=query).text == "Ana"
    assert views.client.get("/silent").status_code != 200
