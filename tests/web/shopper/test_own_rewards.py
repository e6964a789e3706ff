"""Donations, what staff fulfil and partners' codes, on the panel's pages and on the shopper's."""

from __future__ import annotations

import html
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from plugin.actions.codes import import_codes
from plugin.actions.rewards import redeem_points
from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.rewards.own_rewards import Custom, Donation, PartnerCode
from plugin.settings import Settings
from plugin.store.codes import partner_codes
from plugin.store.database.db import shop_transaction
from plugin.store.rewards import donations, redemptions
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.web.programme.test_rewards import member_with, rewards
from tests.web.second_steps import confirmed
from tests.web.session import Browser
from tests.web.shopper.test_shopper import Storefront, balance

COMMON = {"points": "50", "undo_minutes": "60", "channels.online": "yes", "per_member_every": "ever",
          "back_on_refund": "full"}  # fmt: skip
FORMS = (
    COMMON | {"kind": "donation", "name": "Plant a tree", "value": "2", "cause": "Trees <b>"},
    COMMON | {"kind": "custom", "name": "A tour", "instructions": "Call them", "description": "See the ovens"},
    COMMON | {"kind": "pool_code", "name": "Cinema", "undo_minutes": "0", "warn_below": "2"},
)
TREES = Donation(id="rtree", name="Plant a tree", points=50, value=2, cause="Trees")
TOUR = Custom(id="rtour", name="A tour", points=50, description="See the ovens")
CINEMA = PartnerCode(id="rpool", name="Cinema", points=10)


def offer(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        rules = Programme(rewards=(TREES, TOUR, CINEMA))
        programmes.add(conn, shop.id, rules, "test", "", datetime.now(UTC) - timedelta(hours=9))


def redeem(engine: Engine, shop: ShopRow, member: int, reward: str, hours_ago: float = 0) -> Redemption:
    with shop_transaction(engine, shop.id) as conn:
        ours, at = shops.get(conn, shop.id), datetime.now(UTC)
        made = redeem_points.redeem(conn, ours, member, reward, None, f"{reward}{hours_ago}", "shopper", at)
        earlier = {"at": at - timedelta(hours=hours_ago), "id": made.id}
        conn.execute(text("UPDATE redemptions SET created_at = :at WHERE id = :id"), earlier)
        return made


def words(text: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"(?s)<style>.*?</style>|<[^>]+>", " ", text)))


def test_each_kind_is_set_up_and_read_back(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    for number, form in enumerate(FORMS, 1):
        assert browser.post("/app/programme/rewards", based_on=str(number), **form).status_code == 303
    _, made = rewards(engine, shop)
    assert [one.kind for one in made] == ["donation", "custom", "pool_code"]
    assert (made[0].cause, made[1].instructions, made[2].warn_below) == ("Trees <b>", "Call them", 2)
    listed = browser.page("/app/programme/rewards")
    assert "None left" in listed
    assert "Trees <b>" not in listed
    for one in made:
        assert "limit it to one of them" in browser.page(f"/app/programme/rewards/{one.id}")
    wrong = browser.post("/app/programme/rewards", based_on="4", **FORMS[0] | {"cause": "", "undo_minutes": "-1"})
    found = dict(re.findall(r'name="(\w+)"[^>]*? error="([^"]+)"', wrong.text))
    assert (wrong.status_code, found.keys()) == (422, {"cause", "undo_minutes"})


def test_staff_find_what_is_to_do_and_end_it(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    assert "Nothing to do" in browser.page("/app/activity/to-do")
    offer(engine, shop)
    member = member_with(engine, shop, 200)
    one, other = (redeem(engine, shop, member, "rtour", hours) for hours in (3, 2))
    assert "Open (2)" in browser.page("/app/activity/to-do")
    shown = browser.page(f"/app/activity/to-do/{one.id}")
    assert one.code in shown
    done = f"/app/activity/to-do/{one.id}/done"
    for _ in range(2):
        assert browser.post(done, told="See you", note="<b>").status_code == 303
    assert browser.post(f"/app/activity/to-do/{one.id}/cancelled").status_code == 422
    assert browser.post(f"/app/activity/to-do/{other.id}/cancelled", told="Sorry").status_code == 303
    assert balance(engine, shop, member) == 150
    assert "Message to the member: See you" in browser.page(f"/app/activity/to-do/{one.id}")
    assert "A tour" in browser.page("/app/activity/to-do", state="cancelled")
    assert "Fulfilled: A tour" in browser.page("/app/activity/staff")
    for wrong in ("0", str(2**70)):
        assert browser.get(f"/app/activity/to-do/{wrong}").status_code == 404
        assert browser.post(f"/app/activity/to-do/{wrong}/done").status_code == 404


def test_staff_mark_what_was_paid_to_a_cause(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    assert "No donations yet" in browser.page("/app/activity/donations")
    offer(engine, shop)
    member = member_with(engine, shop, 500)
    for hours in (0, 2, 3):
        redeem(engine, shop, member, "rtree", hours)
    shown = browser.page("/app/activity/donations")
    assert "Mark $4.00 as paid out" in shown
    assert "Some donations can still be undone" in shown
    form = {"cause": "Trees", "currency": "USD", "expected": "400", "note": "By bank"}
    assert "Select “Paid” first" in browser.post("/app/activity/donations", **form).text
    form |= {"sure": "yes"}
    for wrong in ({"expected": "600"}, {"expected": "-1"}, {"cause": "Nobody"}):
        assert browser.post("/app/activity/donations", **form | wrong).status_code == 422
    assert browser.post("/app/activity/donations", **form).status_code == 303
    assert browser.post("/app/activity/donations", **form).status_code == 422
    assert "By bank" in browser.page("/app/activity/donations")
    answer = browser.get("/app/activity/donations.csv")
    lines = answer.text.splitlines()
    assert (answer.status_code, len(lines)) == (200, 4)
    assert lines[1].split(",")[5:9] == ['"Trees"', '"2.00"', '"USD"', '"50"']
    assert re.fullmatch(r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"', lines[1].split(",")[1])
    assert lines[1].split(",")[3:5] == ['"7"', '"ana@example.com"']


def test_home_says_what_waits_for_staff(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    offer(engine, shop)
    member = member_with(engine, shop, 100)
    assert "Manual rewards" not in browser.page("/app")
    redeem(engine, shop, member, "rtour")
    assert "1 redeemed reward to fulfil." in browser.page("/app")


def test_something_by_staff_says_what_it_is(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    form = FORMS[1] | {"instructions": "", "description": ""}
    shown = browser.post("/app/programme/rewards", based_on="1", **form)
    assert shown.status_code == 422
    assert re.search(r'name="instructions"[^>]* error="Enter instructions for staff here', shown.text)
    assert browser.post("/app/programme/rewards", based_on="1", **FORMS[1]).status_code == 303


def test_staff_import_codes_and_throw_the_rest_away(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    offer(engine, shop)
    address = "/app/programme/rewards/rpool/codes"
    assert "0 left" in browser.page(address)
    file = (io.BytesIO(b"code;valid\nA-1;x\nA-2;y\n"), "codes.csv")
    shown = browser.post(address, codes="A-1\nA-3", file=file)
    assert shown.status_code == 200
    assert 'heading="3 codes"' in shown.text
    assert "The codes are in the column “code”. Not used: valid. 1 line repeated a code." in words(shown.text)
    assert ">A-1\nA-2\nA-3</textarea>" in shown.text.replace(">\nA-1", ">A-1")
    assert "0 left" in browser.page(address), "nothing is kept before staff say so"
    assert "new=3&known=0&again=1" in browser.post(f"{address}/import", codes="A-1\nA-2\nA-3", again="1").location
    assert "3 codes imported" in browser.page(address, new="3", known="0")
    said = words(browser.page(address, new="1", known="0", again="2"))
    assert "2 lines repeated a code" in said and "All of them" not in said
    assert "new=0&known=1&again=0" in browser.post(f"{address}/import", codes="A-1").location
    with shop_transaction(engine, shop.id) as conn:
        assert partner_codes.left(conn, shop.id, ["rpool"]) == {"rpool": 3}
        stored = conn.execute(text("SELECT mark, secret FROM pool_codes")).fetchall()
    assert not [row for row in stored if any(b"A-1" in bytes(part) for part in row)]
    assert browser.post(address, codes="").status_code == 422
    assert browser.post(address, file=(io.BytesIO(b"\xff\xfe\x00"), "x.csv")).status_code == 422
    assert browser.post(f"{address}/import", codes="").status_code == 422
    unclear = browser.post(address, file=(io.BytesIO(b"Kode A,Kode B\nA-1,B-1\n"), "x.csv"))
    assert unclear.status_code == 422 and "The first line says “Kode A”, “Kode B”." in unclear.text
    assert browser.post(address, codes="x" * 3_000_000).status_code in (413, 422)
    assert browser.get("/app/programme/rewards/rtree/codes").status_code == 404
    assert browser.post(f"{address}/discard").status_code == 422
    assert browser.post(f"{address}/discard", sure="yes").status_code == 303
    assert "0 left" in browser.page(address)


def test_another_shop_sees_and_changes_nothing_of_it(
    browser: Browser, other_browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    offer(engine, shop)
    member = member_with(engine, shop, 500)
    tour, tree = redeem(engine, shop, member, "rtour", 2), redeem(engine, shop, member, "rtree", 2)
    assert other_browser.get(f"/app/activity/to-do/{tour.id}").status_code == 404
    assert other_browser.post(f"/app/activity/to-do/{tour.id}/done").status_code == 404
    assert other_browser.post(f"/app/redemptions/{tree.id}/undo").status_code == 404
    assert other_browser.post("/app/programme/rewards/rpool/codes", codes="A").status_code == 404
    form = {"cause": "Trees", "currency": "USD", "expected": "200"}
    assert other_browser.post("/app/activity/donations", **form).status_code == 422
    assert "No donations yet" in other_browser.page("/app/activity/donations")
    with shop_transaction(engine, shop.id) as conn:
        assert [(one.amount_minor, one.due_minor) for one in donations.totals(conn, shop.id)] == [(200, 200)]


def test_staff_take_a_donation_back_until_it_is_paid_out(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    offer(engine, shop)
    member = member_with(engine, shop, 200)
    made = redeem(engine, shop, member, "rtree", 5)
    assert "Return 50 points" in browser.page(f"/app/redemptions/{made.id}")
    assert "done=undone" in browser.post(f"/app/redemptions/{made.id}/undo").location
    assert balance(engine, shop, member) == 200
    assert "Plant a tree" in browser.page(f"/app/members/{member}")


@pytest.fixture
def front(app: Flask, engine: Engine, settings: Settings, shop: ShopRow, browser: Browser) -> Storefront:
    offer(engine, shop)
    member_with(engine, shop, 150)
    with shop_transaction(engine, shop.id) as conn:
        import_codes.import_codes(conn, settings, shops.get(conn, shop.id), "rpool", "CIN-1", "test", datetime.now(UTC))
    return Storefront(app, settings, shop.domain, "7")


def take(front: Storefront, reward: str) -> str:
    address = f"/proxy/rewards/{reward}"
    answer = front.post(address, key=front.key(address))
    assert answer.status_code == 200
    return words(answer.text)


def test_a_shopper_gives_and_takes_it_back(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    assert "We'll donate $2.00 to Trees. You can undo this within 60 minutes." in words(
        front.get("/proxy/rewards/rtree").text
    )
    said = take(front, "rtree")
    assert "Thank you for Plant a tree." in said
    assert "Donated to Trees" in said
    assert "Donated so far Trees $2.00" in said
    with shop_transaction(engine, shop.id) as conn:
        [made] = redemptions.of_member(conn, shop.id, 1)
    address = f"/proxy/redemptions/{made.id}"
    answer = front.post(address, key=front.key(address))
    assert "You returned Plant a tree and got your points back." in words(answer.text)
    assert balance(engine, shop, 1) == 150


def test_a_shopper_sees_what_is_prepared_and_what_staff_say(
    front: Storefront, browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    assert "See the ovens" in words(front.get("/proxy/rewards/rtour").text)
    assert "Being prepared. Your reference: REF-" in take(front, "rtour")
    with shop_transaction(engine, shop.id) as conn:
        [made] = redemptions.of_member(conn, shop.id, 1)
    browser.post(f"/app/activity/to-do/{made.id}/done", told="Friday at {{ 10 }}")
    shown = front.get().text
    assert "Done" in words(shown)
    assert "{{" not in shown
    assert front.post(f"/proxy/redemptions/{made.id}", key=front.key("/proxy/rewards/rtree")).status_code == 422


def test_a_shopper_sees_a_partners_code_and_cannot_undo_it(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    assert "You'll get a code right away. To see it, confirm by email. This can't be undone." in words(
        front.get("/proxy/rewards/rpool").text
    )
    assert "CIN-1" not in take(front, "rpool")
    with shop_transaction(engine, shop.id) as conn:
        [made] = redemptions.of_member(conn, shop.id, 1)
    assert "CIN-1" in confirmed(front, engine, shop, "code", redemption=str(made.id)).text
    assert "CIN-1" not in front.get().text
    refused = front.post(f"/proxy/redemptions/{made.id}", key=front.key("/proxy/rewards/rtree"))
    assert (refused.status_code, "You&#39;ve seen the code" in refused.text) == (422, True)
    assert "Sold out." in words(front.get().text)
    assert balance(engine, shop, 1) == 140


def test_a_shopper_sees_what_is_set_aside(app: Flask, engine: Engine, settings: Settings, shop: ShopRow,
                                          browser: Browser) -> None:  # fmt: skip
    late = AmountOff(id="rlate", name="Late", points=100, value=5, deduct="ordered")
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme(rewards=(late,)), "test", "", datetime.now(UTC))
    member_with(engine, shop, 150)
    front = Storefront(app, settings, shop.domain, "7")
    assert "We'll reserve the points and only take them when you order." in words(
        front.get("/proxy/rewards/rlate").text
    )
    take(front, "rlate")
    shown = words(front.get().text)
    assert "50 points" in shown
    assert "100 points reserved for codes you haven't used yet." in shown
    assert balance(engine, shop, 1) == 150
