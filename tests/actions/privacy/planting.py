"""Words that no program would write, planted wherever somebody's data can get to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from plugin.actions.bulk import for_many
from plugin.actions.imports import carry_out_file, upload_file
from plugin.actions.members import keep_profile
from plugin.actions.points import adjust_points
from plugin.actions.points.adjust_points import Adjustment
from plugin.actions.referrals import claim_referral, review_referrals
from plugin.actions.rewards import fulfil_rewards, redeem_points
from plugin.actions.shops import api_keys
from plugin.actions.tiers import set_tiers, watch_tiers
from plugin.app import create_app
from plugin.rules.activities.activity_rules import Custom as Reported
from plugin.rules.activities.activity_rules import Profile
from plugin.rules.referrals.referral_marks import Traces, marks
from plugin.rules.referrals.referral_rules import Referrals
from plugin.rules.rewards.own_rewards import Custom
from plugin.rules.tiers.tier_rules import PRESETS
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.orders import order_checkpoints, reading_differences
from plugin.store.referrals import referral_claims
from plugin.store.referrals.referral_claims import Asked
from plugin.store.reports import survey_answers
from plugin.store.shops import shops
from plugin.store.shops.seal import Seal, of_redemption
from plugin.store.work import deliveries
from plugin.web.forms.members import tier_by_hand
from sandbox.state import Record
from tests.actions.emails.happenings import reminders_on
from tests.actions.privacy.looking import Planted
from tests.actions.stage import Stage

PLACED = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
"""Within the time from which orders count in a fresh shop."""
RULES: dict[str, Any] = {
    "activities": [
        Reported(id="areview", name="Review", points=50, word="review").model_dump(),
        Profile(id="aprof", name="Tell us", points=15, questions=("Coffee or tea?",)).model_dump(),
    ],
    "rewards": [Custom(id="rtour", name="A tour", points=10).model_dump()],
    "referrals": Referrals(enabled=True, hold_days=0, shadow=True).model_dump(),
    "tiers": PRESETS["yearly_spend"].model_dump(),
}


def plant(stage: Stage, seed: str, number: int, keeper: psycopg.Connection) -> Planted:
    """Somebody with an account comes by webhooks, the API, the panel and the shop's pages, and leaves words behind."""
    planted = Planted(seed)
    stage.programme(**RULES)
    _by_webhooks(stage, planted, number)
    member = stage.rows("SELECT id FROM members WHERE customer_id = :number", number=number)[0][0]
    _by_api(stage, planted, number)
    _by_staff(stage, planted, member)
    _by_shoppers(stage, planted, member)
    stage.settle(seconds=3)
    _what_others_say(stage, planted, member, keeper)
    _late_and_broken(stage, planted, number)
    return planted


def first_order(number: int) -> int:
    """The number of a person's first order."""
    return number % 10 * 100 + 11


def say(stage: Stage, topic: str, body: Record) -> None:
    """Shopify tells us, over HTTP and signed."""
    stage.town.box.dispatcher.publish(stage.shop, topic, body, datetime.now(UTC))
    stage.hear()


def account(planted: Planted, number: int) -> Record:
    """The customer in Shopify's shape."""
    w = planted.word
    return {
        "id": number,
        "email": planted.email("email"),
        "first_name": w("first name"),
        "last_name": w("last name"),
        "phone": "+63 917 555 0101",
        "note": w("customer note"),
        "tags": w("tag in the payload"),
        "created_at": "2026-11-01T10:00:00Z",
        "locale": w("locale"),
        "default_address": {"address1": w("account address"), "company": w("company")},
    }


def order_of(planted: Planted, number: int, order_id: int, **more: object) -> Record:
    """An order with everything that an order can say of somebody."""
    w = planted.word
    address = {name: w(name) for name in ("address1", "address2", "city", "zip", "province", "company")}
    return {
        "id": order_id,
        "name": f"#{order_id}",
        "created_at": PLACED,
        "updated_at": PLACED,
        "currency": "USD",
        "financial_status": "paid",
        "total_price": "24.00",
        "email": planted.email("email"),
        "note": w("order note"),
        "note_attributes": [{"name": "wish", "value": w("note attribute")}],
        "browser_ip": "203.0.113.7",
        "client_details": {"user_agent": w("user agent")},
        "shipping_address": address | {"name": w("shipping name"), "phone": "+63 917 555 0101"}
        | {"country_code": "PH", "province_code": w("region")},
        "billing_address": {"name": w("billing name")},
        "discount_codes": [{"code": w("discount code"), "amount": "1.00", "type": "fixed_amount"}],
        "customer": account(planted, number),
        "line_items": [
            {"id": order_id * 10, "title": w("title of a custom line"), "variant_title": w("variant"),
             "quantity": 1, "price": "24.00", "properties": [{"name": "text", "value": w("engraving")}]},
            {"id": order_id * 10 + 1, "title": w("title of a gift card"), "quantity": 1, "price": "5.00",
             "gift_card": True},
        ],
    } | more  # fmt: skip


def checkout_of(planted: Planted, number: int) -> Record:
    """A checkout with everything that one can say of somebody."""
    w = planted.word
    line = {"title": w("title of a line left"), "variant_title": w("variant left"), "quantity": 1, "price": "24.00"}
    return {
        "token": w("checkout token"),
        "cart_token": w("cart token"),
        "created_at": PLACED,
        "updated_at": PLACED,
        "currency": "USD",
        "subtotal_price": "24.00",
        "email": planted.email("email"),
        "note": w("checkout note"),
        "shipping_address": {"name": w("checkout name"), "address1": w("checkout address")},
        "customer": account(planted, number),
        "line_items": [line],
    }


def _by_webhooks(stage: Stage, planted: Planted, number: int) -> None:
    w = planted.word
    former = account(planted, number) | {"email": planted.email("former email")}
    say(stage, "customers/create", former)
    say(stage, "customers/update", account(planted, number))
    say(stage, "orders/paid", order_of(planted, number, first_order(number)))
    say(
        stage,
        "orders/paid",
        order_of(planted, number, first_order(number) + 1, customer=None, email=planted.email("former email")),
    )
    receipt = {"kind": "refund", "status": "success", "amount": "1.00", "receipt": {"payer": w("payer")}}
    say(
        stage,
        "refunds/create",
        {"id": number % 10, "order_id": first_order(number), "note": w("refund note"), "transactions": [receipt]},
    )
    say(stage, "orders/edited", {"order_edit": {"order_id": first_order(number), "staff_note": w("edit note")}})
    reminders_on(stage)
    say(stage, "checkouts/create", checkout_of(planted, number))
    at = {"occurredAt": "2026-11-29T10:00:00Z"}
    say(stage, "customer.tags_added", {"customerId": number, "tags": [w("tag")], **at})
    customer = {"id": number, "email": planted.email("email"), "phone": w("phone of a request")}
    stage.settle()
    say(stage, "customers/data_request", {"customer": customer, "orders_requested": [first_order(number)]})


def _by_api(stage: Stage, planted: Planted, number: int) -> None:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        key = api_keys.make(conn, stage.shop_id, "Reviews", "staff:1", stage.clock())
    app = create_app(stage.work.clients.settings, stage.engine)
    body = {"customer_id": number, "activity": "review", "key": planted.word("key of an activity")}
    sent = app.test_client().post("/api/v1/activities", json=body, headers={"Authorization": f"Bearer {key}"})
    assert sent.status_code == 201, sent.text


def _by_staff(stage: Stage, planted: Planted, member: int) -> None:
    w, now = planted.word, stage.clock()
    lines = f"email,points,note,referral code,{w('heading')}\n{planted.email('email')},5,{w('note of a line')},"
    lines += f"{w('old code')},\nnobody {w('wrong line')},5,\n"
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        asked = Adjustment(member, f"{member:032}", "adjusted", 500, w("note of a correction"), True)
        adjust_points.adjust(conn, shop.id, asked, "staff:7", now)
        form = {"tier": "silver", "note": w("note of a tier")}
        watch_tiers.set_tier(conn, shop, member, tier_by_hand.read(form), "staff:7", now)
        many = {"who": planted.email("email"), "tier": "gold", "note": w("note of many tiers")}
        set_tiers.set_tiers(
            conn,
            shop,
            set_tiers.wish(conn, shop, tier_by_hand.read(many), tier_by_hand.people(many), now),
            f"key{member}",
            "staff:7",
            now,
        )
        terms = {"points": 5, "kind": "gift", "note": w("note of many points"), "shown": True, "tell": False}
        for_many.begin(conn, shop, f"{member:032}", "points", terms, [member], 1, "staff:7", now)
        made = redeem_points.redeem(conn, shop, member, "rtour", None, f"k{member}", "shopper", now)
        said = (w("note of a fulfilment"), w("told"))
        fulfil_rewards.fulfil(conn, shop, made.id, *said, "staff:7", now)
        for name in ("file that is done", "file that waits"):
            note = w(f"note of the {name}")
            number = upload_file.upload(
                conn, shop, f"{w(name)}.csv", lines.encode(), note, now, shown=True, actor="staff:7"
            )
            if name == "file that is done":
                carry_out_file.carry_out(conn, shop, number, "staff:7", now)


def _by_shoppers(stage: Stage, planted: Planted, member: int) -> None:
    w, now = planted.word, stage.clock()
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        keep_profile.set_birthday(conn, shop, member, (6, 9), "shopper", now)
        keep_profile.answer(conn, shop, member, {0: w("answer")}, now)
        survey_answers.ask(conn, shop.id, member, "nps", member, now)
        asked = survey_answers.of_order(conn, shop.id, member)
        assert asked is not None
        survey_answers.answer(conn, shop.id, asked.id, 9, w("comment of an answer"), "k", "", now)
        one = members.get(conn, shop.id, member)
        assert one is not None
        link = claim_referral.link_for(conn, shop, one, now)
        assert link is not None
        traces = marks(b"key", shop.id, Traces(name=w("name of a friend"), ip="203.0.113.8", agent="x"))
        claim = claim_referral.claim(conn, shop, link.word, f"friend{member}@example.org", traces, None, "en", now)
        review_referrals.decide(conn, shop, [claim.referral.id], "approved", w("note of a review"), "staff:7", now)
        waiting = Asked(link.word, planted.email("email"))
        referral_claims.add(conn, shop.id, "nonce", waiting, now)


def _what_others_say(stage: Stage, planted: Planted, member: int, keeper: psycopg.Connection) -> None:
    """Words of a mail server or of Shopify, which nothing here can be made to say; a gift card's own code; and what
    months later is kept of orders whose bodies are gone."""
    w, shop = planted.word, stage.shop_id
    with shop_transaction(stage.engine, shop) as conn:
        orders = [row[0] for row in stage.rows("SELECT order_id FROM order_views WHERE member_id = :id", id=member)]
        order_checkpoints.take(conn, shop, orders, stage.clock())
        why = [["line_excluded", {"title": w("line of an order that is read again")}]]
        differs = {"order_id": orders[0], "member_id": member, "explanation": why, "found_at": stage.clock()}
        reading_differences.note(conn, shop, [differs])
        row = "INSERT INTO jobs (shop_id, kind, subject, state, last_error) VALUES (%s, %s, %s, 'failed', %s)"
        conn.exec_driver_sql(row, (shop, "push_member", str(member), w("error of a job")))
    keeper.execute("UPDATE messages SET mail_subject = %s, last_error = %s WHERE shop_id = %s AND member_id = %s",
                   [w("subject of a mail"), w("error of a mail"), shop, member])  # fmt: skip
    seal = Seal.of(stage.work.clients.settings)
    for (number,) in stage.rows("SELECT id FROM redemptions WHERE member_id = :id", id=member):
        secret = seal.close(w("gift card").encode(), of_redemption(shop, number))
        keeper.execute("UPDATE redemptions SET secret = %s, code_state = 'created' WHERE id = %s", [secret, number])
    keeper.execute(
        "INSERT INTO customer_facts (shop_id, customer_id, tags) SELECT shop_id, customer_id, ARRAY[%s] FROM members"
        " WHERE shop_id = %s AND id = %s ON CONFLICT (shop_id, customer_id) DO UPDATE SET tags = excluded.tags",
        [w("tag"), shop, member],
    )
    keeper.execute(
        "INSERT INTO suppressions (shop_id, address, why, at, lifted_why) VALUES (%s, lower(%s), 'bounced', now(), %s)",
        [shop, planted.email("email"), w("why an address was lifted")],
    )
    keeper.execute(
        "INSERT INTO outgoing_webhooks (shop_id, endpoint_id, event_id, kind, member_id, happened_at, next_at, log)"
        " VALUES (%s, 1, %s, 'points_earned', %s, now(), now(), %s)",
        [shop, member, member, f'[{{"text": "{w("answer of an app")}"}}]'],
    )
    keeper.execute(
        "INSERT INTO credits (shop_id, member_id, subject, line, amount_minor, currency, shopify_id, reason,"
        " after_transaction) VALUES (%s, %s, 'redemption:' || %s, 1, 1, 'USD', %s, %s, %s)",
        [shop, member, member, w("transaction"), f'{{"why": "{w("reason of a credit")}"}}', w("transaction before")],
    )


def _late_and_broken(stage: Stage, planted: Planted, number: int) -> None:
    broken = f'{{"id": 1, "email": "{planted.email("email")}", "note": "{planted.word("broken body")}", '
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        deliveries.add(conn, stage.shop_id, f"broken{number}", "orders/paid", stage.clock(), broken.encode())
    for _ in range(7):
        stage.clock.ahead += timedelta(minutes=20)
        stage.hear()
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        error = f"said by {planted.word('error of a delivery')}"
        conn.exec_driver_sql(
            "UPDATE inbox i SET last_error = %(e)s FROM deliveries d WHERE d.id = i.delivery_id"
            " AND d.webhook_id = %(w)s AND i.state = 'failed'",
            {"e": error, "w": f"broken{number}"},
        )
