"""A merchant's first ten minutes: install, the guide, a recommended start, try it, launch, and the first order."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import Frame, expect
from sqlalchemy import Engine

from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.versions import programmes
from tests.browser.conftest import Seat
from tests.browser.stage import Stage


def as_on_the_first_day(engine: Engine, stage: Stage) -> None:
    """Nothing is launched yet."""
    with system_transaction(engine) as conn:
        conn.exec_driver_sql("UPDATE shops SET stage = 'draft', launched_at = NULL")
    assert stage.shop_id


def choose(app: Frame, label: str, value: str) -> None:
    app.get_by_label(label, exact=True).select_option(value)


def mails(stage: Stage) -> list[str]:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        return list(
            conn.exec_driver_sql(
                "SELECT m.email FROM messages s JOIN members m ON m.id = s.member_id WHERE s.state = 'sent'"
            ).scalars()
        )


def test_from_installing_to_the_first_order(seat: Seat, engine: Engine) -> None:
    stage = seat.stage
    as_on_the_first_day(engine, stage)
    stage.buy("Mia", "Owner")
    stage.buy("Bea", "Santos")
    stage.settle()
    app = seat.open()
    expect(app.get_by_text("Your programme isn't launched: nothing reaches shoppers")).to_be_visible()
    app.get_by_text("Recommended start").first.click()
    expect(app.locator("s-page")).to_have_attribute("heading", "Recommended start")
    choose(app, "What do you sell?", "often")
    choose(app, "What's your margin?", "fair")
    choose(app, "What matters most?", "repeat")
    app.get_by_text("Show my start").click()
    expect(app.get_by_text("₱100 off for 50 points: after about 1 order.")).to_be_visible()
    expect(app.get_by_text("Of every ₱100 that members spend, at most ₱4 goes back to them.")).to_be_visible()
    app.get_by_text("Use this start").dblclick()
    expect(app.locator("s-page")).to_have_attribute("heading", "Home")
    with shop_transaction(engine, stage.shop_id) as conn:
        assert len(programmes.versions(conn, stage.shop_id)) == 2  # whatever the second click did
    assert mails(stage) == []

    app = seat.open("/app/settings/launch")
    app.get_by_label("Customer").fill("mia.owner@example.com")
    app.get_by_text("Make a test member").click()
    expect(app.get_by_text("Mia Owner")).to_be_visible()
    stage.buy("Mia", "Owner")
    stage.buy("Bea", "Santos")
    stage.settle()
    assert set(mails(stage)) == {"mia.owner@example.com"}

    app.get_by_text("I've checked the rules and want to launch").click()
    app.get_by_role("button", name="Launch", exact=True).click()
    expect(app.locator("s-page")).to_have_attribute("heading", "Home")
    expect(app.get_by_text("nothing reaches shoppers")).to_have_count(0)
    stage.buy("Bea", "Santos", at=datetime.now(UTC))
    stage.settle()
    assert "bea.santos@example.com" in mails(stage)
    app = seat.open()
    expect(app.get_by_text("How it's going")).to_be_visible()
    card = app.locator("s-box", has_text="Points given").first
    expect(card.locator(".figure")).not_to_have_text("0")
    assert app.evaluate("document.documentElement.scrollWidth <= innerWidth")
