"""Staff set up activities, make and revoke keys, and correct a member's birthday."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from plugin.rules.activities.activity_rules import Custom
from plugin.rules.programme import Programme
from plugin.rules.tiers.tier_rules import PRESETS
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from plugin.web.admin.programme.earn.activities import KINDS
from tests.conftest import ShopRow
from tests.web.programme.test_rewards import member_with
from tests.web.session import Browser

HERE, KEYS = "/app/programme/activities", "/app/settings/automation"
REVIEW = {"kind": "review", "name": "Review", "points": "50", "word": "Review", "per_day": "1", "cooldown_hours": "0"}
MORE = {
    "social": {"network": "instagram", "deed": "follow", "url": "https://instagram.com/shop"},
    "visit": {"word": "story"},
    "survey": {"word": "survey"},
    "custom": {"word": "own"},
    "review": {"word": "review"},
    "profile": {"questions": "Coffee or tea?\nSize?", "birthday": "yes"},
    "birthday": {"waiting_days": "14", "member_days": "5", "leap_day": "1 March"},
    "anniversary": {"leap_day": "1 March"},
    "newsletter": {"existing": "yes"},
}


def saved(engine: Engine, shop: ShopRow) -> tuple[int, tuple[object, ...]]:
    with shop_transaction(engine, shop.id) as conn:
        version = programmes.current(conn, shop.id, datetime.now(UTC))
    return version.number, version.programme.activities


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_added_by_its_form_and_shown_as_it_was_saved(
    browser: Browser, engine: Engine, shop: ShopRow, kind: str
) -> None:
    browser.page(f"{HERE}/new", kind=kind)
    form = {"kind": kind, "name": "It", "points": "20", "for_members": "Do it.", "starts_at": "2026-12-01",
            "ends_at": "2026-12-24", **MORE[kind]}  # fmt: skip
    assert browser.post(HERE, based_on="1", note="why", **form).status_code == 303
    number, (made,) = saved(engine, shop)
    assert (number, made.kind, made.points, made.note) == (2, kind, 20, "Do it.")  # type: ignore[attr-defined]
    assert made.ends_at.isoformat() == "2026-12-25T00:00:00+08:00"  # type: ignore[attr-defined]
    shown = browser.page(f"{HERE}/{made.id}")  # type: ignore[attr-defined]
    assert 'value="2026-12-24"' in shown
    fields = dict(re.findall(r'<s-(?:text|number|text-area)[\w-]* name="(\w+)"[^>]*? value="([^"]*)"', shown))
    again = {**form, **fields, "id": made.id}  # type: ignore[attr-defined]
    browser.post(HERE, based_on="2", **again)
    assert saved(engine, shop) == (2, (made,))
    assert "It" in browser.page(HERE)


def test_an_activity_is_paused_offered_again_and_removed(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    assert "No other activities yet" in browser.page(HERE)
    browser.post(HERE, based_on="1", **REVIEW)
    (made,) = saved(engine, shop)[1]
    assert "1 per day" in browser.page(HERE)
    for number, (what, word) in enumerate((("pause", "Paused"), ("resume", "Active")), 2):
        assert browser.post(f"{HERE}/{made.id}/{what}", based_on=str(number)).status_code == 303  # type: ignore[attr-defined]
        assert word in browser.page(HERE)
    assert browser.post(f"{HERE}/{made.id}/remove", based_on="4", sure="yes").status_code == 303  # type: ignore[attr-defined]
    assert saved(engine, shop) == (5, ())
    log = browser.page("/app/activity/staff")
    assert "Paused activity: Review" in log
    assert browser.get(f"{HERE}/{made.id}").status_code == 404  # type: ignore[attr-defined]
    assert browser.get(f"{HERE}/new", kind="gold").status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"points": "0"}, "points"),
        ({"word": "Two words"}, "word"),
        ({"per_day": "0"}, "per_day"),
        ({"cooldown_hours": "9999"}, "cooldown_hours"),
        ({"ends_at": "soon"}, "ends_at"),
        ({"starts_at": "0001-01-01"}, "starts_at"),
        ({"ends_at": "9999-12-31"}, "ends_at"),
        ({"starts_at": "2026-12-24", "ends_at": "2026-12-01"}, "ends_at"),
        ({"id": "", "word": "taken"}, "word"),
        ({"kind": "social", "network": "instagram", "url": "javascript:alert(1)"}, "url"),
        ({"kind": "profile", "questions": "Same?\nsame?"}, "questions"),
        ({"for_members": "x" * 301}, "for_members"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_saved(
    browser: Browser, engine: Engine, shop: ShopRow, change: dict[str, str], field: str
) -> None:
    browser.post(HERE, based_on="1", **REVIEW | {"word": "taken"})
    before = saved(engine, shop)
    shown = browser.post(HERE, based_on="2", **REVIEW | change)
    assert shown.status_code == 422
    assert set(re.findall(r'name="(\w+)"[^>]*? error="[^"]+"', shown.text)) == {field}
    assert saved(engine, shop) == before


def test_a_page_that_is_out_of_date_changes_only_what_it_is_about(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    browser.post(HERE, based_on="1", **REVIEW)
    (made,) = saved(engine, shop)[1]
    again = browser.post(HERE, based_on="1", **REVIEW | {"word": "other"})
    assert "done=merged" in again.headers["Location"]
    gone = browser.post(f"{HERE}/{made.id}/remove", based_on="1", sure="yes")  # type: ignore[attr-defined]
    assert gone.status_code == 303
    number, (left,) = saved(engine, shop)
    assert (number, left.word) == (4, "other")  # type: ignore[attr-defined]


def test_a_key_is_shown_once_and_revoked_after_a_question(browser: Browser) -> None:
    assert "No API keys yet" in browser.page(KEYS)
    made = browser.post(KEYS, name="Reviews app", scope="read")
    found = re.search(r"suki_\d+_(\d+)_[\w-]{43}", made.text)
    assert found is not None
    listed = browser.page(KEYS)
    assert found[0] not in listed
    assert f"…{found[0][-4:]}" in listed
    client, headers = browser.client, {"Authorization": f"Bearer {found[0]}"}
    assert client.get("/api/v1/members/1", headers=headers).status_code == 404
    assert "will stop working right away" in browser.page(f"{KEYS}/{found[1]}")
    assert browser.post(f"{KEYS}/{found[1]}").status_code == 303
    assert client.get("/api/v1/members/1", headers=headers).status_code == 401
    assert "Revoked" in browser.page(KEYS)
    log = browser.page("/app/activity/staff")
    assert "Created API key: Reviews app" in log
    assert "Revoked API key: Reviews app" in log


def test_a_key_needs_a_purpose_and_is_its_shops(browser: Browser, other_browser: Browser) -> None:
    answer = browser.post(KEYS, name=" ")
    assert (answer.status_code, 'name="name"' in answer.text) == (422, True)
    browser.post(KEYS, name="Mine", scope="read")
    assert "Mine" not in other_browser.page(KEYS)
    assert other_browser.get(f"{KEYS}/1").status_code == 404
    assert other_browser.post(f"{KEYS}/1").status_code == 404


def test_staff_set_correct_and_take_away_a_birthday(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    member = member_with(engine, shop, 10)
    assert "No birthday yet" in browser.page(f"/app/members/{member}")
    for form, words in (
        ({"birth_day": "29", "birth_month": "2"}, "29 February"),
        ({"birth_day": "1", "birth_month": "3"}, "1 March"),
        ({"birth_day": "", "birth_month": ""}, "No birthday yet"),
    ):
        assert browser.post(f"/app/members/{member}/birthday", **form).status_code == 303
        assert words in browser.page(f"/app/members/{member}")
    wrong = browser.post(f"/app/members/{member}/birthday", birth_day="30", birth_month="2")
    assert wrong.status_code == 422
    assert "Enter a day that exists in that month." in wrong.text
    assert 'value="30"' in wrong.text
    assert "Set the birthday of" in browser.page("/app/activity/staff")


def test_another_shops_member_keeps_the_birthday(
    browser: Browser, other_browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    member = member_with(engine, shop, 10)
    assert other_browser.post(f"/app/members/{member}/birthday", birth_day="1", birth_month="3").status_code == 404
    assert "No birthday yet" in browser.page(f"/app/members/{member}")


def test_an_activity_is_told_on_the_members_page(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    from plugin.actions.activities import record_activity
    from plugin.store.shops import shops

    now = datetime.now(UTC)
    with shop_transaction(engine, shop.id) as conn:
        rules = Programme(activities=(Custom(id="aone", name="Workshop", points=40, word="workshop"),))
        programmes.add(conn, shop.id, rules, "test", "", now)
    member = member_with(engine, shop, 10)
    with shop_transaction(engine, shop.id) as conn:
        record_activity.record(conn, shops.get(conn, shop.id), member, "workshop", "k", now, "api:3", now)
    page = browser.page(f"/app/members/{member}")
    assert "Workshop: 40 points." in page
    assert "by API key 3" in page
    assert "40 (once)" in browser.page(HERE)


def test_a_birthday_has_a_field_for_each_tier_and_keeps_what_a_gone_tier_had(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    assert "tier_points." not in browser.page(f"{HERE}/new", kind="birthday")
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme(tiers=PRESETS["yearly_spend"]), "test", "", datetime.now(UTC))
    assert 'name="tier_points.gold" label="For members of Gold"' in browser.page(f"{HERE}/new", kind="birthday")
    form = {"kind": "birthday", "name": "Birthday", "points": "50", **MORE["birthday"]}
    wrong = browser.post(HERE, based_on="2", **form, **{"tier_points.gold": "0", "tier_points.silver": ""})
    assert wrong.status_code == 422
    assert re.search(r'name="tier_points\.gold"[^>]*error="', wrong.text)
    browser.post(HERE, based_on="2", **form, **{"tier_points.gold": "200", "tier_points.silver": ""})
    number, (made,) = saved(engine, shop)
    assert (number, made.tier_points) == (3, {"gold": 200})  # type: ignore[attr-defined]
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme(activities=(made,)), "test", "", datetime.now(UTC))  # type: ignore[arg-type]
    shown = browser.page(f"{HERE}/{made.id}")  # type: ignore[attr-defined]
    assert re.search(r'name="tier_points\.gold" label="For members of gold[^"]*" value="200"', shown)
