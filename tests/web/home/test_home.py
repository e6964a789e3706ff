"""Home answers how the programme does: figures of a period against the one before, and what they are made of."""

from __future__ import annotations

import csv
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.rules.programme import Programme
from plugin.rules.retention.outcomes import PERIODS
from plugin.rules.tiers.tier_rules import PRESETS
from plugin.rules.types import Buyer
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.shops import shops, staff
from plugin.store.shops.staff import Account
from plugin.store.versions import programmes
from plugin.web.admin.home.outcome_figures import DEFINED
from tests.conftest import ShopRow
from tests.web.session import Browser

MANILA = ZoneInfo("Asia/Manila")
NOW = datetime.now(UTC)
TODAY = NOW.astimezone(MANILA).date()


class _Joined(dict[Buyer, datetime]):
    def __missing__(self, _: Buyer) -> datetime:
        return NOW - timedelta(days=400)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=MANILA)


@pytest.fixture
def people(browser: Browser, engine: Engine, shop: ShopRow) -> list[int]:
    """Ana is a member for long, Gil a guest; the shop is Filipino."""
    ana, gil = Buyer(customer_id=7, email="ana@example.com", first_name="Ana"), Buyer(email="gil@example.com")
    with shop_transaction(engine, shop.id) as conn:
        shops.describe(conn, shop.id, {"currency": "PHP"})
        members.add(conn, shop.id, [ana, gil], _Joined())
        found = conn.exec_driver_sql("SELECT id FROM members ORDER BY customer_id NULLS LAST").scalars()
        return list(found)


def order(engine: Engine, shop: ShopRow, number: int, day: date, net_minor: int, who: int | None, off: int = 0) -> None:
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql(
            "INSERT INTO order_facts (shop_id, order_id, member_id, day, counts, net_minor, gross_minor, currency,"
            " reward_discount_minor) VALUES (%s, %s, %s, %s, true, %s, %s, 'PHP', %s)",
            (shop.id, number, who, day, net_minor, net_minor + off, off),
        )


def entries(engine: Engine, shop: ShopRow, who: int, *listed: tuple[str, int, date]) -> None:
    with shop_transaction(engine, shop.id) as conn:
        accounts = Ledger(conn, shop.id, [who])
        for place, (kind, points, day) in enumerate(listed):
            accounts.post([Entry(who, kind, points, f"gift:{who}{place}", 1, noon(day), "test")], NOW)
        accounts.write()


def card(page: str, heading: str) -> str:
    """What stands on a card, as plain text."""
    found = re.search(rf"<s-text color=\"subdued\">{heading}</s-text>(.*?)</s-box>", page, re.DOTALL)
    assert found is not None, heading
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def test_a_new_shop_is_shown_no_figures_but_the_guide(browser: Browser) -> None:
    page = browser.page("/app")
    assert "is ready: set up Suki" in page
    assert "How it&#39;s going" not in page
    assert "Everything is working" in page
    assert '<details class="fold health">' in page


def test_thirty_days_are_compared_with_the_thirty_before(
    browser: Browser, people: list[int], engine: Engine, shop: ShopRow
) -> None:
    ana, gil = people
    order(engine, shop, 1, days_ago(0), 100_000, ana)
    order(engine, shop, 2, days_ago(29), 50_000, ana, off=5_000)
    order(engine, shop, 3, days_ago(10), 50_000, gil)
    order(engine, shop, 4, days_ago(9), 50_000, None)
    order(engine, shop, 5, days_ago(30), 120_000, ana)
    order(engine, shop, 6, days_ago(60), 777_000, ana)
    entries(engine, shop, ana, ("earned", 900, days_ago(40)), ("spent", -90, days_ago(35)), ("earned", 1000, TODAY),
            ("taken_back", -200, TODAY), ("spent", -100, TODAY))  # fmt: skip
    page = browser.page("/app")
    assert card(page, "Members").startswith("1 and 1 guest")
    assert card(page, "Revenue from members").startswith("₱1,500.00 60% of ₱2,500.00 25% more than the 30 days before")
    assert card(page, "Orders by members").startswith("2 of 4 in all 100% more than the 30 days before")
    assert card(page, "Orders with codes").startswith("1 ₱500.00 in revenue None in the 30 days before")
    assert card(page, "Points given").startswith("800 11.1% less than the 30 days before")
    assert card(page, "Points used").startswith("100 11.1% more than the 30 days before")
    assert card(page, "Redemption rate").startswith("12.5% 10% before")
    assert card(page, "New members").startswith("0 Show")
    assert "Highest: ₱1,000.00" in page
    week = browser.page("/app", days="7")
    assert card(week, "Revenue from members").startswith("₱1,000.00 100% of ₱1,000.00 None in the 7 days before")
    assert card(browser.page("/app", days="7x"), "Orders by members") == card(page, "Orders by members")


def test_the_file_has_each_day_of_both_periods_with_the_currency_s_decimals(
    browser: Browser, people: list[int], engine: Engine, shop: ShopRow
) -> None:
    order(engine, shop, 1, days_ago(6), 123_456, people[0], off=100)
    entries(engine, shop, people[0], ("earned", 50, days_ago(6)), ("expired", -20, days_ago(6)))
    answer = browser.get("/app/home/days.csv", days="7")
    lines = [",".join(row) for row in csv.reader(answer.data.decode("utf-8-sig").splitlines())]
    assert len(lines) == 1 + 14
    assert lines[0].startswith("day,orders,revenue,member_orders")
    assert lines[8] == f"{days_ago(6)},1,1234.56,1,1234.56,1,1234.56,0,50,0,20,PHP"
    assert lines[1] == f"{days_ago(13)},0,0.00,0,0.00,0,0.00,0,0,0,0,PHP"


@pytest.mark.parametrize(("currency", "shown"), [("JPY", "¥1,234"), ("KWD", "KWD 1.234")])
def test_money_is_in_the_shop_s_currency(
    browser: Browser, people: list[int], engine: Engine, shop: ShopRow, currency: str, shown: str
) -> None:
    order(engine, shop, 1, TODAY, 1234, people[0])
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("UPDATE order_facts SET currency = %s", (currency,))
        shops.describe(conn, shop.id, {"currency": currency})
    assert card(browser.page("/app"), "Revenue from members").startswith(shown)


def test_each_figure_leads_to_its_definition_and_to_its_rows(
    browser: Browser, people: list[int], engine: Engine, shop: ShopRow
) -> None:
    order(engine, shop, 1, TODAY, 100, people[0])
    page = browser.page("/app")
    defined = browser.page("/app/home/definitions")
    anchors = set(re.findall(r'/app/home/definitions[^"]*#(\w+)"', page))
    assert {"members", "joined", "given", "used", "rate", "member_orders", "member_revenue", "code_orders"} <= anchors
    assert set(re.findall(r'<div id="(\w+)">', defined)) - {"page"} == set(DEFINED) >= anchors
    for path in set(re.findall(r'href="(/app/(?:home|members)[^"#]*)"', page)):
        assert browser.get(path.replace("&amp;", "&")).status_code == 200, path


def test_rows_are_those_that_the_figure_counts(
    browser: Browser, other_browser: Browser, people: list[int], engine: Engine, shop: ShopRow
) -> None:
    ana, gil = people
    order(engine, shop, 101, days_ago(1), 1_000, ana, off=100)
    order(engine, shop, 102, days_ago(1), 2_000, gil)
    order(engine, shop, 103, days_ago(8), 3_000, ana)
    entries(engine, shop, ana, ("earned", 1234, days_ago(1)), ("spent", -56, days_ago(1)), ("earned", 789, days_ago(8)))
    seen = {who: set(re.findall(r">(10\d)<", browser.page("/app/home/orders", days="7", who=who)))
            for who in ("all", "members", "codes")}  # fmt: skip
    assert seen == {"all": {"101", "102"}, "members": {"101"}, "codes": {"101"}}
    given = browser.page("/app/home/points", days="7", which="given")
    assert ("+1,234" in given, "−56" in given, "789" in given) == (True, False, False)
    used = browser.page("/app/home/points", days="7", which="used")
    assert ("−56" in used, "1,234" in used) == (True, False)
    for path in ("orders", "points"):
        theirs = other_browser.page(f"/app/home/{path}", days="90")
        assert "Nothing in this period" in theirs
        for nonsense in ("x", "2026-01-01~x", "2026-01-01~0", f"2026-01-01T00:00:00~{2**70}", "~", "9999-99-99~1"):
            assert browser.get(f"/app/home/{path}", before=nonsense).status_code == 200


def listed(browser: Browser, page: str, part: str) -> int:
    """How many people the list has that Home's only link with this in its address leads to."""
    [path] = {one for one in re.findall(r'href="([^"]*)"', page) if part in one}
    found = re.search(r">(\d+) (?:person|people)</s-text>", browser.get(path.replace("&amp;", "&")).text)
    assert found is not None, path
    return int(found[1])


def test_figures_of_members_lead_to_exactly_as_many(
    browser: Browser, people: list[int], engine: Engine, shop: ShopRow
) -> None:
    first = noon(days_ago(29)) - timedelta(hours=12)  # midnight in the shop, where the thirty days begin
    joined = {20: first, 21: noon(days_ago(3)), 22: first - timedelta(microseconds=1), 23: noon(days_ago(8))}
    with shop_transaction(engine, shop.id) as conn:
        shops.describe(conn, shop.id, {"timezone": "Asia/Manila"})
        programmes.add(conn, shop.id, Programme(tiers=PRESETS["yearly_spend"]), "test", "", NOW - timedelta(hours=1))
        for number, moment in joined.items():
            buyer = Buyer(customer_id=number, email=f"n{number}@example.com")
            members.add(conn, shop.id, [buyer], {buyer: moment})
        guest = Buyer(email="guest@example.com")
        members.add(conn, shop.id, [guest], {guest: NOW})
        conn.exec_driver_sql("UPDATE members SET state = 'left' WHERE customer_id = 21")
        sql = "INSERT INTO member_tiers (shop_id, member_id, tier) VALUES (%s, %s, 'gold')"
        conn.exec_driver_sql(sql, (shop.id, people[0]))
    page = browser.page("/app")
    assert card(page, "Members").startswith("4 and 2 guests") and card(page, "New members").startswith("3 ")
    leads = ("joined_within=30", "tier=gold", "tier=silver", "tier=none")
    assert [listed(browser, page, part) for part in leads] == [3, 1, 0, 3]
    assert listed(browser, browser.page("/app", days="7"), "joined_within=7") == 1


def test_long_lists_go_on_where_they_ended(browser: Browser, people: list[int], engine: Engine, shop: ShopRow) -> None:
    for number in range(1001, 1061):
        order(engine, shop, number, days_ago(number % 7), 100, people[0])
    first = browser.page("/app/home/orders", who="members")
    older = re.search(r'href="([^"]*before=[^"]*)"', first)
    assert older is not None
    second = browser.get(older[1].replace("&amp;", "&")).text
    found = [set(re.findall(r">(10\d\d)<", page)) for page in (first, second)]
    assert (len(found[0]), len(found[1]), len(found[0] | found[1])) == (50, 10, 60)


def test_tiers_are_counted_with_those_who_are_in_none(
    browser: Browser, people: list[int], engine: Engine, shop: ShopRow
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme(tiers=PRESETS["yearly_spend"]), "test", "", NOW - timedelta(hours=1))
        members.add(conn, shop.id, [Buyer(customer_id=8, email="ben@example.com")], _Joined())
        conn.exec_driver_sql(
            "INSERT INTO member_tiers (shop_id, member_id, tier) VALUES (%s, %s, 'gold')", (shop.id, people[0])
        )
    page = browser.page("/app")
    assert re.findall(r'<meter [^>]*value="(\d+)" aria-label="([^"]+)"', page) == [
        ("1", "Gold"), ("0", "Silver"), ("0", "Bronze"), ("1", "No tier yet"),
    ]  # fmt: skip


def test_ninety_days_stay_within_a_page_of_100_kb(
    browser: Browser, people: list[int], engine: Engine, shop: ShopRow
) -> None:
    for number in range(180):
        order(engine, shop, number + 1, days_ago(number), 123_456_789, people[0], off=100)
    page = browser.page("/app", days=str(max(PERIODS)))
    assert page.count('<th scope="row">') == 90
    assert "Highest: 0 points" in page
    assert len(page.encode()) < 80_000


def test_health_is_one_line_that_opens_when_something_is_wrong(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql(
            "INSERT INTO jobs (shop_id, kind, subject, state, last_error) VALUES (%s, 'tiers', 'x', 'failed', 'no')",
            (shop.id,),
        )
    page = browser.page("/app")
    assert '<details class="fold health" open>' in page
    assert "Needs your attention" in page
    assert "1 to look at" in page


def test_a_viewer_reads_the_figures_and_gets_no_file(
    browser: Browser, app: Flask, settings: Settings, people: list[int], engine: Engine, shop: ShopRow
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        staff.keep(conn, shop.id, Account("55", "viewer", "", "", None, NOW))
    viewer = Browser(app, settings, shop.domain, "55")
    page = viewer.page("/app")
    assert "How it&#39;s going" in page
    assert "data-download" not in page
    assert viewer.get("/app/home/days.csv").status_code == 403
