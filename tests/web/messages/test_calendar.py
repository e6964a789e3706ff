"""The calendar of emails: which go to whom and when, and what one member would get next, and why not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from plugin.actions.emails.save_kind_settings import save_kind_settings
from plugin.actions.sending import refuse_emails
from plugin.rules.emails.kind_settings import KindSettings
from plugin.rules.message_kinds import MessageKind
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.shops import shops
from tests.conftest import ShopRow
from tests.messages.waiting import welcomes
from tests.web.figures import NOW
from tests.web.session import Browser

PAGE = "/app/messages/calendar"


@pytest.fixture
def ana(engine: Engine, shop: ShopRow) -> int:
    """A member whose welcome email waits."""
    (message,) = welcomes(engine, shop.id, ["ana@example.com"], NOW + timedelta(minutes=5))
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
