"""The calendar of emails: which go to whom and when, and what one member would get next, and why not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from plugin.actions.emails.save_kind_settings import save_kind_settings
from plugin.actions.members import keep_profile
from plugin.actions.sending import refuse_emails
from plugin.rules.emails.kind_settings import KindSettings
from plugin.rules.message_kinds import MessageKind
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.messages.waiting import welcomes
from tests.web.figures import NOW
from tests.web.session import Browser

PAGE = "/app/messages/calendar"


@pytest.fixture
def ana(engine: Engine, shop: ShopRow) -> int:
    """A member whose welcome email waits, and goes in five minutes from when the test begins."""
    (message,) = welcomes(engine, shop.id, ["ana@example.com"], datetime.now(UTC) + timedelta(minutes=5))
    with shop_transaction(engine, shop.id) as conn:
        return int(conn.exec_driver_sql(f"SELECT member_id FROM messages WHERE id = {message}").scalar_one())


def row(html: str, kind: MessageKind) -> str:
    """The table row of one kind."""
    return next(each for each in html.split("<s-table-row>") if f"{kind.about.label}<" in each)


def test_every_kind_is_there_with_its_trigger_its_readers_and_what_waits(browser: Browser, ana: int) -> None:
    html = browser.page(PAGE)
    assert all(f"{kind.about.label}<" in html for kind in MessageKind)
    assert "Sent when somebody joins." in row(html, MessageKind.WELCOME)
    assert "<s-table-cell>1</s-table-cell>" in row(html, MessageKind.WELCOME)
    assert "<s-table-cell>0</s-table-cell>" in row(html, MessageKind.CLAIM)


def test_a_member_is_found_by_name_or_address_and_nobody_of_another_shop(browser: Browser, ana: int) -> None:
    assert f"{PAGE}/{ana}?" in browser.page(f"{PAGE}?q=ana@example")
    assert "find a member like that" in browser.page(f"{PAGE}?q=zed")
    assert browser.get(f"{PAGE}/{ana + 1}").status_code == 404


def test_what_waits_for_a_member_comes_first(browser: Browser, ana: int) -> None:
    html = browser.page(f"{PAGE}/{ana}")
    first = html.split("<s-table-row>")[1]
    assert "Welcome<" in first and "Would be sent" in first and "–" in first


def test_what_keeps_an_email_from_a_member_is_said(browser: Browser, engine: Engine, shop: ShopRow, ana: int) -> None:
    with shop_transaction(engine, shop.id) as conn:
        here, member = shops.get(conn, shop.id), members.get(conn, shop.id, ana)
        assert member is not None
        refuse_emails.by_one_click(conn, here, member, MessageKind.TIER_REACHED, NOW)
        save_kind_settings(conn, shop.id, MessageKind.CLAIM, KindSettings(False, {}), "staff:1", NOW)
    html = browser.page(f"{PAGE}/{ana}")
    refused, off = row(html, MessageKind.TIER_REACHED), row(html, MessageKind.CLAIM)
    assert "be sent" in refused and "The member turned this kind of email off." in refused
    assert "This kind of email is turned off." in off
    assert "Would be sent" in row(html, MessageKind.SECOND_STEP)


def publish(engine: Engine, shop: ShopRow, **rules: object) -> None:
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme.model_validate(rules), "test", "", NOW - timedelta(hours=1))


def test_what_comes_is_listed_by_day_with_what_brings_it_about(
    browser: Browser, engine: Engine, shop: ShopRow, ana: int
) -> None:
    years = {"kind": "anniversary", "id": "ayears", "name": "Anniversary", "points": 5}
    birthday = {"kind": "birthday", "id": "abirthday", "name": "Birthday", "points": 5, "waiting_days": 0}
    publish(engine, shop, activities=[years, birthday])
    with shop_transaction(engine, shop.id) as conn:
        here, member = shops.get(conn, shop.id), members.get(conn, shop.id, ana)
        assert member is not None
        born = here.day(NOW) + timedelta(days=9)
        keep_profile.set_birthday(conn, here, ana, (born.month, born.day), "staff:1", NOW)
        save_kind_settings(conn, shop.id, MessageKind.BIRTHDAY, KindSettings(True, {"hour": 18}), "staff:1", NOW)
        save_kind_settings(conn, shop.id, MessageKind.ANNIVERSARY, KindSettings(False, {}), "staff:1", NOW)
    lines = browser.page(f"{PAGE}/{ana}").split("<s-table-row data-coming=")[1:]
    kinds = [line.split('"')[1] for line in lines]
    assert kinds == ["welcome", "points_usable", "birthday", "statement", "anniversary"]
    assert "Their birthday is on" in lines[2] and ", 18:00" in lines[2] and "Would be sent" in lines[2]
    assert "they have been a member for 1 year." in lines[4]
    for off in lines[3:]:
        assert "be sent" in off and "This kind of email is turned off." in off


def test_a_newcomer_gets_no_summary_of_a_month_before_they_joined_and_nobody_is_said_to_be_invited_who_was_not(
    browser: Browser, engine: Engine, shop: ShopRow, ana: int
) -> None:
    publish(engine, shop, referrals={"enabled": True})
    with shop_transaction(engine, shop.id) as conn:
        here, now = shops.get(conn, shop.id), datetime.now(UTC)
        save_kind_settings(conn, shop.id, MessageKind.STATEMENT, KindSettings(True, {"hour": 9}), "staff:1", NOW)
        days = {"first_day": here.day(now) - timedelta(days=90), "second_day": here.day(now) - timedelta(days=60)}
        conn.exec_driver_sql(
            "INSERT INTO member_stats (shop_id, member_id, first_day, second_day, last_day, orders)"
            f" VALUES ({shop.id}, {ana}, %(first_day)s, %(second_day)s, %(second_day)s, 2)",
            days,
        )
    html = browser.page(f"{PAGE}/{ana}")
    assert "The time to invite them after their second order was over before" in row(html, MessageKind.INVITE_FRIENDS)
    month = {"first": (here.day(now).replace(day=28) + timedelta(days=4)).replace(day=1)}
    [line] = [one for one in html.split("<s-table-row data-coming=")[1:] if one.startswith('"statement"')]
    assert f"{month['first']:%-d %b %Y}" in line


def test_what_does_not_come_has_its_reason(browser: Browser, ana: int) -> None:
    html = browser.page(f"{PAGE}/{ana}")
    assert "Points do not expire in your programme." in row(html, MessageKind.POINTS_EXPIRING)
    assert "Your programme gives no points for birthdays." in row(html, MessageKind.BIRTHDAY)
    assert "They have not ordered yet." in row(html, MessageKind.WIN_BACK)
    assert "Sent " in row(html, MessageKind.ORDER_CONFIRMATION)


@pytest.mark.parametrize("address", ["", "/{ana}"])
def test_what_waits_for_retention_is_off_and_says_so(browser: Browser, ana: int, address: str) -> None:
    html = browser.page(PAGE + address.format(ana=ana))
    found = html.split("Mailing to a segment<")[1].split("</s-table-row>")[0]
    assert "Needs segments, which come with Retention." in found
    assert "Off" in found
    for name in ("Win-back by each member&#39;s own rhythm", "Recommended products"):
        assert name in html
