"""Members: found, sorted and paged; and one member, explained."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import Engine

from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction
from plugin.store.members.member_pages import ShownLot
from plugin.store.rewards import redemptions
from plugin.web.admin.members.member import where_from
from tests.conftest import ShopRow
from tests.web.figures import NOW, add_members, earned, give, people
from tests.web.session import Browser


def names(html: str) -> list[str]:
    """The members that a list shows."""
    return re.findall(r'<s-link id="member-\d+"[^>]*>([^<]+)</s-link>', html)


def button(html: str, label: str) -> dict[str, str]:
    """Where a button leads, as a query; empty where there is none."""
    found = re.search(rf'<s-button href="([^"]+)"[^>]*>{label}</s-button>', html)
    return dict(parse_qsl(urlsplit(found[1].replace("&amp;", "&")).query)) if found else {}


@pytest.mark.parametrize("sort", ["activity", "points", "ordered", "joined"])
def test_every_member_is_on_exactly_one_page_in_every_order(
    browser: Browser, engine: Engine, shop: ShopRow, sort: str
) -> None:
    known = add_members(engine, shop.id, people(120))
    with shop_transaction(engine, shop.id) as conn:
        give(conn, shop.id, [earned(one.id, 1 + one.id % 7, one.id) for one in known])
    html = browser.page("/app/members", sort=sort)
    pages = [names(html)]
    while query := button(html, "Next"):
        html = browser.page("/app/members", **query)
        pages.append(names(html))
    assert [len(page) for page in pages] == [50, 50, 20]
    assert sorted(sum(pages, [])) == sorted(one.name for one in known)
    back = []
    while query := button(html, "Previous"):
        html = browser.page("/app/members", **query)
        back.append(names(html))
    assert back == pages[-2::-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ana", ["Ana Reyes"]),
        ("ANA  reyes", ["Ana Reyes"]),
        ("reyes", ["Ana Reyes", "Bea Reyes"]),
        ("BEA@Example.com", ["Bea Reyes"]),
        ("bea@", ["Bea Reyes"]),
        ("42", ["Bea Reyes"]),
        ("ñu", ["Ñusta Quispe"]),
        ("guest@", ["guest@example.com"]),
        ("eyes", ["Ana Reyes", "Bea Reyes"]),
        ("xample", ["Ana Reyes", "Bea Reyes", "guest@example.com", "Ñusta Quispe"]),
        ("@example.com", ["Ana Reyes", "Bea Reyes", "guest@example.com", "Ñusta Quispe"]),
        ("%", []),
        ("nobody", []),
        ("999999999999999999999999", []),
        ("'; drop table members; --", []),
    ],
)
def test_search_finds_by_name_address_or_customer_id(
    browser: Browser, engine: Engine, shop: ShopRow, text: str, expected: list[str]
) -> None:
    buyers = [
        Buyer(41, "ana@example.com", "Ana", "Reyes"),
        Buyer(42, "Bea@example.com", "Bea", "Reyes"),
        Buyer(43, "n@example.com", "Ñusta", "Quispe"),
        Buyer(None, "guest@example.com"),
    ]
    add_members(engine, shop.id, buyers)
    assert sorted(names(browser.page("/app/members", q=text))) == expected


def test_another_shops_members_are_neither_listed_nor_found_nor_shown(
    browser: Browser, other_browser: Browser, engine: Engine, other_shop: ShopRow
) -> None:
    [theirs] = add_members(engine, other_shop.id, [Buyer(1, "secret@example.com", "Secret", "Person")])
    assert "Secret" in other_browser.page(f"/app/members/{theirs.id}")
    for path in ("/app/members", "/app/members?q=secret", "/app/members?q=1"):
        assert names(browser.page(path)) == []
    answer = browser.get(f"/app/members/{theirs.id}")
    assert answer.status_code == 404
    assert "Secret" not in answer.text


@pytest.mark.parametrize("path", ["/app/members/999", "/app/members/99999999999999999999", "/app/members/x"])
def test_a_member_who_is_not_there_is_not_found(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize(
    "query", ["after=x", "after=~", "before=2026-01-01~1", "sort=nonsense", "after=1~2&sort=activity", "q=%00"]
)
def test_nonsense_in_the_address_shows_the_list(browser: Browser, query: str) -> None:
    browser.page(f"/app/members?{query}")


def test_a_member_is_summed_up_and_every_entry_is_explained(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    [ana] = add_members(engine, shop.id, [Buyer(7, "ana@example.com", "Ana", "Reyes")])
    waiting = NOW + timedelta(days=14)
    with shop_transaction(engine, shop.id) as conn:
        give(conn, shop.id, [earned(ana.id, 45, 1001), earned(ana.id, 30, 1002, available_at=waiting)])
        give(conn, shop.id, [earned(ana.id, -5, 1003)])
    html = browser.page(f"/app/members/{ana.id}")
    shown = re.findall(r'class="figure">([^<]+)<', html)
    assert shown == ["40", "30"]
    assert "Earned with order #1001" in html
    assert "Taken back for order #1003" in html
    assert "Gift card: Gift cards never earn" in html
    assert "$45.00 of $60.00 still counts" in html
    assert "at 1 for every $1.00, rounded down: 45 points." in html
    assert "−5" in html


def test_a_member_who_owes_sees_it_named(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    [ana] = add_members(engine, shop.id, people(1))
    with shop_transaction(engine, shop.id) as conn:
        give(conn, shop.id, [earned(ana.id, -12, 1001)])
    html = browser.page(f"/app/members/{ana.id}")
    assert re.findall(r'class="figure">([^<]+)<', html) == ["−12", "0", "12"]
    assert "Owes 12" in browser.page("/app/members")


def test_a_long_ledger_is_paged(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    [ana] = add_members(engine, shop.id, people(1))
    with shop_transaction(engine, shop.id) as conn:
        give(conn, shop.id, [earned(ana.id, 1, order) for order in range(1, 121)])
    html = browser.page(f"/app/members/{ana.id}")
    seen = re.findall(r"Earned with order #(\d+)", html)
    while query := button(html, "Older"):
        html = browser.page(f"/app/members/{ana.id}", **query)
        seen += re.findall(r"Earned with order #(\d+)", html)
    assert seen == [str(order) for order in range(120, 0, -1)]


HOSTILE = "\"><script>alert(1)</script><s-x onclick=a>'{{7*7}}&amp;"


def test_hostile_names_stay_text_on_every_page(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    [one] = add_members(engine, shop.id, [Buyer(7, f"{HOSTILE}@x.example", HOSTILE, HOSTILE)])
    with shop_transaction(engine, shop.id) as conn:
        give(conn, shop.id, [earned(one.id, 5, 1, HOSTILE, reason={"order": HOSTILE, "reasons": [[HOSTILE, {}]]})])
        row = {
            "shop_id": shop.id, "member_id": one.id, "reward": "next_order_code", "subject": HOSTILE, "code": HOSTILE,
            "points": 0, "terms": {"kind": "percent", "value": "10", "currency": "USD"},
        }  # fmt: skip
        redemptions.reserve(conn, [row])
    for path in ("/app/members", f"/app/members/{one.id}", f"/app/members?q={HOSTILE}"):
        html = browser.page(path)
        assert "<script>alert" not in html
        assert "<s-x" not in html
        assert "{{7*7}}" in html


def test_a_birthday_that_is_none_is_refused_as_it_was_typed(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    member = add_members(engine, shop.id, people(1))[0].id
    answer = browser.post(f"/app/members/{member}/birthday", birth_day="31", birth_month="2")
    assert answer.status_code == 422
    assert re.search(
        r'name="birth_day"[^>]* value="31"[^>]* error="Enter a day that exists in that month."', answer.text
    )
    assert '<s-option value="2" selected>February' in answer.text
    assert "No birthday yet" in browser.page(f"/app/members/{member}")
    assert browser.post(f"/app/members/{member}/birthday", birth_day="28", birth_month="2").status_code == 303
    assert "28 February" in browser.page(f"/app/members/{member}")


def test_a_code_past_its_last_day_is_expired_not_ready(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    member = add_members(engine, shop.id, people(1))[0].id
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql(
            "INSERT INTO redemptions (shop_id, member_id, reward, subject, points, terms, state, code, code_state,"
            " created_at, expires_at) VALUES (%(s)s, %(m)s, 'r1', 'x', 10, %(t)s::jsonb, 'reserved', 'OLD-1',"
            " 'created',"
            " now() - interval '9 days', now() - interval '1 hour')",
            {
                "s": shop.id,
                "m": member,
                "t": '{"kind": "amount_off", "name": "5 off", "value": "5", "currency": "USD"}',
            },
        )
    shown = browser.page(f"/app/members/{member}")
    assert ("OLD-1" in shown, ">Expired<" in shown, ">Ready<" in shown) == (True, True, False)


def test_settings_are_in_words(browser: Browser) -> None:
    shown = browser.page("/app/settings")
    assert "create discount codes" in shown
    assert "Language: English" in shown
    assert "write_discounts" not in shown


@pytest.mark.parametrize(
    ("subject", "reason", "words"),
    [
        ("milestone:m35184a8d91", {"gift": "First order"}, "Milestone “First order”"),
        ("automatic:a1:order:5", {"gift": "Come back"}, "Automatic rule “Come back”"),
        ("milestone:m35184a8d91", {}, "Milestone"),
        ("referral:12", {}, "Referral"),
        ("redemption:7", {}, "Returned reward"),
        ("import:3", {}, "Import 3"),
        ("welcome", {}, "Welcome"),
        ("order:5", {"order": "#1005"}, "Order #1005"),
    ],
)
def test_where_points_are_from_is_said_in_words(subject: str, reason: dict[str, str], words: str) -> None:
    lot = ShownLot(1, 5, 5, NOW, None, subject, reason)
    assert where_from(lot) == words
