"""Take the person out of what is stored: orders and their deliveries, rows about members, texts, what failed."""

from __future__ import annotations

from datetime import datetime

import orjson

from plugin.actions.privacy.erasing import Erasure, Stage, Step
from plugin.actions.privacy.find_person import (
    find,
    index,
    list_named_orders,
    list_orders,
    list_orders_of_guests,
    recognise,
    remember_names,
    tell,
)
from plugin.actions.reports import keep_facts
from plugin.rules.payloads import json_text
from plugin.rules.privacy.about import REQUESTS, About, about
from plugin.rules.privacy.blanking import Names, blanked
from plugin.rules.privacy.marks import mark
from plugin.store.privacy import erasure_orders, erasure_rows, forgotten
from plugin.store.work import delivery_subjects, failed_deliveries
from plugin.store.work.deliveries import Delivery

BODIES = 150
ORDERS = 100
ROWS = 1_000


def forget_orders(step: Step, erasure: Erasure) -> bool:
    """Go through the next orders and what was delivered about them; a few hundred bodies at most."""
    left = BODIES
    batch = erasure_orders.next_ones(step.conn, step.shop.id, step.request_id, ORDERS)
    theirs = _theirs(step, erasure, batch)
    for order_id, _ in batch:
        after, mine = erasure.after, order_id in theirs
        found = delivery_subjects.deliveries_about(step.conn, step.shop.id, order_id, after, left)
        erasure.deliveries += _forget_bodies(step, erasure, found, mine=mine)
        left -= len(found)
        if left <= 0:
            erasure.after = found[-1].id
            return False
        erasure.after = 0
        _forget_order(step, erasure, order_id, mine=mine)
        erasure_orders.done(step.conn, step.shop.id, step.request_id, order_id)
    return not erasure_orders.next_ones(step.conn, step.shop.id, step.request_id, 1)


def _theirs(step: Step, erasure: Erasure, batch: list[tuple[int, bool]]) -> set[int]:
    """The orders of which nothing is kept. Those that belong to no member are remembered by their number."""
    owners = erasure_orders.owners(step.conn, step.shop.id, [order_id for order_id, _ in batch])
    found = {
        order_id
        for order_id, whole in batch
        if whole or owners[order_id][0] in erasure.members or owners[order_id][1] in erasure.customers
    }
    moment = datetime.fromisoformat(erasure.placed_until)
    if unowned := sorted(order_id for order_id in found if owners[order_id][0] not in erasure.members):
        forgotten.remember(step.conn, step.shop.id, unowned, moment)
        tell(step.shop.domain, unowned, moment)
    return found


def _forget_order(step: Step, erasure: Erasure, order_id: int, *, mine: bool) -> None:
    if mine:
        erasure.order_count += erasure_orders.make_nobodys(step.conn, step.shop.id, order_id)
        keep_facts.refresh(step.conn, step.shop, [order_id])
    else:
        erasure_orders.take_address_out(step.conn, step.shop.id, order_id, erasure.emails)


def _forget_bodies(step: Step, erasure: Erasure, found: list[Delivery], *, mine: bool) -> int:
    """Empty the bodies that are the person's; take their names out of the others. Answers how many changed."""
    names = erasure.names
    theirs, changed = [], 0
    for delivery in found:
        if mine or _about_them(about(delivery.topic, delivery.body), erasure):
            theirs.append(delivery.id)
        elif body := _without(delivery.body, names):
            delivery_subjects.rewrite(step.conn, step.shop.id, delivery.id, body)
            changed += 1
    return changed + delivery_subjects.empty(step.conn, step.shop.id, theirs)


def _about_them(said: About, erasure: Erasure) -> bool:
    """Whether it names their account, and no other."""
    return bool(said.customers) and set(said.customers) <= set(erasure.customers)


def _without(body: bytes, names: Names) -> bytes | None:
    """The body without their names; None where it has none of them."""
    payload = json_text.read_any(body)
    return orjson.dumps(payload) if blanked(payload, names) else None


def forget_deliveries(step: Step, erasure: Erasure) -> bool:
    """Deliveries about the account itself; and requests that were carried out."""
    if erasure.inside >= len(erasure.marks):
        return True
    sought = erasure.marks[erasure.inside]
    found = delivery_subjects.deliveries_about(step.conn, step.shop.id, sought, erasure.after, BODIES)
    about_accounts = [each for each in found if not about(each.topic, each.body).order_id]
    delivery_subjects.empty(step.conn, step.shop.id, [each.id for each in about_accounts])
    erasure.deliveries += sum(each.topic not in REQUESTS for each in about_accounts)
    erasure.after = found[-1].id if found else 0
    erasure.inside += not found
    return False


def forget_rows(step: Step, erasure: Erasure) -> bool:
    """One table after the other, a thousand rows at a time."""
    if erasure.inside >= len(erasure_rows.TABLES):
        return True
    table = erasure_rows.TABLES[erasure.inside]
    done = erasure_rows.take_out(step.conn, step.shop.id, table, erasure.members, erasure.customers, ROWS)
    erasure.inside += done < ROWS
    return False


def forget_texts(step: Step, erasure: Erasure) -> bool:
    """Words of staff, files that wait, exports, errors of jobs."""
    who = (step.conn, step.shop.id, erasure.members, erasure.customers)
    erasure_rows.take_out_texts(*who, erasure.emails, erasure.marks)
    erasure_rows.take_out_of_jobs(*who)
    addresses = {email: mark(step.key, step.shop.id, "email", email) for email in erasure.emails}
    erasure_rows.take_addresses_from_others(step.conn, step.shop.id, addresses)
    return True


def forget_failed(step: Step, erasure: Erasure) -> bool:
    """Deliveries that could not be processed, and so may not be known by whom they name: read, not parsed."""
    found = failed_deliveries.after(step.conn, step.shop.id, erasure.after, BODIES, REQUESTS)
    names = erasure.names
    naming = [each.id for each in found if names.named_in(json_text.letters(each.body))]
    erasure.deliveries += delivery_subjects.empty(step.conn, step.shop.id, naming)
    erasure.after = found[-1].id if found else 0
    return not found


def forget_index(step: Step, erasure: Erasure) -> bool:
    """At last what the account was known by, and which deliveries were about it."""
    gone = delivery_subjects.forget(step.conn, step.shop.id, erasure.customers, erasure.marks, 5_000)
    return not gone


STAGES = (
    Stage(index),
    Stage(recognise),
    Stage(remember_names),
    Stage(find, alone=True),
    Stage(remember_names),
    Stage(list_orders),
    Stage(list_named_orders),
    Stage(list_orders_of_guests),
    Stage(forget_orders),
    Stage(forget_deliveries),
    Stage(forget_rows),
    Stage(forget_texts),
    Stage(forget_failed),
    Stage(forget_index),
)
"""In this order. A stage may be entered again after a kill: what it has done it finds done."""
