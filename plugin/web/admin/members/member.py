"""One member: what they have, and every entry with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Connection

from plugin.rules import explain, subjects
from plugin.rules.message_kinds import LABELS
from plugin.rules.points import expiry as rules
from plugin.rules.points.adjusting import undo_lines
from plugin.rules.programme import Programme
from plugin.rules.types import Facts, Reason
from plugin.rules.words.referrals import STATES
from plugin.store.members import member_pages, members
from plugin.store.members.member_list import CONSENTS
from plugin.store.members.member_list import SOURCES as CAME_BY
from plugin.store.members.member_pages import ShownEntry, ShownLot, ShownOrder
from plugin.store.members.members import Member
from plugin.store.points import balances, corrections, expiry
from plugin.store.points.balances import Balance
from plugin.store.points.corrections import Note
from plugin.store.referrals import referrals
from plugin.store.referrals.referrals import Referral
from plugin.store.reports import survey_answers
from plugin.store.rewards import credits, redemptions
from plugin.store.versions import programmes
from plugin.store.work import messages
from plugin.web.admin.frame.layout import Form, found, number_from, page, row_id
from plugin.web.admin.members import glance, member_emails, member_profile, member_tier, timeline
from plugin.web.auth import caller
from plugin.web.current import now, reading, shop, transaction
from plugin.web.shown import who
from plugin.web.words import language, t

ENTRIES_SHOWN = 50
ROWS_SHOWN = 20
SOURCES = ("staff", "import", "merge", "referral", "redemption", "milestone", "automatic", "order")
"""What brings points, by the word of the subject: `members.source.*`."""
PAYMENTS = ("pending", "authorized", "partially_paid", "paid", "partially_refunded", "refunded", "voided", "expired")
"""How Shopify says that an order is paid: `members.member.payment.*`."""
MESSAGE_STATES = ("queued", "sending", "sent", "failed", "unknown", "skipped", "bounced")
SHOWN = ("", "points", "events", "orders", "emails", "staff")
"""What of the timeline can be shown alone: `members.timeline.show.<name>`."""
CORRECTIONS = ("adjusted", "gift")
OWN_ACTS = ("suki", "shopify")


@dataclass(frozen=True)
class Told:
    """One entry in words."""

    entry: ShownEntry
    headline: str
    reasons: tuple[Reason, ...]
    by: str
    note: Note | None
    undoable: bool

    @property
    def at(self) -> datetime:
        """When it took effect, as the list says it: a past order counted today stands where it was placed."""
        return self.entry.effective_at


@dataclass(frozen=True)
class End:
    """When a lot ends, and which warnings of it were written down. `late`: the last one was still open on the planned
    day, so that it ends seven days later."""

    last_day: date
    warnings: int
    warned_at: datetime | None
    late: bool


@dataclass(frozen=True)
class Summary:
    """The figures at the top."""

    has: Balance
    pending_from: datetime | None


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/app/members/<int:member_id>", view_func=member)


@caller("session", reads="member")
def member(member_id: int) -> Response:
    """Summary, ledger, lots, codes, orders and messages of one member."""
    return shown(member_id)


def shown(member_id: int, refused: Form | None = None, status: int = 200) -> Response:
    """The page, with a form on it that was refused."""
    with transaction() as conn:
        one = found(members.get(conn, shop().id, row_id(member_id)))
        before = number_from("before")
        programme = programmes.current(conn, shop().id, now()).programme
        entries = member_pages.entries(conn, shop().id, one.id, before, ENTRIES_SHOWN + 1)
        has = Summary(balances.of_one(conn, shop().id, one, now()), _pending_from(conn, one.id))
        values = _values(conn, one, programme, has, entries)
        show = request.args.get("show", "")
        show = show if show in SHOWN else ""
        told = _all_told(conn, one, entries[:ENTRIES_SHOWN]) if show in ("", "points") else []
        last = len(entries) <= ENTRIES_SHOWN
        beside = timeline.beside(conn, one.id, entries[:ENTRIES_SHOWN], before, last=last, show=show)
        reading("member")
    return page(
        "admin/members/member.html",
        status,
        member=one,
        refused=refused,
        told=sorted([*told, *beside], key=lambda each: each.at, reverse=True),
        older=entries[ENTRIES_SHOWN - 1].id if len(entries) > ENTRIES_SHOWN else None,
        before=before,
        show=show,
        shows=SHOWN,
        where_from=where_from,
        why=_why,
        order_status=order_status,
        customer_url=_customer_url(one),
        **values,
        **_words(),
    )


def _words() -> dict[str, Any]:
    """What things are called, and what the page knows of them."""
    return {
        "message_states": {state: t(f"members.member.message.{state}") for state in MESSAGE_STATES},
        "why_credited": lambda credit: explain.reasons_of(credit.reason),
        "kinds": LABELS,
        "consents": CONSENTS,
        "sources": CAME_BY,
        "referral_states": {state: t(f"staff.referral.{state}") for state in STATES},
    }


def _values(
    conn: Connection, one: Member, programme: Programme, has: Summary, entries: Sequence[ShownEntry]
) -> dict[str, Any]:
    lots, ends = member_pages.lots(conn, shop().id, one.id, ROWS_SHOWN), _ends(conn, one.id)
    return {
        "summary": has,
        "lots": lots,
        "ends": ends,
        "glance": glance.of(conn, one, programme, has.has.available, lots, ends),
        "standing": member_tier.shown(conn, one),
        "profile": member_profile.shown(conn, one),
        "codes": redemptions.of_member(conn, shop().id, one.id, ROWS_SHOWN),
        "credits": [c for c in credits.of_member(conn, shop().id, one.id, ROWS_SHOWN) if c.is_cashback],
        "referred": _referred(conn, one.id),
        "namesake": _namesake(conn, one),
        "orders": member_pages.orders(conn, shop().id, one.id, ROWS_SHOWN),
        "emails": member_emails.shown(conn, one),
        "answers": survey_answers.answered(conn, shop().id, one.id, ROWS_SHOWN),
        "messages": messages.of_member(conn, shop().id, one.id, ROWS_SHOWN),
        "about": messages.by_ids(conn, shop().id, [n for entry in entries for n in entry.messages]),
        "points_name": programme.points_name,
    }


def _pending_from(conn: Connection, member_id: int) -> datetime | None:
    return member_pages.pending_from(conn, shop().id, member_id, now())


def _referred(conn: Connection, member_id: int) -> list[Referral]:
    """Whom the member invited, and who invited the member."""
    invited = referrals.of_advocate(conn, shop().id, member_id, ROWS_SHOWN)
    return invited + referrals.of_friend(conn, shop().id, member_id)


def _namesake(conn: Connection, one: Member) -> Member | None:
    """Who else has this address: beside a guest an account that did not prove it, and the other way round."""
    if not one.email or one.verified or one.state not in ("member", "guest"):
        return None
    key = members.email_key(one.email)
    found = members.by_email if one.state == "guest" else members.guests_by_email
    return found(conn, shop().id, [key]).get(key)


def _ends(conn: Connection, member_id: int) -> dict[int, End]:
    """The end of each lot that has one, as the rules say now."""
    calendar = expiry.calendar(conn, shop().id, now())
    found = {}
    for lot in expiry.held(conn, shop().id, [member_id]):
        planned = rules.ends_at(lot, calendar.policy, calendar.zone)
        end = rules.judge(lot, calendar.policy, calendar.zone, now()).ends_at
        if planned is not None and end is not None:
            warned = lot.warned_for == planned
            day = rules.last_day(end, calendar.zone)
            late = warned and end > planned
            found[lot.lot_id] = End(day, lot.warnings if warned else 0, lot.warned_at if warned else None, late)
    return found


def _all_told(conn: Connection, one: Member, entries: Sequence[ShownEntry]) -> list[Told]:
    """The entries in words, with the notes of staff and what of it can be undone."""
    by_hand = [entry for entry in entries if entry.kind in CORRECTIONS]
    notes = corrections.notes(conn, shop().id, one.id) if by_hand else {}
    alive = one.state in ("member", "guest")
    used = {key for entry in by_hand for key in corrections.lines_used(conn, shop().id, entry.subject, [one.id])}
    undone = {entry.id for entry in by_hand if any((one.id, line) in used for line in undo_lines(entry.line))}
    return [_told(e, notes.get((e.subject, e.line)), alive and e in by_hand and e.id not in undone) for e in entries]


def _told(entry: ShownEntry, note: Note | None, undoable: bool) -> Told:
    by = "" if entry.actor in OWN_ACTS else who(entry.actor)
    headline = explain.headline(entry.kind, entry.reason, language())
    return Told(entry, headline, explain.reasons_of(entry.reason), by, note, undoable)


def where_from(lot: ShownLot) -> str:
    """What brought a lot of points."""
    reason = lot.reason
    kind, rest = subjects.told_apart(lot.subject)
    if named := reason.get("activity"):
        return str(named)
    if tier := reason.get("tier"):
        return t("members.source.tier_bonus", tier=tier)
    if order := reason.get("order"):
        return t("members.source.order_name", name=order)
    if gift := reason.get("gift"):
        return t(f"members.source.{'milestone' if kind == 'milestone' else 'rule'}_name", name=gift)
    return t(f"members.source.{kind}", number=rest) if kind in SOURCES else kind.replace("_", " ").capitalize()


def order_status(order: ShownOrder) -> str:
    """Where an order stands: deleted, waiting for facts, or how it is paid; empty where nothing is known."""
    if order.deleted:
        return t("members.member.order_deleted")
    if order.waiting_for:
        known = order.waiting_for in list(Facts)
        what = t(f"members.member.waiting.{order.waiting_for}") if known else order.waiting_for
        return t("members.member.order_waiting", what=what)
    status = order.financial_status or ""
    return t(f"members.member.payment.{status}") if status in PAYMENTS else status.replace("_", " ")


def _why(order: ShownOrder) -> tuple[Reason, ...]:
    return tuple(Reason(code, values) for code, values in order.explanation)


def _customer_url(one: Member) -> str:
    """The customer in Shopify's admin; App Bridge takes the browser there."""
    return f"shopify://admin/customers/{one.customer_id}" if one.customer_id else ""
