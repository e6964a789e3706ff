"""Gift cards, store credit and cashback, on the panel's pages and on the shopper's."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.actions.codes import issued_codes
from plugin.actions.rewards import redeem_points
from plugin.app import create_app
from plugin.errors import Unreadable
from plugin.messages.kind import Occasion
from plugin.messages.reward_given import mail
from plugin.rules import subjects
from plugin.rules.programme import Programme
from plugin.rules.rewards.gift_cards import in_groups
from plugin.rules.rewards.money_rewards import CreditSlider, GiftCard
from plugin.rules.types import Reason
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.rewards import credits, redemptions
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops import shops
from plugin.store.shops.seal import Seal, of_redemption
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.web.programme.test_rewards import member_with, rewards
from tests.web.second_steps import confirmed
from tests.web.session import Browser
from tests.web.shopper.test_shopper import Storefront

COMMON = {"points": "100", "value": "10", "channels.online": "yes", "per_member_every": "ever",
          "back_on_refund": "full"}  # fmt: skip
FORMS = (
    COMMON | {"kind": "gift_card", "name": "Card", "valid_days": "365"},
    COMMON | {"kind": "store_credit", "name": "Credit", "valid_days": "", "notify": "yes"},
    COMMON | {"kind": "store_credit_slider", "name": "Any", "step": "50", "most": "500"},
)
CARD = GiftCard(id="rcard", name="A card", points=100, value=10)
ANY = CreditSlider(id="rany", name="Any credit", points=50, step=50, most=500, value=2)
CASHBACK = {"cashback.enabled": "yes", "cashback.percent": "2.5", "cashback.after_days": "14"}
GRANTED = ("write_gift_cards", "read_store_credit_accounts", "write_store_credit_account_transactions")
CODE = "abcd2345efgh6789"


def offer(engine: Engine, shop: ShopRow, **rules: object) -> None:
    allow(engine, shop, *GRANTED)
    with shop_transaction(engine, shop.id) as conn:
        made = Programme(rewards=(CARD, ANY), **rules)  # type: ignore[arg-type]
        programmes.add(conn, shop.id, made, "test", "", datetime.now(UTC) - timedelta(hours=9))


def card_of(engine: Engine, settings: Settings, shop: ShopRow, member: int) -> Redemption:
    """A card that was made in Shopify."""
    with shop_transaction(engine, shop.id) as conn:
        ours, at = shops.get(conn, shop.id), datetime.now(UTC)
        made = redeem_points.redeem(conn, ours, member, "rcard", None, "1", "shopper", at)
        sealed = Seal.of(settings).close(CODE.encode(), of_redemption(shop.id, made.id))
        redemptions.keep_secret(conn, shop.id, made.id, sealed)
        redemptions.issued(conn, shop.id, made.id, "gid://shopify/GiftCard/1", at)
    return made


def allow(engine: Engine, shop: ShopRow, *scopes: str) -> None:
    with shop_transaction(engine, shop.id) as conn:
        shops.describe(conn, shop.id, {"scopes": list(scopes)})


def words(text: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"(?s)<style>.*?</style>|<[^>]+>", " ", text)))


def test_each_kind_is_set_up_and_read_back(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    allow(engine, shop, *GRANTED)
    for number, form in enumerate(FORMS, 1):
        assert browser.post("/app/programme/rewards", based_on=str(number), **form).status_code == 303
    _, made = rewards(engine, shop)
    assert [one.kind for one in made] == ["gift_card", "store_credit", "store_credit_slider"]
    assert (made[0].valid_days, made[1].valid_days, made[1].notify, made[2].notify) == (365, None, True, False)
    listed = browser.page("/app/programme/rewards")
    assert "Gift card" in listed and "10 USD for every 50" in words(listed)
    for one in made:
        shown = browser.page(f"/app/programme/rewards/{one.id}")
        assert "Valid for" in shown and "Code prefix" not in shown


def test_without_the_permission_it_is_not_saved_and_the_page_says_what_is_missing(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    allow(engine, shop, "read_orders", "write_customers", "write_discounts", "read_products")
    answer = browser.post("/app/programme/rewards", based_on="1", **FORMS[0])
    assert answer.status_code == 422
    assert "write_gift_cards" in answer.text
    assert rewards(engine, shop) == (1, ())
    answer = browser.post("/app/programme/cashback", based_on="1", **CASHBACK)
    assert answer.status_code == 422
    assert "write_store_credit_account_transactions" in answer.text


def test_only_its_owner_sees_a_gift_cards_code_and_after_a_link_by_mail_only(
    browser: Browser, app: Flask, engine: Engine, settings: Settings, shop: ShopRow
) -> None:
    offer(engine, shop)
    member = member_with(engine, shop, 500)
    made = card_of(engine, settings, shop, member)
    mine = Storefront(app, settings, shop.domain, "7").get().text
    assert in_groups(CODE) == "ABCD 2345 EFGH 6789"
    assert "ABCD" not in mine and f"/own/code/{made.id}" in mine
    front = Storefront(app, settings, shop.domain, "7")
    assert in_groups(CODE) in confirmed(front, engine, shop, "code", redemption=str(made.id)).text
    assert "ABCD" not in front.get().text
    for stranger in ("8", ""):
        assert "ABCD" not in Storefront(app, settings, shop.domain, stranger).get().text
    for page in (f"/app/redemptions/{made.id}", f"/app/members/{member}", "/app/programme/rewards"):
        shown = browser.page(page)
        assert CODE not in shown.lower().replace(" ", "")
    assert "Only the member can see its code" in browser.page(f"/app/redemptions/{made.id}")


def test_a_code_whose_key_is_lost_is_said_to_be_so_and_breaks_nothing(
    app: Flask, engine: Engine, settings: Settings, shop: ShopRow, browser: Browser
) -> None:
    offer(engine, shop)
    made = card_of(engine, settings, shop, member_with(engine, shop, 500))
    other = settings.model_copy(update={"encryption_keys": type(settings.encryption_keys)("A" * 43 + "=")})
    with shop_transaction(engine, shop.id) as conn:
        found = redemptions.get(conn, shop.id, made.id)
    assert found is not None
    with pytest.raises(Unreadable):
        issued_codes.secret_of(other, shop.id, found)
    front = Storefront(create_app(other, engine), other, shop.domain, "7")
    assert front.get().status_code == 200
    page = confirmed(front, engine, shop, "code", redemption=str(made.id))
    assert page.status_code == 200
    assert "We can&#39;t show this code right now. It&#39;s still yours" in page.text
    assert "ABCD" not in page.text


def test_the_shopper_swaps_points_for_credit(
    browser: Browser, app: Flask, engine: Engine, settings: Settings, shop: ShopRow
) -> None:
    offer(engine, shop)
    member_with(engine, shop, 500)
    front = Storefront(app, settings, shop.domain, "7")
    asked = words(front.get("/proxy/rewards/rany").text)
    assert "$2.00 for every 50" in asked and "store credit" in asked
    key = front.key("/proxy/rewards/rany", points="150")
    answer = front.post("/proxy/rewards/rany", key=key, points="150")
    assert "It will be in your store credit shortly." in words(answer.text)
    wrong = front.post("/proxy/rewards/rany", key=front.key("/proxy/rewards/rany", points="50"), points="-50")
    assert wrong.status_code == 422


def test_cashback_is_set_up_and_wrong_fields_say_so(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    allow(engine, shop, *GRANTED)
    assert "Paid out" in browser.page("/app/programme/cashback")
    assert browser.post("/app/programme/cashback", based_on="1", **CASHBACK).status_code == 303
    with shop_transaction(engine, shop.id) as conn:
        rules = programmes.current(conn, shop.id, datetime.now(UTC)).programme.cashback
    assert (rules.enabled, str(rules.percent), rules.after_days, rules.maximum) == (True, "2.5", 14, 0)
    shown = browser.page("/app/programme/cashback")
    assert 'name="cashback.percent"' in shown and 'value="2.5"' in shown
    bad = CASHBACK | {"cashback.percent": "0", "cashback.after_days": "x", "cashback.maximum": "0.001"}
    wrong = browser.post("/app/programme/cashback", based_on="2", **bad)
    assert (wrong.status_code, "Use up to 2 decimals for amounts in USD." in wrong.text) == (422, True)
    wrong = browser.post("/app/programme/cashback", based_on="2", **(bad | {"cashback.maximum": "1"}))
    found = dict(re.findall(r'name="(cashback\.\w+)"[^>]*? error="([^"]+)"', wrong.text))
    assert found.keys() == {"cashback.percent", "cashback.after_days"}
    again = browser.post("/app/programme/cashback", based_on="1", **CASHBACK)
    assert (again.status_code, "done=" in again.location) == (303, True)


def test_both_sides_see_what_an_order_brought_and_why(
    browser: Browser, app: Flask, engine: Engine, settings: Settings, shop: ShopRow
) -> None:
    offer(engine, shop)
    member = member_with(engine, shop, 10)
    why = ["cashback", {"amount_minor": 4995, "currency": "USD", "percent": "5", "credit_minor": 249}]
    row = {"shop_id": shop.id, "member_id": member, "subject": "order:1", "currency": "USD",
           "reason": {"order": "#1001", "reasons": [why]}}  # fmt: skip
    with shop_transaction(engine, shop.id) as conn:
        first, second = credits.add(
            conn, [row | {"line": 1, "amount_minor": 249}, row | {"line": 2, "amount_minor": -99}]
        )
        credits.done(conn, shop.id, first, 249, "gid://1", datetime.now(UTC))
        credits.done(conn, shop.id, second, -40, "gid://2", datetime.now(UTC))
    page = words(browser.page(f"/app/members/{member}"))
    assert "$49.95 counts, at 5%, rounded down: $2.49." in page
    assert "-$0.40 moved, the rest was offset" in page
    mine = words(Storefront(app, settings, shop.domain, "7").get().text)
    assert "+ $2.49" in mine.replace("+$", "+ $") and "$0.59 was already spent" in mine
    totals = words(browser.page("/app/programme/cashback"))
    assert "To be deducted $0.59" in totals


def test_a_mail_about_a_gift_card_names_the_gift_and_shows_no_code(
    app: Flask, engine: Engine, settings: Settings, shop: ShopRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(engine, shop)
    member = member_with(engine, shop, 500)
    made = card_of(engine, settings, shop, member)
    about = str(subjects.Gift(1, 1))
    gift = SimpleNamespace(id=1, state="given", subject=about, terms={"reward": "rcard"}, why=Reason("x"), points=0)
    monkeypatch.setattr(mail.gifts, "by_ids", lambda *_: [gift])
    message = SimpleNamespace(kind="reward_given", subject=about, created_at=datetime.now(UTC))
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("UPDATE redemptions SET subject = %s WHERE id = %s", (about, made.id))
        ours, person = shops.get(conn, shop.id), members.get(conn, shop.id, member)
        occasion = Occasion.alone(conn, ours, person, message, settings, datetime.now(UTC))  # type: ignore[arg-type]
        told = mail.build(occasion)
    assert told is not None
    assert (told.reward, told.code_value) == ("A card", "")
