"""A list of people is put into a tier at once: looked at first, done once, undone as a whole."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from plugin.actions.programme.edits import Edit
from plugin.actions.programme.save_programme import save_part
from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from tests.conformance.polaris import problems
from tests.conftest import ShopRow
from tests.web.session import Browser

NOW = datetime.now(UTC)
WHO = "ana@example.com, 7002\nnobody@example.com"
LEVELS = [{"key": "gold", "name": "Gold", "enter": "1000"}, {"key": "vip", "name": "VIP", "enter": "5000"}]


@pytest.fixture(autouse=True)
def ladder(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    """Two tiers, two members, nobody in a tier."""
    buyers = [Buyer(7001, "ana@example.com", "Ana"), Buyer(7002, "juan@example.com", "Juan")]
    with shop_transaction(engine, shop.id) as conn:
        save_part(conn, shop.id, "tiers", {"levels": LEVELS}, Edit(1, "staff:1", NOW))
        members.add(conn, shop.id, buyers, dict.fromkeys(buyers, NOW))


def rows(engine: Engine, shop: ShopRow, query: str) -> list[tuple[object, ...]]:
    with shop_transaction(engine, shop.id) as conn:
        return [tuple(row) for row in conn.exec_driver_sql(query)]


def tiers(engine: Engine, shop: ShopRow) -> list[tuple[object, ...]]:
    return rows(engine, shop, "SELECT tier, pinned FROM member_tiers WHERE tier <> '' ORDER BY member_id")


def confirm(browser: Browser, **form: str) -> str:
    """Check, then confirm with the key of the check; answers the key."""
    seen = browser.post("/app/members/tiers", **form)
    assert seen.status_code == 200, seen.text
    key = re.search(r'name="key" value="([^"]+)"', seen.text)
    assert key
    assert browser.post("/app/members/tiers", **form, key=key[1]).status_code == 303
    return key[1]


def test_a_check_names_who_is_meant_and_who_is_not_known_and_does_nothing(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    page = browser.post("/app/members/tiers", who=WHO, tier="gold", until="", note="Fair").text
    assert problems(page) == []
    assert "2 members move to Gold with no end date: Ana, Juan" in page
    assert "nobody@example.com" in page
    assert tiers(engine, shop) == []


def test_a_list_is_set_once_and_undone(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    until = (NOW + timedelta(days=30)).date().isoformat()
    form = {"who": WHO, "tier": "gold", "until": until, "note": "Fair"}
    key = confirm(browser, **form)
    assert browser.post("/app/members/tiers", **form, key=key).status_code == 303
    assert tiers(engine, shop) == [("gold", True), ("gold", True)]
    assert rows(engine, shop, "SELECT count(*) FROM tier_changes") == [(2,)]
    assert rows(engine, shop, "SELECT kind, state FROM messages") == [("tier_reached", "queued")] * 2
    page = browser.page("/app/members/tiers")
    assert "2 members moved to Gold" in page
    ((number,),) = rows(engine, shop, "SELECT id FROM tier_batches")
    asked = browser.post(f"/app/members/tiers/{number}/undo")
    assert (asked.status_code, problems(asked.text)) == (200, [])
    assert "Each gets their previous tier back" in asked.text
    assert browser.post(f"/app/members/tiers/{number}/undo", sure="yes").status_code == 303
    assert tiers(engine, shop) == []
    states = rows(engine, shop, "SELECT kind, state FROM messages WHERE kind = 'tier_reached'")
    assert states == [("tier_reached", "skipped")] * 2
    browser.post(f"/app/members/tiers/{number}/undo", sure="yes")
    assert rows(engine, shop, "SELECT count(*) FROM tier_changes") == [(4,)]


@pytest.mark.parametrize("tell", ["yes", ""])
def test_whether_they_are_told_is_chosen_and_said_and_an_undo_says_no_more(
    browser: Browser, engine: Engine, shop: ShopRow, tell: str
) -> None:
    form = {"who": WHO, "tier": "gold", "asks": "tell", "tell": tell}
    seen = browser.post("/app/members/tiers", **form).text
    assert ("No email is sent." in seen, f'name="tell" value="{tell}"' in seen) == (not tell, True)
    confirm(browser, **form)
    messages = "SELECT kind, state FROM messages"
    assert rows(engine, shop, messages) == [("tier_reached", "queued" if tell else "skipped")] * 2
    ((number,),) = rows(engine, shop, "SELECT id FROM tier_batches")
    browser.post(f"/app/members/tiers/{number}/undo", sure="yes")
    assert {state for _, state in rows(engine, shop, messages)} == {"skipped"}


def test_what_was_changed_since_stays_when_the_list_is_undone(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    confirm(browser, who="7001 7002", tier="gold")
    confirm(browser, who="7002", tier="vip")
    first, _ = rows(engine, shop, "SELECT id FROM tier_batches ORDER BY id")
    browser.post(f"/app/members/tiers/{first[0]}/undo", sure="yes")
    assert tiers(engine, shop) == [("vip", True)]


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"who": "", "tier": "gold"}, "Enter at least one member."),
        ({"who": "a@b.ph " * 1001, "tier": "gold"}, "Enter up to 1,000 members. You entered 1,001."),
        ({"who": "7001", "tier": "none"}, "Select one of the tiers."),
        ({"who": "7001", "tier": "gold", "until": "2020-01-01"}, "Enter a date from today"),
        ({"who": "x@example.com", "tier": "gold", "key": "abc"}, "None of these are members."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(browser: Browser, form: dict[str, str], told: str) -> None:
    answer = browser.post("/app/members/tiers", **form)
    assert answer.status_code == 422
    assert f'error="{told}' in answer.text


def test_another_shop_neither_sees_nor_undoes_it(
    browser: Browser, other_browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    confirm(browser, who="7001", tier="gold")
    ((number,),) = rows(engine, shop, "SELECT id FROM tier_batches")
    other_browser.post(f"/app/members/tiers/{number}/undo", sure="yes")
    assert tiers(engine, shop) == [("gold", True)]
    assert "No tiers yet" in other_browser.page("/app/members/tiers")
