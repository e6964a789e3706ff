"""One order on the thank-you and order status pages: for its customer, for its guest, and for nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.actions.shops import save_survey
from plugin.rules.programme import Earning, NextOrderCode, Programme
from plugin.rules.referrals.referral_rules import Referrals
from plugin.rules.retention.survey import Survey
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from plugin.store.work import deliveries
from tests import payloads
from tests.conftest import ShopRow
from tests.web.shopper_api.surface import Surface, refusal
from webhooks.inbox import process_waiting

NOW = datetime.now(UTC)
PLACED = NOW - timedelta(minutes=30)
TOKEN = "bd5a8aa1ecd019dd3520ff791ee3a24c"
RULES = Programme(
    earning=Earning(points=1, per_amount=Decimal(1), pending_days=3), referrals=Referrals(enabled=True),
    next_order_code=NextOrderCode(enabled=True, value=Decimal(10)),
    tiers=Tiers(levels=(Tier(key="gold", name="Gold", enter=Decimal(10)),)),
)  # fmt: skip


def tell(engine: Engine, shop: ShopRow, order_id: int, number: int = 1, **more: Any) -> None:
    """The order's webhook comes and is worked on."""
    at = PLACED.isoformat()
    said = {"created_at": at, "processed_at": at, "updated_at": at, "checkout_token": TOKEN, **more}
    body = payloads.order(order_id, **said)
    with shop_transaction(engine, shop.id) as conn:
        deliveries.add(conn, shop.id, f"w{order_id}-{number}", "orders/paid", NOW, payloads.dumps(body))
    later = datetime.now(UTC) + timedelta(minutes=1)
    while process_waiting(engine, lambda: later):
        pass


@pytest.fixture
def launched(engine: Engine, opened: ShopRow) -> ShopRow:
    """With rules from before the orders, and a question about them."""
    with shop_transaction(engine, opened.id) as conn:
        programmes.add(conn, opened.id, RULES, "test", "", NOW - timedelta(hours=1))
        conn.exec_driver_sql('UPDATE shops SET settings = settings || \'{"counts_from": "2020-01-01T00:00:00+00:00"}\'')
        save_survey.save_survey(conn, opened.id, Survey(asked="nps"), "staff:1", NOW)
    return opened


def test_an_order_that_we_have_not_heard_of_is_waited_for(surface: Surface, guest: Surface, launched: ShopRow) -> None:
    for who in (surface, guest):
        found = who.json("/orders/5", checkout_token=TOKEN)
        assert (found["state"], found["points"], found["about"], found["survey"]) == ("waiting", None, True, None)
        assert found["text"]
    assert refusal(surface.get("/orders/x"))[0] == 404
    assert surface.json(f"/orders/{2**70}")["state"] == "waiting"


def test_its_customer_reads_points_code_tier_and_invitation(
    surface: Surface, engine: Engine, launched: ShopRow
) -> None:
    tell(engine, launched, 5)
    with shop_transaction(engine, launched.id) as conn:
        conn.exec_driver_sql("UPDATE redemptions SET code_state = 'created'")
    found = surface.json("/orders/5")
    assert (found["state"], found["points"], found["about"]) == ("known", {"points": 49, "text": "49 points"}, False)
    day = (PLACED + timedelta(days=3)).astimezone(ZoneInfo("Asia/Manila")).date()
    assert found["available_on"]["date"] == day.isoformat()
    assert found["text"] == f"You'll get 49 points for this order on {found['available_on']['text']}."
    assert found["reasons"]
    assert found["code"]["code"].startswith("SUKI-")
    assert found["tier"]["name"] == "Gold"
    assert "/r/" in found["invitation"]["link"]
    assert (found["survey"]["survey"], found["claim"], found["code_by_email"]) == ("nps", None, False)


def test_the_share_of_a_tier_is_what_is_not_missing_of_its_threshold(
    surface: Surface, engine: Engine, launched: ShopRow
) -> None:
    """Of three orders, two no longer count on the day after the last: what counts today says nothing of keeping it."""
    ladder = Tiers(
        levels=(Tier(key="gold", name="Gold", enter=Decimal(3), keep=Decimal(2)),
                Tier(key="opal", name="Opal", enter=Decimal(8))),
        metric="orders", window="rolling", window_days=30, grace_days=0, validity="window",
    )  # fmt: skip
    with shop_transaction(engine, launched.id) as conn:
        rules = RULES.model_copy(update={"tiers": ladder})
        programmes.add(conn, launched.id, rules, "test", "", NOW - timedelta(minutes=50))
    before = (PLACED - timedelta(days=10)).isoformat()
    for order_id in (5, 6):
        tell(engine, launched, order_id, created_at=before, processed_at=before)
    tell(engine, launched, 7)
    for tier in (surface.json("/me")["member"]["tier"], surface.json("/orders/7")["tier"]):
        assert tier["name"] == "Gold"
        assert (tier["keep"]["missing"], tier["keep"]["share"]) == ("1 order", 50)
        assert (tier["reach"]["missing"], tier["reach"]["share"]) == ("5 orders", 37)


def test_whoever_has_the_checkouts_token_reads_the_orders_own_points_and_the_question(
    guest: Surface, app: Flask, engine: Engine, launched: ShopRow
) -> None:
    tell(engine, launched, 5)
    other = Surface(app, guest.settings, guest.domain, 8)
    for who in (guest, other):
        found = who.json("/orders/5", checkout_token=TOKEN)
        assert (found["state"], found["points"]["points"]) == ("known", 49)
        assert (found["code"], found["tier"], found["invitation"], found["reasons"]) == (None, None, None, [])
        assert (found["code_by_email"], found["survey"]["survey"]) == (True, "nps")
        assert "SUKI-" not in who.get("/orders/5", checkout_token=TOKEN).text


@pytest.mark.parametrize("token", ["", "x", TOKEN[:-1], TOKEN.upper(), TOKEN + "0", "é", "\x00", TOKEN + "x" * 500])
def test_to_everybody_else_it_looks_like_an_order_that_is_not_there(
    token: str, guest: Surface, app: Flask, engine: Engine, launched: ShopRow
) -> None:
    tell(engine, launched, 5)
    other = Surface(app, guest.settings, guest.domain, 8)
    for who in (guest, other):
        there, absent = who.json("/orders/5", checkout_token=token), who.json("/orders/6", checkout_token=token)
        assert {**there, "key": ""} == {**absent, "key": ""}
        assert there["state"] == "waiting"


def test_an_order_without_a_checkout_is_opened_by_no_token(
    guest: Surface, surface: Surface, engine: Engine, launched: ShopRow
) -> None:
    tell(engine, launched, 5, checkout_token=None)
    for token in ("", TOKEN, "None", "null"):
        assert guest.json("/orders/5", checkout_token=token)["state"] == "waiting"
    assert surface.json("/orders/5")["state"] == "known"


def test_what_is_told_later_without_the_token_keeps_it(guest: Surface, engine: Engine, launched: ShopRow) -> None:
    tell(engine, launched, 5)
    tell(engine, launched, 5, 2, checkout_token=None, updated_at=NOW.isoformat(), total_price="49.95")
    assert guest.json("/orders/5", checkout_token=TOKEN)["state"] == "known"


def test_a_guests_order_may_be_claimed_by_its_guest(guest: Surface, engine: Engine, launched: ShopRow) -> None:
    tell(engine, launched, 5, customer=None, email="guest@example.com")
    found = guest.json("/orders/5", checkout_token=TOKEN)
    assert found["claim"] == "Get 49 points for this order: we'll email you a link."
    assert found["text"] == f"This order brings 49 points, available from {found['available_on']['text']}."
    assert guest.json("/orders/5")["claim"] is None


def test_a_guest_is_not_told_that_unclaimed_points_are_theirs(
    guest: Surface, surface: Surface, engine: Engine, launched: ShopRow
) -> None:
    at_once = RULES.model_copy(update={"earning": Earning(points=1, per_amount=Decimal(1), pending_days=0)})
    with shop_transaction(engine, launched.id) as conn:
        programmes.add(conn, launched.id, at_once, "test", "", NOW - timedelta(minutes=50))
    tell(engine, launched, 5)
    tell(engine, launched, 6, customer=None, email="guest@example.com")
    tell(engine, launched, 8, customer=None, email="guest@example.com", test=True)
    assert surface.json("/orders/5")["text"] == "You earned 49 points with this order."
    assert guest.json("/orders/5", checkout_token=TOKEN)["text"] == "You earned 49 points with this order."
    assert guest.json("/orders/6", checkout_token=TOKEN)["text"] == "This order brings 49 points."
    assert guest.json("/orders/8", checkout_token=TOKEN)["text"] == "This order doesn't earn points."


def test_an_order_that_waits_for_facts_or_brings_nothing_says_so(
    surface: Surface, engine: Engine, launched: ShopRow
) -> None:
    tell(engine, launched, 5, test=True)
    found = surface.json("/orders/5")
    assert (found["state"], found["points"]["points"], found["text"]) == ("known", 0, "This order doesn't earn points.")
    with shop_transaction(engine, launched.id) as conn:
        conn.exec_driver_sql("UPDATE order_views SET waiting_for = 'products'")
    assert surface.json("/orders/5")["state"] == "waiting"


def test_the_order_of_another_shop_is_nowhere(
    app: Flask, surface: Surface, engine: Engine, launched: ShopRow, other_shop: ShopRow
) -> None:
    from tests.web.conftest import make_open

    make_open(engine, surface.settings, other_shop)
    tell(engine, launched, 5)
    foreign = Surface(app, surface.settings, other_shop.domain, 7)
    assert foreign.json("/orders/5", checkout_token=TOKEN)["state"] == "waiting"
    assert foreign.json("/me")["state"] == "unknown"


def test_a_question_that_is_open_is_put_by_the_account_too(surface: Surface, engine: Engine, launched: ShopRow) -> None:
    assert surface.json("/me")["survey"] is None
    tell(engine, launched, 5)
    assert surface.json("/orders/5")["survey"]["survey"] == "nps"
    assert surface.json("/me")["survey"]["question"].startswith("How likely are you to recommend")
    with shop_transaction(engine, launched.id) as conn:
        conn.exec_driver_sql("UPDATE survey_answers SET answered_at = now(), score = 9")
    assert surface.json("/me")["survey"] is None
    assert surface.json("/orders/5")["survey"] is None
