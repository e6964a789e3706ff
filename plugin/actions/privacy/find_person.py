"""Whom an erasure means: the members, everything the account was known by, and the orders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import OperationalError

from plugin.actions.members.forget_member import erase
from plugin.actions.privacy import index_stored
from plugin.actions.privacy.erasing import Erasure, Step, log
from plugin.errors import NotYet
from plugin.rules.privacy.about import about
from plugin.rules.privacy.marks import address_key, marks_of
from plugin.store.database.waits import is_wait
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.privacy import erasure_orders, forgotten
from plugin.store.work import delivery_subjects

BATCH = 200
MOST_NAMES = 100
"""Addresses and telephones of one account that texts are searched for."""
LIST_AT_ONCE = 10_000


def index(step: Step, erasure: Erasure) -> bool:
    """First it must be known which delivery is about whom."""
    return index_stored.step(step.conn, step.shop.id, step.key)


def recognise(step: Step, erasure: Erasure) -> bool:
    """Where only marks are known, as after a restored backup: compare every member's."""
    if not erasure.marks:
        erasure.add("customers", [erasure.customer_id] if erasure.customer_id else [])
        erasure.add("emails", filter(None, [address_key(erasure.email)]))
        erasure.add("phones", filter(None, [erasure.phone]))
        return True
    batch = members.after(step.conn, step.shop.id, erasure.after, 2_000)
    wanted = set(erasure.marks)
    for one in batch:
        customers = [one.customer_id] if one.customer_id else []
        if marks_of(step.key, step.shop.id, customers, [] if customers else [one.email]) & wanted:
            erasure.add("members", [one.id])
    erasure.after = batch[-1].id if batch else 0
    return not batch


def remember_names(step: Step, erasure: Erasure) -> bool:
    """What the accounts were called by before, as the deliveries about them say."""
    marks = sorted(marks_of(step.key, step.shop.id, erasure.customers))
    if erasure.inside >= len(marks):
        if erasure.placed_until:
            _remember(step, erasure)
        return True
    found = delivery_subjects.deliveries_about(step.conn, step.shop.id, marks[erasure.inside], erasure.after, BATCH)
    for delivery in found:
        said = about(delivery.topic, delivery.body)
        if len(said.customers) == 1 and len(erasure.emails) + len(erasure.phones) < MOST_NAMES:
            erasure.add("emails", said.own_emails)
            erasure.add("phones", said.own_phones)
    erasure.after = found[-1].id if found else 0
    erasure.inside += not found
    return False


def find(step: Step, erasure: Erasure) -> bool:
    """Take everybody's name away who is meant, and remember them: from here on nobody finds them.

    For this moment nobody settles anything in the shop. NotYet where somebody holds them for longer.
    """
    try:
        forgotten.alone(step.conn, step.shop.id)
        found = _members_of(step, erasure)
        members.by_ids(step.conn, step.shop.id, [one.id for one in found], lock=True)
    except OperationalError as error:
        if not is_wait(error):
            raise
        raise NotYet("This member is being changed", retry_after_seconds=2.0) from None
    erasure.add("members", (one.id for one in found))
    erasure.add("customers", (one.customer_id for one in found if one.customer_id))
    erasure.add("emails", filter(None, (address_key(one.email) for one in found)))
    for one in found:
        erase(step.conn, step.shop.id, one.id, step.now)
    erasure.placed_until = erasure.placed_until or step.now.isoformat()
    _remember(step, erasure)
    return True


def _remember(step: Step, erasure: Erasure) -> None:
    known = set(erasure.marks)
    erasure.marks = sorted(erasure.everything(step.key, step.shop.id) | _known_marks(step, erasure))
    moment = datetime.fromisoformat(erasure.placed_until)
    if fresh := sorted(set(erasure.marks) - known) if known else erasure.marks:
        forgotten.remember(step.conn, step.shop.id, erasure.marks, moment)
        tell(step.shop.domain, fresh, moment)


def tell(shop: str, subjects: list[int], at: datetime) -> None:
    """One line of the log: enough to repeat the erasure after a restored backup, and nobody's name."""
    log.info("forgotten", shop=shop, subjects=subjects, at=at.isoformat())


def _members_of(step: Step, erasure: Erasure) -> list[Member]:
    """Everybody whom it means: a merged customer is the same person as the one that was kept."""
    shop_id = step.shop.id
    customers = list(erasure.customers) or _by_names(step, erasure)
    ids = {one.id for one in members.by_customers(step.conn, shop_id, customers).values()} | set(erasure.members)
    ids |= {one.id for one in members.guests_by_email(step.conn, shop_id, erasure.emails).values()}
    return list(members.with_merged(step.conn, shop_id, ids).values())


def _by_names(step: Step, erasure: Erasure) -> list[int]:
    """The account with this address, or the only one that was ever known by this telephone."""
    if erasure.emails:
        found = members.by_email(step.conn, step.shop.id, erasure.emails)
        return [one.customer_id for one in found.values() if one.customer_id]
    marks = marks_of(step.key, step.shop.id, (), (), erasure.phones)
    known = delivery_subjects.customers_known_by(step.conn, step.shop.id, marks) if marks else []
    if len(known) > 1:
        erasure.unclear = len(known)
    return known if len(known) == 1 else []


def _known_marks(step: Step, erasure: Erasure) -> set[int]:
    """What their accounts were ever known by."""
    found = delivery_subjects.known_of(step.conn, step.shop.id, erasure.customers, -(2**63), 1_000)
    return {mark for mark in found if mark < 0}


def list_orders(step: Step, erasure: Erasure) -> bool:
    """Write down which orders are to be gone through: those asked for, and the members' own."""
    if erasure.orders:
        erasure_orders.add(step.conn, step.shop.id, step.request_id, erasure.orders, whole=True)
        erasure.orders = []
    erasure.after = erasure_orders.add_of_members(
        step.conn, step.shop.id, step.request_id, erasure.members, erasure.after, LIST_AT_ONCE
    )
    return not erasure.after


def list_named_orders(step: Step, erasure: Erasure) -> bool:
    """The orders that were theirs once: what their deliveries say of somebody else stays."""
    found = delivery_subjects.known_of(step.conn, step.shop.id, erasure.customers, erasure.after, LIST_AT_ONCE)
    erasure_orders.add(step.conn, step.shop.id, step.request_id, found, whole=False)
    erasure.after = found[-1] if found else 0
    return not found


def list_orders_of_guests(step: Step, erasure: Erasure) -> bool:
    """The orders of guests and of the till, by the addresses and telephones that the person ever had."""
    if erasure.inside >= len(erasure.marks):
        return True
    mark = erasure.marks[erasure.inside]
    found = delivery_subjects.deliveries_about(step.conn, step.shop.id, mark, erasure.after, BATCH)
    told = {said.order_id: said for each in found if (said := about(each.topic, each.body)).order_id}
    mine = {number for number, said in told.items() if number and not said.customers}
    _forget_guests(step, erasure, mine)
    erasure_orders.add(step.conn, step.shop.id, step.request_id, mine, whole=True)
    others = {number for number in told if number} - mine
    erasure_orders.add(step.conn, step.shop.id, step.request_id, others, whole=False)
    erasure.after = found[-1].id if found else 0
    erasure.inside += not found
    return False


def _forget_guests(step: Step, erasure: Erasure, order_ids: set[int]) -> None:
    """Guests under a former address are the person, too; their other orders are gone through as well."""
    guests = erasure_orders.guests_of(step.conn, step.shop.id, order_ids) if order_ids else []
    for one in members.by_ids(step.conn, step.shop.id, guests, lock=True).values():
        erasure.add("emails", [address_key(one.email)])
        erase(step.conn, step.shop.id, one.id, step.now)
    if guests:
        erasure.add("members", guests)
        _remember(step, erasure)
        erasure_orders.add_of_members(step.conn, step.shop.id, step.request_id, guests, 0, LIST_AT_ONCE)
