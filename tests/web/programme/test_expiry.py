"""The merchant sets when points end; the member's page says it of each lot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from plugin.rules.points.expiry_rules import Expiry
from plugin.rules.programme import Programme
from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.web.session import Browser

PATH = "/app/programme/expiry"


def fields(**changes: str) -> dict[str, str]:
    form = {f"expiry.{name}": str(value) for name, value in Expiry().model_dump().items()}
    return {**form, "based_on": "1", **{f"expiry.{name}": value for name, value in changes.items()}}


def test_the_page_saves_only_its_own_part_as_the_next_version(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    assert "No points are due to expire." in browser.page(PATH)
    answer = browser.post(PATH, **fields(policy="after_earning", period="12", unit="months"))
    assert answer.status_code == 303
    with shop_transaction(engine, shop.id) as conn:
        newest = programmes.current(conn, shop.id, datetime.now(UTC))
    wanted = Programme(expiry=Expiry(policy="after_earning", period=12, unit="months"))
    assert (newest.number, newest.programme, newest.author) == (2, wanted, "staff:88000123")
    assert "can be used until the end of" in browser.page(PATH)
    assert "Expiry, points expire: never → a set time after earning" in browser.page("/app/programme/versions")


def test_saving_the_rules_keeps_the_expiry(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    from plugin.web.forms.rules import form_of

    browser.post(PATH, **fields(policy="inactivity"))
    browser.post("/app/programme", **{**form_of(Programme(welcome_points=5)), "based_on": "2"})
    with shop_transaction(engine, shop.id) as conn:
        programme = programmes.current(conn, shop.id, datetime.now(UTC)).programme
    assert (programme.welcome_points, programme.expiry.policy) == (5, "inactivity")


def test_mistakes_stand_at_their_fields_and_nothing_is_saved(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    answer = browser.post(PATH, **fields(policy="after_earning", period="0"))
    assert answer.status_code == 422 and 'error="Enter 1 or more."' in answer.text
    answer = browser.post(PATH, **fields(policy="calendar", day="31", month="6"))
    assert 'error="This month has fewer days."' in answer.text
    answer = browser.post(PATH, **fields(first_warning_days="3"))
    assert "Enter fewer days than for the first email." in answer.text
    assert browser.post(PATH, **{**fields(policy="calendar"), "based_on": "7"}).status_code == 409
    with shop_transaction(engine, shop.id) as conn:
        assert programmes.current(conn, shop.id, datetime.now(UTC)).number == 1


def test_a_members_page_says_when_each_lot_ends(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    browser.post(PATH, **fields(policy="after_earning", period="10"))
    now = datetime.now(UTC)
    with shop_transaction(engine, shop.id) as conn:
        ana = Buyer(customer_id=7, email="ana@example.com")
        members.add(conn, shop.id, [ana], {ana: now})
        member = members.by_customers(conn, shop.id, [7])[7].id
        accounts = Ledger(conn, shop.id, [member])
        accounts.post([Entry(member, "earned", 30, "order:1", 1, now + timedelta(seconds=5), "suki")], now)
        accounts.write()
    last = (now.astimezone(ZoneInfo("Asia/Manila")) + timedelta(days=10, seconds=5)).date()
    assert f"Last day: {last.strftime('%-d %b %Y')}." in browser.page(f"/app/members/{member}")
    assert "30</s-text>" in browser.page(PATH)
