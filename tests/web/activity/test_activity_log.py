"""What waits and what was done reads as staff speak: whom a job is for, and who did what."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from plugin.rules.types import Buyer
from plugin.rules.words import catalogues
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.versions import programmes
from plugin.store.work import activity_pages, jobs, messages
from tests.conftest import ShopRow
from tests.web.figures import plain_text
from tests.web.session import STAFF, Browser

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def ana(engine: Engine, shop: ShopRow) -> int:
    buyer = Buyer(customer_id=7, email="ana@example.com", first_name="Ana", last_name="Reyes")
    with shop_transaction(engine, shop.id) as conn:
        members.add(conn, shop.id, [buyer], {buyer: NOW})
        return members.by_customers(conn, shop.id, [7])[7].id


def test_a_job_says_what_it_does_and_for_whom(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    member = ana(engine, shop)
    with shop_transaction(engine, shop.id) as conn:
        row = {"shop_id": shop.id, "member_id": member, "kind": "order_confirmation", "subject": "order:1"}
        [(mail, *_)] = messages.queue(conn, [row], NOW)
        jobs.queue(conn, shop.id, "send_message", [mail], NOW)
        jobs.queue(conn, shop.id, "automatic", ["due"], NOW)
        jobs.queue(conn, shop.id, "programme_begins", [14], NOW)
        jobs.queue(conn, shop.id, "push_member", [member, 99_999], NOW)
    said = plain_text(browser.page("/app/activity/jobs", state="queued"))
    assert "Send the email “Order confirmation” · Ana Reyes" in said
    assert "Run automatic rules" in said
    assert "Publish version 14 of the programme" in said
    assert "Update points in Shopify · Ana Reyes" in said
    assert "Update points in Shopify" in said


def test_staff_read_what_they_did_once_and_with_names(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    member = ana(engine, shop)
    rule = {"name": "Coffee day", "effect": "multiplier", "multiplier": "2", "based_on": "1"}
    assert browser.post("/app/programme/orders/rule", **rule).status_code == 303
    with shop_transaction(engine, shop.id) as conn:
        for action, subject, detail in (
            ("set_tiers", "batch 3", {"members": 12}),
            ("adjust_points", f"+50 for member {member}", {"member": member}),
            ("redeem_for_member", "Five off", {"member": member}),
            ("block_referrals", f"member:{member}", {}),
            ("unblock_referrals", "domain:example.com", {}),
            ("retry_jobs", "17", {"count": 1}),
        ):
            activity_pages.note_staff_act(conn, shop.id, f"staff:{STAFF}", action, subject, detail, NOW)
        activity_pages.note_staff_act(conn, shop.id, "staff:548380009", "save_brand", "", {}, NOW)
        activity_pages.note_staff_act(conn, shop.id, "cli", "save_programme", "version 3", {}, NOW)
    said = plain_text(browser.page("/app/activity/staff"))
    for words in (
        "Saved order rule: Coffee day (version 2)",
        "Set the tier of 12 members",
        "Adjusted points: +50 for Ana Reyes",
        "Redeemed for Ana Reyes: Five off",
        "Blocked: Ana Reyes",
        "Unblocked: example.com",
        "Retried 1 failed job",
        "You",
        "Staff member …0009",
        "The command line",
    ):
        assert words in said
    assert said.count("version 2") == 1


def test_saving_what_is_there_already_names_nothing(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    rule = {"name": "Coffee day", "effect": "multiplier", "multiplier": "2"}
    browser.post("/app/programme/orders/rule", **rule, based_on="1")
    with shop_transaction(engine, shop.id) as conn:
        key = programmes.current(conn, shop.id, datetime.now(UTC)).programme.orders.rules[0].key
    browser.post("/app/programme/orders/rule", **rule, key=key, based_on="2")
    with shop_transaction(engine, shop.id) as conn:
        assert [act.action for act in activity_pages.staff_acts(conn, shop.id, None)] == ["save_order_rule"]


ACT = re.compile(r'note_staff_act\(\s*conn, [\w.()]+, [\w.()]+, "(\w+)"')


def test_every_act_that_is_written_down_has_words() -> None:
    written = {name for path in Path("plugin").rglob("*.py") for name in ACT.findall(path.read_text("utf-8"))}
    assert len(written) > 15
    assert [name for name in sorted(written) if not catalogues.knows(f"activity.staff_act.{name}")] == []
