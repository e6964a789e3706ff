"""What a settled order calls for: a code for the next order, the confirmation, fetching what is missing.

Everything is written down as rows here, in the transaction that settled the orders; jobs carry it
out afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from plugin.actions.codes import code_pools, tell_of_codes
from plugin.actions.emails import tell_of_orders
from plugin.actions.members.tell_members import write
from plugin.actions.orders import cashback
from plugin.actions.orders.judged_orders import Judged, Settled
from plugin.actions.orders.order_news import OrderEdited, OrderNews
from plugin.actions.referrals import judge_referrals
from plugin.actions.rewards import use_rewards
from plugin.rules import subjects
from plugin.rules.codes import code_names, next_order_code
from plugin.rules.emails.one_mail import WINDOW
from plugin.rules.message_kinds import CODE_WAIT, MessageKind
from plugin.rules.rewards import give_back
from plugin.rules.rewards.own_rewards import NOTHING
from plugin.rules.types import READING, Facts, OrderView
from plugin.store.codes import code_sets
from plugin.store.codes.code_sets import Given
from plugin.store.database.bulk import next_ids
from plugin.store.members import customer_facts
from plugin.store.rewards import redemptions, reward_uses
from plugin.store.rewards.redemptions import NEXT_ORDER
from plugin.store.shops.shops import Shop
from plugin.store.tables import redemptions as redemptions_table
from plugin.store.work import jobs, one_mail
from plugin.store.work.job_kinds import JobKind

EDIT_IS_WHOLE_AFTER = timedelta(seconds=60)
"""orders/updated usually brings the whole order within this time; only then is it fetched."""
PENDING_AFTER_HOURS = 1, 24, 120
"""After how long a refund that was on its way is looked at again."""
COALESCE = timedelta(seconds=2)
"""How long metafield writes wait for more of the same member."""


def follow_up(conn: Connection, shop: Shop, settled: Settled, news: Iterable[OrderNews], now: datetime) -> None:
    """Write down every effect of this batch."""
    judged = settled.reached
    _use_codes(conn, shop, judged, now)
    _take_back_codes(conn, shop, judged, now)
    _give_points_back(conn, shop, judged, now)
    given = _give_codes(conn, shop, judged, now)
    cashback.queue(conn, shop, judged, now)
    _confirm(conn, shop, judged, now)
    tell_of_orders.thank_for_first(conn, shop, [one for one in judged if _may_hear(one, now)], now)
    _fetch(conn, shop, judged, news, now)
    judge_referrals.heard_orders(conn, shop, settled, now)
    moved = {member for one in judged for member in one.moved}
    jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, moved | given, now + COALESCE)


def follow_past(conn: Connection, shop: Shop, settled: Settled, now: datetime) -> None:
    """What a run over past orders calls for: fetching what is missing, and showing members in Shopify as they are."""
    fetch_missing(conn, shop, settled.reached, now)
    moved = {member for one in settled.reached for member in one.moved}
    jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, moved, now + COALESCE)


def fetch_missing(conn: Connection, shop: Shop, judged: Sequence[Judged], now: datetime) -> None:
    """Have fetched what the orders wait for."""
    _fetch(conn, shop, judged, (), now)


def _use_codes(conn: Connection, shop: Shop, judged: Sequence[Judged], now: datetime) -> None:
    """A code of ours on an order was used by it, whatever its case."""
    used = {
        code.upper(): one.order.order_id
        for one in judged
        if one.order.view is not None and not one.order.deleted
        for code in one.order.view.discount_codes
    }
    if not used:
        return
    code_sets.use(conn, shop.id, used)
    found = redemptions.by_codes(conn, shop.id, used)
    captured = {
        r.id: used[code] for code, r in found.items() if r.captured_by_order is None and r.code_state != NOTHING
    }
    redemptions.capture(conn, shop.id, captured, now)
    fresh = [r for r in found.values() if r.id in captured and r.state != "captured"]
    use_rewards.used(conn, shop.id, fresh, now, captured)
    rewards = [r.id for r in found.values() if r.id in captured and r.is_reward]
    jobs.queue(conn, shop.id, JobKind.POST_REDEMPTION, rewards, now)


def _take_back_codes(conn: Connection, shop: Shop, judged: Sequence[Judged], now: datetime) -> None:
    """The code of an order that no longer stands is disabled, if it was not used."""
    lost = [
        str(subjects.Order(one.order.order_id))
        for one in judged
        if next_order_code.lost(one.order.effective, deleted=one.order.deleted)
    ]
    if lost:
        jobs.queue(conn, shop.id, JobKind.CODE, redemptions.unwant(conn, shop.id, NEXT_ORDER, lost), now)


def _give_points_back(conn: Connection, shop: Shop, judged: Sequence[Judged], now: datetime) -> None:
    """What an order used goes back as far as the order no longer stands; when it stands again, it does not."""
    orders = {one.order.order_id: one.order for one in judged}
    changed = []
    for use in reward_uses.uses_by(conn, shop.id, orders):
        order = orders[use.order_id]
        lost = next_order_code.lost(order.effective, deleted=order.deleted)
        back = give_back.back_of(use.back)
        points = give_back.points_back(use.points, back, order.effective, lost=lost)
        after = replace(use, given_back=lost and back != "none", back_points=0 if lost else points)
        if after != use:
            changed.append(after)
    jobs.queue(conn, shop.id, JobKind.POST_REDEMPTION, reward_uses.give_back(conn, shop.id, changed), now)


def _give_codes(conn: Connection, shop: Shop, judged: Sequence[Judged], now: datetime) -> set[int]:
    """Reserve a code for each order that brings one; answers the members who get one."""
    due = {str(subjects.Order(one.order.order_id)): one for one in judged if _brings_code(one, now)}
    if not due:
        return set()
    have = redemptions.by_subjects(conn, shop.id, NEXT_ORDER, due)
    fresh = [one for subject, one in due.items() if subject not in have]
    ids = next_ids(conn, redemptions_table, len(fresh))
    numbered = list(zip(ids, fresh, strict=True))
    pooled = code_pools.give(conn, shop, [(number, one.version.programme) for number, one in numbered], now)
    rows = [_reservation(shop, one, number, pooled.get(number), now) for number, one in numbered]
    made = redemptions.reserve(conn, rows)
    jobs.queue(conn, shop.id, JobKind.CODE, (number for number, _ in made if number not in pooled), now)
    members = [due[subject].order.member_id for _, subject in made]
    return {member for member in members if member is not None}


def _brings_code(one: Judged, now: datetime) -> bool:
    view = one.order.effective
    if view is None or one.order.deleted or one.member is None:
        return False
    if one.order.snapshot is not None and (one.order.snapshot.kept_out or one.order.snapshot.brought):
        return False
    return not next_order_code.refusal(view, one.version.programme, now)


def _reservation(shop: Shop, one: Judged, number: int, pooled: Given | None, now: datetime) -> dict[str, object]:
    """A code of its own, which is wanted, or one of the pool, which is there."""
    rules = one.version.programme.next_order_code
    days = next_order_code.valid_days(one.version.programme)
    own = code_names.code_name(rules.prefix, shop.code_salt, number)
    return {
        "id": number,
        "shop_id": shop.id,
        "member_id": one.order.member_id,
        "reward": NEXT_ORDER,
        "subject": str(subjects.Order(one.order.order_id)),
        "terms": next_order_code.terms(rules, shop.currency),
        "code": pooled.code if pooled else own,
        "code_state": "created" if pooled else "wanted",
        "shopify_id": pooled.shopify_id if pooled else "",
        "created_at": now,
        "issued_at": now if pooled else None,
        "expires_at": pooled.ends_at if pooled else code_names.expires_at(days, now, shop.timezone),
    }


def _confirm(conn: Connection, shop: Shop, judged: Sequence[Judged], now: datetime) -> None:
    rows = [
        {
            "shop_id": shop.id,
            "member_id": one.order.member_id,
            "kind": MessageKind.ORDER_CONFIRMATION,
            "subject": str(subjects.Order(one.order.order_id)),
            "locale": one.order.view.buyer.locale if one.order.view else "",
            "cause": str(subjects.Order(one.order.order_id)),
        }
        for one in judged
        if _deserves_confirmation(one, now)
    ]
    made = write(conn, shop, rows, now)
    tell_of_codes.confirmed(conn, shop, (str(one["subject"]) for one in rows), now)
    told = {subject for *_, subject in made}
    causes = [
        (one.order.member_id, str(subjects.Order(one.order.order_id)))
        for one in judged
        if one.order.member_id and _may_hear(one, now)
    ]
    causes.sort(key=lambda one: one[1] in told)  # what is confirmed says more than what isn't
    one_mail.adopt(conn, shop.id, MessageKind.WELCOME, dict(causes), now - WINDOW)
    codes = redemptions.by_subjects(conn, shop.id, NEXT_ORDER, (subject for *_, subject in made)) if made else {}
    to_come = {subject for subject, code in codes.items() if code.code_state == "wanted"}
    late = [number for number, _, subject in made if subject in to_come]
    jobs.queue(conn, shop.id, JobKind.SEND_MESSAGE, late, now + CODE_WAIT)
    jobs.queue(conn, shop.id, JobKind.SEND_MESSAGE, {number for number, *_ in made} - set(late), now)


def _deserves_confirmation(one: Judged, now: datetime) -> bool:
    return MessageKind.ORDER_CONFIRMATION.goes_with(one.version.programme.confirmation) and _may_hear(one, now)


def _may_hear(one: Judged, now: datetime) -> bool:
    """Whether the buyer is told anything of the order now."""
    view: OrderView | None = one.order.effective
    if view is None or one.order.deleted or one.member is None or not view.buyer.email or one.missing:
        return False
    if one.order.snapshot is not None and one.order.snapshot.brought:
        return False
    return not next_order_code.not_now(view, one.version.programme, now)


def _fetch(conn: Connection, shop: Shop, judged: Iterable[Judged], news: Iterable[OrderNews], now: datetime) -> None:
    wanted: dict[Facts, set[int]] = {Facts.PRODUCTS: set(), Facts.VARIANTS: set(), Facts.CUSTOMERS: set()}
    whole: set[int] = set()
    for one in judged:
        if one.missing and one.missing.facts in wanted:
            wanted[one.missing.facts] |= one.missing.ids
        elif one.missing:
            whole.add(one.order.order_id)
    edited = {said.order_id for said in news if isinstance(said, OrderEdited) and shop.launch.launched}
    edited |= {one.order.order_id for one in judged if one.order.unclear or _by_the_first_reading(one)}
    jobs.queue(conn, shop.id, JobKind.FETCH_PRODUCT, wanted[Facts.PRODUCTS], now)
    jobs.queue(conn, shop.id, JobKind.FETCH_VARIANT, wanted[Facts.VARIANTS], now)
    customer_facts.want(conn, shop.id, wanted[Facts.CUSTOMERS], now)
    jobs.queue(conn, shop.id, JobKind.FETCH_ORDER, whole, now)
    jobs.queue(conn, shop.id, JobKind.FETCH_ORDER, edited - whole, now + EDIT_IS_WHOLE_AFTER)
    jobs.queue_each(conn, shop.id, JobKind.PENDING_REFUND, _when_to_look(judged, now))


def _by_the_first_reading(one: Judged) -> bool:
    """A refund came alone for an order that is stored as it was read before: the whole of it is read again."""
    view = one.order.view
    return view is not None and view.reading < READING and one.order.refunds != one.before.refunds


def _when_to_look(judged: Iterable[Judged], now: datetime) -> dict[str, datetime]:
    """When an order is fetched again of which a refund is on its way: nobody tells us when it arrives."""
    due = {}
    for one in judged:
        view = one.order.effective
        made = [refund.created_at or now for refund in view.refunds if refund.pending] if view else []
        for hours in PENDING_AFTER_HOURS:
            if made and (at := max(made) + timedelta(hours=hours)) > now:
                due[str(subjects.PendingRefund(one.order.order_id, hours))] = at
    return due
