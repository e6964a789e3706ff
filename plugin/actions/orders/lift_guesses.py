"""Orders that were not shown, and taken for deleted: they stand again, and are fetched again. Once in every shop.

Reads the shop's deliveries step by step, each in a transaction of its own, with a cursor in the shop's settings:
what is killed goes on where it was, and what was done is not done twice.
"""

from __future__ import annotations

from sqlalchemy import Connection

from plugin.actions.orders.fetch_missing import judge_again
from plugin.actions.orders.order_effects import follow_up
from plugin.actions.orders.order_news import OrderDeleted
from plugin.actions.orders.settle_orders import settle_orders
from plugin.actions.work.work import Work
from plugin.errors import BadPayload
from plugin.rules.names.subject_grammar import BadSubject
from plugin.rules.payloads import json_text
from plugin.rules.payloads.payload_values import identifier, optional, thing
from plugin.rules.subjects import OwnDelivery
from plugin.store.database.db import shop_transaction
from plugin.store.orders import guesses
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.deliveries import Delivery
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

LIFTED = "guesses_lifted"
A_STEP = 5000


def queue(work: Work, shop: Shop) -> None:
    """Queue it where it is not through."""
    if _left(shop):
        with shop_transaction(work.engine, shop.id) as conn:
            jobs.queue(conn, shop.id, JobKind.LIFT_GUESSES, ["stored"], work.clock())


def _left(shop: Shop) -> bool:
    at, end = shop.settings.get(LIFTED) or (0, 1)
    return bool(at < end)


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Go through all of the shop's deliveries."""
    while True:
        with shop_transaction(work.engine, shop.id) as conn:
            if step(conn, shops.get(conn, shop.id), work):
                return


def step(conn: Connection, shop: Shop, work: Work) -> bool:
    """The next deliveries; says whether there are none left."""
    at, end = shop.settings.get(LIFTED) or (0, guesses.newest(conn, shop.id))
    if at >= end:
        shops.merge_settings(conn, shop.id, {LIFTED: [end, end]})
        return True
    last, told = guesses.deletions(conn, shop.id, at, A_STEP)
    now = work.clock()
    lifted = guesses.lift(conn, shop.id, _orders(told, guessed=True))
    judge_again(conn, shop, lifted, now)
    jobs.queue(conn, shop.id, JobKind.FETCH_ORDER, lifted, now)
    real = [
        OrderDeleted(order_id, one.triggered_at)
        for one in told
        if not guesses.is_guess(one) and (order_id := _order_of(one))
    ]
    if real:
        follow_up(conn, shop, settle_orders(conn, shop, real, now), real, now)
    shops.merge_settings(conn, shop.id, {LIFTED: [last or end, end]})
    return False


def _orders(told: list[Delivery], *, guessed: bool) -> list[int]:
    found = (_order_of(one) for one in told if guesses.is_guess(one) == guessed)
    return [order_id for order_id in found if order_id]


def _order_of(delivery: Delivery) -> int:
    """Which order it is about; nought for a body that does not say, or is empty by now. Our own ids say it too."""
    if guesses.is_guess(delivery):
        return _named(delivery.webhook_id)
    try:
        return optional(identifier, thing(json_text.read(delivery.body)).get("id")) or 0
    except BadPayload:
        return 0


def _named(webhook_id: str) -> int:
    try:
        return OwnDelivery.parse(webhook_id).order_id
    except BadSubject:
        return 0
