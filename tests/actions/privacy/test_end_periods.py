"""What has been kept as long as the page on privacy says goes, a step at a time, and nothing a day younger."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from plugin.actions.privacy import end_periods
from plugin.actions.work.work import Work
from plugin.rules.privacy.kept_for import PERIODS
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.privacy import ended_periods
from plugin.store.shops import shops
from plugin.store.tables import (
    imports,
    inbox,
    intake_counters,
    jobs,
    message_clicks,
    messages,
    provider_calls,
    returned_mails,
    suppressions,
)
from plugin.store.work import deliveries, delivery_subjects
from plugin.store.work.jobs import Job
from tests.conftest import ShopRow

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PAGE = Path(__file__).parents[3] / "docs" / "operating" / "privacy.md"


def work_on(engine: Engine) -> Work:
    return Work(engine, None, None, lambda: NOW)  # type: ignore[arg-type]  # nothing is asked of anybody


def end(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        found = shops.get(conn, shop.id)
    end_periods.carry_out(work_on(engine), found, Job(1, shop.id, "end_periods", "due", {}, 0, 0, NOW))


def aged(kind: str, too_old: bool) -> datetime:
    """A moment at which a row's time is just over, or just not."""
    return NOW - timedelta(days=PERIODS[kind].days, seconds=1 if too_old else -1)


def rows(engine: Engine, shop: ShopRow, sql: str) -> list[object]:
    with shop_transaction(engine, shop.id) as conn:
        return list(conn.exec_driver_sql(sql).scalars())


def test_the_page_on_privacy_lists_every_period_with_its_days() -> None:
    listed = dict(re.findall(r"^\| `(\w+)` \|.*?\| (\d+) days? after", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert {name: int(days) for name, days in listed.items()} == {name: one.days for name, one in PERIODS.items()}


def test_webhook_ids_are_forgotten_after_a_week(engine: Engine, shop: ShopRow) -> None:
    for name, too_old in (("old", True), ("young", False)):
        with shop_transaction(engine, shop.id) as conn:
            deliveries.add(conn, shop.id, name, "orders/paid", aged("webhook_ids", too_old), b"{}")
    end(engine, shop)
    assert rows(engine, shop, "SELECT webhook_id FROM delivery_ids") == ["young"]
    assert rows(engine, shop, "SELECT webhook_id FROM deliveries ORDER BY id") == ["old", "young"]


def test_jobs_that_failed_half_a_year_ago_go_and_what_waits_stays(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        for subject, state, too_old in (("a", "failed", True), ("b", "failed", False), ("c", "queued", True)):
            at = aged("failed_jobs", too_old)
            values = {"shop_id": shop.id, "kind": "code", "subject": subject, "state": state, "created_at": at}
            conn.execute(insert(jobs).values(values))
    end(engine, shop)
    assert rows(engine, shop, "SELECT subject FROM jobs ORDER BY 1") == ["b", "c"]


def test_a_mails_words_go_and_that_it_was_sent_stays(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        for subject, too_old in (("old", True), ("young", False)):
            at = aged("mail_words", too_old)
            values = {"member_id": 1, "kind": "welcome", "subject": subject, "mail_subject": "Ana!", "last_error": "x"}
            conn.execute(insert(messages).values(shop_id=shop.id, created_at=at, state="sent", **values))
    end(engine, shop)
    words = "SELECT concat_ws(':', subject, mail_subject, last_error) FROM messages ORDER BY 1"
    assert rows(engine, shop, words) == ["old::", "young:Ana!:x"]


def test_a_file_nobody_carried_out_goes_and_one_that_was_keeps_its_sums(engine: Engine, shop: ShopRow) -> None:
    lines = [[1, "ana@example.com", None, 5, ""]]
    with shop_transaction(engine, shop.id) as conn:
        for name, state, too_old in (("c1", "checked", True), ("c2", "checked", False), ("d1", "done", True),
                                     ("d2", "undone", False)):  # fmt: skip
            at = aged(f"{'checked' if state == 'checked' else 'done'}_files", too_old)
            values = {"columns": lines, "problems": lines, "totals": {"points": 5}, "created_at": at, "done_at": at}
            conn.execute(insert(imports).values(shop_id=shop.id, name=name, state=state, actor="x", **values))
    end(engine, shop)
    found = rows(
        engine, shop, "SELECT name || jsonb_array_length(columns) || (totals->>'points') FROM imports ORDER BY 1"
    )
    assert found == ["c215", "d105", "d215"]


def test_a_webhook_that_failed_for_three_months_is_given_up_and_one_that_waits_never(
    engine: Engine, shop: ShopRow
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        for name, too_old in (("failed", True), ("younger", False), ("waits", True)):
            deliveries.add(conn, shop.id, name, "orders/paid", aged("failed_webhooks", too_old), b"{}")
        conn.execute(inbox.update().where(inbox.c.delivery_id != 3).values(state="failed"))
    end(engine, shop)
    left = "SELECT webhook_id FROM inbox JOIN deliveries USING (shop_id) WHERE delivery_id = id ORDER BY 1"
    assert rows(engine, shop, left) == ["waits", "younger"]


def test_another_shops_rows_stay(engine: Engine, shop: ShopRow, other_shop: ShopRow) -> None:
    with shop_transaction(engine, other_shop.id) as conn:
        deliveries.add(conn, other_shop.id, "old", "orders/paid", aged("webhook_ids", True), b"{}")
    end(engine, shop)
    assert rows(engine, other_shop, "SELECT webhook_id FROM delivery_ids") == ["old"]


def test_more_than_a_step_goes_in_steps_that_may_be_stopped(
    engine: Engine, shop: ShopRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ended_periods, "A_STEP", 2)
    for number in range(5):
        with shop_transaction(engine, shop.id) as conn:
            deliveries.add(conn, shop.id, f"w{number}", "orders/paid", aged("webhook_ids", True), b"{}")
    assert end_periods.step(work_on(engine), shop.id, "webhook_ids") == 2
    assert len(rows(engine, shop, "SELECT webhook_id FROM delivery_ids")) == 3
    end(engine, shop)
    assert rows(engine, shop, "SELECT webhook_id FROM delivery_ids") == []


def test_the_counters_of_refused_webhooks_end_and_months_are_made(engine: Engine) -> None:
    with system_transaction(engine) as conn:
        for too_old in (True, False):
            day = aged("intake_counts", too_old).date() - timedelta(days=too_old)
            conn.execute(insert(intake_counters).values(day=day, reason="unknown shop", seen=1))
    end_periods.keep_months(work_on(engine))
    with system_transaction(engine) as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM intake_counters").scalar_one() == 1


def test_what_came_back_and_was_clicked_long_ago_goes_and_the_marks_of_what_providers_told(
    engine: Engine, shop: ShopRow
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        for number, too_old in enumerate((True, False), start=1):
            back = {"shop_id": shop.id, "source": "ses", "key": f"k{number}", "message_id": number, "member_id": 1}
            conn.execute(insert(returned_mails).values(**back, what="hard", at=aged("returned_mails", too_old)))
            last = aged("clicks", too_old)
            old = aged("lifted_addresses", too_old)
            address = {"shop_id": shop.id, "address": f"a{number}@example.com", "soft_bounces": 1, "soft_at": old}
            conn.execute(insert(suppressions).values(**address))
            bad = {"shop_id": shop.id, "address": f"b{number}@example.com", "why": "bounced", "at": old, "soft_at": old}
            conn.execute(insert(suppressions).values(**bad))
            clicks = {"shop_id": shop.id, "message_id": number, "first_at": last, "last_at": last}
            conn.execute(insert(message_clicks).values(**clicks))
            conn.execute(
                insert(provider_calls).values(source="ses", key=f"k{number}", at=aged("provider_calls", too_old))
            )
    end(engine, shop)
    end_periods.keep_months(work_on(engine))
    assert rows(engine, shop, "SELECT key FROM returned_mails") == ["k2"]
    assert rows(engine, shop, "SELECT message_id FROM message_clicks") == [2]
    left = ["a2@example.com", "b1@example.com", "b2@example.com"]
    assert rows(engine, shop, "SELECT address FROM suppressions ORDER BY address") == left
    assert rows(engine, shop, "SELECT key FROM provider_calls") == ["k2"]


def test_a_webhook_whose_body_was_emptied_long_ago_goes_and_what_pointed_at_it_goes_with_it(
    engine: Engine, shop: ShopRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ended_periods, "A_STEP", 2)
    monkeypatch.setattr(end_periods, "SWEEPING_DAY", NOW.day)
    with shop_transaction(engine, shop.id) as conn:
        for name, too_old in (("old", True), ("kept", True), ("young", False)):
            deliveries.add(conn, shop.id, name, "orders/paid", aged("webhooks", too_old), b"{}")
        conn.exec_driver_sql("DELETE FROM inbox")
        conn.exec_driver_sql("UPDATE deliveries SET body_state = 'empty' WHERE webhook_id <> 'kept'")
        delivery_subjects.note(conn, shop.id, [(-5, 1), (-5, 2), (7, 1), (7, 3), (9, 1)], [])
    end(engine, shop)
    assert rows(engine, shop, "SELECT webhook_id FROM deliveries ORDER BY id") == ["kept", "young"]
    left = "SELECT subject || ':' || delivery_id FROM delivery_subjects ORDER BY subject, delivery_id"
    assert rows(engine, shop, left) == ["-5:2", "7:3"]
