"""Staff launch the programme, pause parts of it, and try it as a customer of their own.

Launching and pausing have the shop's inbox to themselves: what was heard before is settled before, and orders that
came in while somebody pressed the button are looked at once more.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from plugin.actions.orders import past_orders
from plugin.actions.orders.order_effects import follow_up
from plugin.actions.orders.order_news import JudgeAgain
from plugin.actions.orders.settle_orders import settle_orders
from plugin.actions.shops import show_programme
from plugin.actions.tiers import watch_tiers
from plugin.errors import BadInput, Conflict, NotFound
from plugin.rules.reach import Pause
from plugin.store.members import members
from plugin.store.orders import orders
from plugin.store.shops import launches, shops
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import activity_pages, deliveries, jobs
from plugin.store.work.job_kinds import JobKind


def launch(conn: Connection, shop: Shop, actor: str, now: datetime, first_day: datetime | None = None) -> int | None:
    """From now on the programme reaches shoppers; orders placed before bring nothing, or those from a chosen day on
    bring their points, by the rules of now and without emails: answers the run that sees to it.

    Conflict: it is launched already. BadInput: the day is not past.
    """
    shop = _alone_with(conn, shop)
    if shop.launch.launched:
        raise Conflict("The programme is launched already.")
    since = now.replace(microsecond=0)  # Shopify's times have no fractions: an order of this very second counts
    settings = {"counts_from": since.isoformat(), "past_version": programmes.current(conn, shop.id, now).number}
    launched = replace(shop, stage="launched", settings={**shop.settings, **settings})
    _judge_since(conn, launched, since, now)
    jobs.queue(conn, shop.id, JobKind.SHOW_EVERYONE, ["launch"], now)
    show_programme.want(conn, shop.id, now)
    watch_tiers.rules_changed(conn, launched, now)
    launches.launch(conn, shop.id, now)
    shops.merge_settings(conn, shop.id, settings)
    activity_pages.note_staff_act(conn, shop.id, actor, "launch_programme", "", {}, now)
    if first_day is None:
        return None
    return past_orders.plan(conn, shops.get(conn, shop.id), first_day, since, "now", actor, now, confirmed=True)


def pause(conn: Connection, shop: Shop, what: str, actor: str, now: datetime) -> bool:
    """Pause earning, spending or mails from now on; says whether it was not paused before.

    BadInput: nothing of that name. Conflict: the programme is not launched.
    """
    chosen, shop = _named(what), _alone_with(conn, shop)
    if not shop.launch.launched:
        raise Conflict("The programme is not launched yet. There is nothing to pause.")
    if chosen in shop.paused:
        return False
    since = now.replace(microsecond=0)
    launches.begin(conn, shop.id, chosen, since)
    paused = replace(shop, paused=(*shop.paused, str(chosen)))
    if chosen is Pause.EARNING:
        paused = replace(paused, first_paused_at=shop.first_paused_at or since)
        _judge_since(conn, paused, since, now)
    launches.keep(conn, paused)
    show_programme.want(conn, shop.id, now)
    activity_pages.note_staff_act(conn, shop.id, actor, "pause_programme", str(chosen), {}, now)
    return True


def resume(conn: Connection, shop: Shop, what: str, actor: str, now: datetime) -> bool:
    """It goes on from now; says whether it was paused. Orders placed meanwhile never earn. BadInput as above."""
    chosen, shop = _named(what), _alone_with(conn, shop)
    if chosen not in shop.paused:
        return False
    until = (now + timedelta(seconds=1) - timedelta.resolution).replace(microsecond=0)
    launches.end(conn, shop.id, chosen, until)
    resumed = replace(shop, paused=tuple(one for one in shop.paused if one != chosen))
    if chosen is Pause.EARNING:
        _judge_since(conn, resumed, until, now)
    launches.keep(conn, resumed)
    show_programme.want(conn, shop.id, now)
    activity_pages.note_staff_act(conn, shop.id, actor, "resume_programme", str(chosen), {}, now)
    return True


def _alone_with(conn: Connection, shop: Shop) -> Shop:
    """The shop as it is now that nobody else settles its orders, until the transaction ends."""
    deliveries.wait_for_inbox(conn, shop.id)
    return shops.get(conn, shop.id)


def _named(what: str) -> Pause:
    try:
        return Pause(what)
    except ValueError:
        raise BadInput(
            "Choose earning, spending or emails (mails).", {"what": "choose earning, spending or emails (mails)"}
        ) from None


def _judge_since(conn: Connection, shop: Shop, since: datetime, now: datetime) -> None:
    """Orders placed since then, by the state that holds now."""
    if ids := orders.placed_since(conn, shop.id, since):
        facts = [JudgeAgain(order_id) for order_id in ids]
        follow_up(conn, shop, settle_orders(conn, shop, facts, now), facts, now)


def try_as(conn: Connection, shop: Shop, member_id: int, actor: str, now: datetime, *, test: bool) -> bool:
    """Make somebody a test member, whom the programme reaches whatever its state, or no longer; says whether that
    is new. NotFound: no member with an account here."""
    member = members.by_ids(conn, shop.id, [member_id], lock=True).get(member_id)
    if member is None or member.customer_id is None:
        raise NotFound("Only customers with an account can be test members.")
    if not launches.mark_test(conn, shop.id, member_id, test=test):
        return False
    about, note = f"member {member_id}", {"member": member_id}
    if test:
        activity_pages.note_staff_act(conn, shop.id, actor, "add_test_member", about, note, now)
    else:
        activity_pages.note_staff_act(conn, shop.id, actor, "remove_test_member", about, note, now)
    jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, [member_id] if test else [], now)
    show_programme.want(conn, shop.id, now)
    return True
