"""What a member, a guest and a customer who is no member are told: of themselves, the programme, rewards, history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.actions.shops import launch_programme
from plugin.rules.activities.activity_rules import Birthday, Social, Visit
from plugin.rules.programme import Earning, Programme
from plugin.rules.referrals.referral_rules import Referrals
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.rewards.money_rewards import GiftCard
from plugin.rules.rewards.own_rewards import PartnerCode
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.web.shopper_api.conftest import REWARDS
from tests.web.shopper_api.surface import Surface, Theme, refusal

FULL = Programme(
    points_name="stars", rewards=(*REWARDS, AmountOff(id="rgold", name="Gold only", points=10, value=1, tiers={"gold"}),
                                  AmountOff(id="rhid", name="Inner only", points=10, value=1, tiers={"inner"})),
    earning=Earning(points=2, per_amount=Decimal(5)), referrals=Referrals(enabled=True),
    tiers=Tiers(levels=(Tier(key="gold", name="Gold", enter=Decimal(500), multiplier=Decimal(2),
                             perks=("Early sales",)),
                        Tier(key="inner", name="Inner", enter=Decimal(900), hidden=True))),
    activities=(Birthday(id="abirth", name="Your birthday", points=50),
                Social(id="afollow", name="Follow us", points=5, network="instagram", url="https://instagram.com/x"),
                Visit(id="avisit", name="Look around", points=7, word="secret-word")),
)  # fmt: skip


@pytest.fixture
def full(engine: Engine, opened: ShopRow) -> None:
    """A programme with everything."""
    with shop_transaction(engine, opened.id) as conn:
        programmes.add(conn, opened.id, FULL, "test", "", datetime.now(UTC))


OVER = "This link has expired. Open your history and download the file again."


def run(engine: Engine, shop: ShopRow, sql: str) -> None:
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql(sql)


def test_a_member_is_told_what_they_have(surface: Surface, full: None, theme: Theme) -> None:
    found = surface.json("/me")
    assert found["state"] == "member"
    assert found["programme"]["headline"] == "Earn 2 stars for every $5.00 you spend."
    assert found["programme"]["points_name"] == "stars"
    assert (found["programme"]["has_tiers"], found["programme"]["has_referrals"]) == (True, True)
    member = found["member"]
    assert member["available"] == {"points": 150, "text": "150 stars"}
    assert (member["pending"]["points"], member["owed"], member["coming"]) == (0, None, [])
    assert member["next_reward"]["missing"] == "850 stars"
    assert member["next_reward"]["share"] == 15
    assert member["next_reward"]["text"] == "850 stars more to reach 50 off"
    assert (member["birthday"], member["birthday_open"], member["birthday_asked"]) == (None, True, True)
    assert member["tier"]["name"] == ""
    assert member["tier"]["reach"]["name"] == "Gold"
    assert member["invites"] is True
    by_storefront = theme.ask("/me").json
    assert {**by_storefront, "key": ""} == {**found, "key": ""}


def test_what_is_said_of_a_tier_is_said_once(surface: Surface, full: None, engine: Engine, opened: ShopRow) -> None:
    tier = surface.json("/me")["member"]["tier"]
    assert tier["reach"]["text"].startswith("$500.00 more by ")
    assert (tier["keep"], tier["until"], tier["news"]) == (None, None, [])
    by_tag = Tiers(levels=(Tier(key="gold", name="Gold", enter=None, tag="gold"),))
    with shop_transaction(engine, opened.id) as conn:
        programmes.add(conn, opened.id, FULL.model_copy(update={"tiers": by_tag}), "test", "", datetime.now(UTC))
    run(engine, opened, "INSERT INTO member_tiers (shop_id, member_id, tier, pinned, pinned_until) SELECT shop_id, id,"
        " 'gold', true, '2999-12-31' FROM members")  # fmt: skip
    tier = surface.json("/me")["member"]["tier"]
    assert (tier["name"], tier["reach"], tier["keep"], tier["until"]["date"]) == ("Gold", None, None, "2999-12-31")
    assert tier["news"] == ["You're in Gold until the end of December 31, 2999."]


def test_a_guest_an_unknown_customer_and_one_who_left_are_told_the_programme(
    app: Flask, full: None, surface: Surface, guest: Surface, engine: Engine, opened: ShopRow
) -> None:
    unknown = Surface(app, surface.settings, surface.domain, 8)
    states = {each: each.json("/me") for each in (guest, unknown)}
    assert [one["state"] for one in states.values()] == ["guest", "unknown"]
    run(engine, opened, "UPDATE members SET state = 'left'")
    left = surface.json("/me")
    assert left["state"] == "left"
    for found in (*states.values(), left):
        assert found["member"] is None
        assert found["programme"]["headline"]
    for who in (guest, unknown, surface):
        for path in ("/rewards", "/held", "/held/1", "/entries", "/activities", "/invitation"):
            assert refusal(who.get(path))[:2] == (403, "no_member"), path
        assert who.get("/programme").status_code == 200


def test_points_that_come_and_end_have_their_days(surface: Surface, engine: Engine, opened: ShopRow) -> None:
    soon = datetime.now(UTC) + timedelta(days=3)
    run(engine, opened, f"UPDATE lots SET available_at = '{soon.isoformat()}'")
    member = surface.json("/me")["member"]
    assert (member["available"]["points"], member["pending"]["points"]) == (0, 150)
    [coming] = member["coming"]
    assert coming["points"]["points"] == 150
    run(engine, opened, f"UPDATE lots SET available_at = now() - interval '1 day', expires_at = '{soon.isoformat()}'")
    member = surface.json("/me")["member"]
    assert (member["coming"], member["expiring"]["points"]["text"]) == ([], "150 stars")


def test_the_page_of_the_programme_has_no_hidden_tier_and_nothing_for_one(guest: Surface, full: None) -> None:
    found = guest.json("/programme")
    assert [one["name"] for one in found["tiers"]] == ["Gold"]
    assert found["tiers"][0]["benefits"] == ["You earn 2× the points.", "Early sales"]
    assert found["tiers"][0]["needs"].startswith("$500.00")
    assert [one["title"] for one in found["rewards"]] == ["5 off", "Any amount", "50 off", "Gold only"]
    assert found["rewards"][1]["price"] == {"points": 50, "text": "50–500 stars"}
    assert [one["id"] for one in found["activities"]] == ["abirth", "afollow", "avisit"]
    assert found["referral"]
    assert "secret-word" not in guest.get("/programme").text


def test_while_spending_is_paused_no_reward_is_usable_and_each_says_why(
    surface: Surface, engine: Engine, opened: ShopRow, full: None
) -> None:
    with shop_transaction(engine, opened.id) as conn:
        assert launch_programme.pause(conn, shops.get(conn, opened.id), "spending", "test", datetime.now(UTC))
    cart = {"currency": "USD", "lines": [{"quantity": 1, "price": "90.00"}]}
    for found in (surface.json("/rewards"), surface.post("/cart", cart).json):
        assert {(one["usable"], one["why"]["code"]) for one in found["rewards"]} == {(False, "spending_paused")}


def test_rewards_are_at_the_members_price_the_usable_ones_first(surface: Surface, guest: Surface, full: None) -> None:
    found = surface.json("/rewards")["rewards"]
    assert [(one["id"], one["usable"]) for one in found] == [
        ("rfive", True), ("rany", True), ("rbig", False), ("rgold", False),
    ]  # fmt: skip
    assert found[2]["why"] == {"code": "too_few_points", "text": "You need 850 stars more."}
    assert found[1]["slider"] == {"least": 50, "most": 150, "step": 10,
                                  "worth": {"amount": "1.00", "currency": "USD", "text": "$1.00"}}  # fmt: skip
    assert [one["brings"] for one in found[:2]] == ["$5.00 off.", "$1.00 off for every 10 stars."]
    offered = guest.json("/programme")["rewards"]
    [slider] = [one for one in offered if one["title"] == "Any amount"]
    assert (slider["price"]["text"], slider["brings"]) == ("50–500 stars", "$1.00 off for every 10 stars.")
    assert all(one["for_order"] for one in found)


def test_codes_that_anybody_could_spend_are_never_told(
    app: Flask, surface: Surface, engine: Engine, opened: ShopRow
) -> None:
    rewards = (
        GiftCard(id="rcard", name="A card", points=10, value=5),
        PartnerCode(id="rpool", name="Cinema", points=10),
    )
    with shop_transaction(engine, opened.id) as conn:
        programmes.add(conn, opened.id, Programme(rewards=rewards), "test", "", datetime.now(UTC))
        member = conn.exec_driver_sql("SELECT id FROM members").scalar_one()
        for number, (kind, state) in enumerate((("gift_card", "created"), ("pool_code", "none")), 1):
            conn.exec_driver_sql(
                "INSERT INTO redemptions (id, shop_id, member_id, reward, subject, points, terms, state, code,"
                " code_state, created_at, secret) VALUES (%(id)s, %(shop)s, %(member)s, 'r', %(subject)s, 10,"
                " jsonb_build_object('kind', %(kind)s::text, 'name', 'It', 'value', '5', 'currency', 'USD'),"
                " %(made)s, 'SPENDME' || %(id)s, %(state)s, now(), '\\x00')",
                {"id": number, "shop": opened.id, "member": member, "subject": f"x{number}", "kind": kind,
                 "state": state, "made": "reserved" if kind == "gift_card" else "captured"},
            )  # fmt: skip
    found = surface.json("/held")["held"]
    assert [(one["state"], one["code"], one["hidden"]) for one in found] == [("ready", None, True)] * 2
    for path in ("/held", "/held/1", "/held/2", "/me", "/rewards"):
        assert "SPENDME" not in surface.get(path).text
    assert "SPENDME" not in surface.post("/cart", {"currency": "USD", "lines": []}).text


def test_nobody_sees_what_is_anothers(app: Flask, surface: Surface, engine: Engine, opened: ShopRow) -> None:
    terms = '{"kind": "amount_off", "name": "5"}'
    run(engine, opened, "INSERT INTO redemptions (id, shop_id, member_id, reward, subject, points, terms, state, code,"
        f" code_state, created_at) SELECT 5, shop_id, id, 'rfive', 'x', 100, '{terms}', 'reserved', 'MINE', 'created',"
        " now() FROM members")  # fmt: skip
    run(engine, opened, "INSERT INTO members (shop_id, customer_id, state, joined_at, last_activity_at)"
        " SELECT shop_id, 8, 'member', now(), now() FROM members LIMIT 1")  # fmt: skip
    other = Surface(app, surface.settings, surface.domain, 8)
    assert surface.json("/held/5")["code"] == "MINE"
    assert refusal(other.get("/held/5"))[:2] == (404, "not_found")
    assert (other.json("/held")["held"], other.json("/entries")["entries"]) == ([], [])
    for wrong in ("/held/0", "/held/99999999999999999999", f"/held/{2**63}", "/held/-1", "/held/x"):
        assert refusal(surface.get(wrong))[:2] == (404, "not_found"), wrong


def test_the_history_is_explained_page_by_page(surface: Surface, engine: Engine, opened: ShopRow) -> None:
    run(engine, opened, "INSERT INTO entries (id, shop_id, member_id, kind, points, subject, line, effective_at,"
        " created_at, actor, reason) SELECT 1000 + n, m.shop_id, m.id, 'spent', -1, 'redemption:' || n, 1, now(),"
        " now(), 'shopper', '{\"reasons\": [[\"spent\", {\"points\": 1, \"reward\": \"It\"}]], \"reward\": \"It\"}'"
        " FROM members m, generate_series(1, 40) n")  # fmt: skip
    first = surface.json("/entries")
    assert [one["id"] for one in first["entries"]] == list(range(1040, 1010, -1))
    assert first["entries"][0]["points"] == {"points": -1, "text": "−1 stars"}
    assert first["entries"][0]["reasons"]
    rest = surface.json("/entries", before=str(first["before"]))
    assert (len(rest["entries"]), rest["before"]) == (11, None)
    for wrong in ("x", "-1", "0", "9" * 30, "١"):
        assert refusal(surface.get("/entries", before=wrong))[:2] == (422, "invalid"), wrong


def test_the_history_is_a_file_for_five_minutes_by_a_link(
    app: Flask, surface: Surface, theme: Theme, engine: Engine, opened: ShopRow
) -> None:
    key = surface.json("/me")["key"]
    url = surface.post("/history-link", {"key": key}).json["url"]
    path = url[url.index("/shopper/") :]
    found = app.test_client().get(path)
    assert (found.status_code, found.mimetype) == (200, "text/csv")
    assert found.text.startswith('\ufeff"Date","What","Points","Why"')
    assert '"150"' in found.text
    mark = path[-1]
    for wrong in (
        path[:-1] + ("0" if mark != "0" else "1"),
        path.replace(".1.", ".2.", 1),
        f"{path}.x",
        "/shopper/history.csv",
    ):
        assert app.test_client().get(wrong).status_code == 401, wrong
        assert app.test_client().get(wrong).text == OVER
    assert theme.send("/history-link", {"key": "x"}).status_code == 409
    run(engine, opened, "UPDATE members SET state = 'left'")
    assert app.test_client().get(path).status_code == 401


def test_a_link_to_the_history_ends(surface: Surface, app: Flask) -> None:
    from plugin.web.current import KEY, Parts

    urls = [surface.post("/history-link", {"key": surface.json("/me")["key"]}, locale=each).json["url"]
            for each in ("en", "fil")]  # fmt: skip
    held: Parts = app.extensions[KEY]
    later = datetime.now(UTC) + timedelta(minutes=5, seconds=1)
    app.extensions[KEY] = Parts(held.settings, held.engine, held.clients, lambda: later)
    for url, text in zip(urls, (OVER, "Nag-expire na ang link na ito."), strict=True):
        found = app.test_client().get(url[url.index("/shopper/") :])
        assert (found.status_code, found.mimetype, found.text.startswith(text)) == (401, "text/plain", True)
        assert found.headers["Cache-Control"] == "no-store"


def test_ways_to_earn_say_what_can_be_done_now(surface: Surface, full: None) -> None:
    found = surface.json("/activities")
    assert found["orders"] == ["Earn 2 stars for every $5.00 you spend."]
    assert {one["id"]: (one["state"], one["link"]) for one in found["activities"]} == {
        "abirth": ("asks", "https://demo.myshopify.com/apps/suki/earn"),
        "afollow": ("open", "https://instagram.com/x"),
        "avisit": ("waits", None),
    }
    assert "secret-word" not in surface.get("/activities").text


def test_the_invitation_is_the_members_own_link_and_only_the_storefront_leaves_a_trace(
    surface: Surface, full: None, theme: Theme, engine: Engine, opened: ShopRow
) -> None:
    found = surface.json("/invitation")
    assert found["link"].startswith("https://demo.myshopify.com/apps/suki/r/")
    assert found["text"].startswith("Your friend gets: 10% off. You get: 500 stars.")
    assert (found["friends"], found["code"]) == (0, None)
    with shop_transaction(engine, opened.id) as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM referral_marks").scalar_one() == 0
    asked = theme.ask("/invitation", headers={"X-Forwarded-For": "203.0.113.5", "User-Agent": "Mozilla"})
    assert asked.json["link"] == found["link"]
    with shop_transaction(engine, opened.id) as conn:
        assert conn.exec_driver_sql("SELECT count(*) > 0 FROM referral_marks").scalar_one()


def test_without_referrals_there_is_no_invitation(surface: Surface) -> None:
    assert refusal(surface.get("/invitation"))[:2] == (404, "not_found")


def test_texts_are_in_the_language_that_was_asked_for(surface: Surface, full: None) -> None:
    assert surface.json("/me", locale="fil")["programme"]["headline"].startswith("Makakuha ng 2 stars")
    assert surface.json("/me", locale="fil")["locale"] == "fil"
    assert surface.json("/me", locale="'; drop")["locale"] == surface.json("/me")["locale"]
