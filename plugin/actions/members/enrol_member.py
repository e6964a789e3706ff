"""Who is behind an order or a customer: find the member, add one, or claim a guest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection

from plugin.actions.members import add_members
from plugin.actions.members.merge_members import merge_members
from plugin.actions.members.tell_members import send, send_together, write
from plugin.actions.points import write_points
from plugin.actions.rewards import send_credits
from plugin.rules import reach, subjects
from plugin.rules.codes.next_order_code import FRESH_FOR
from plugin.rules.emails.one_mail import PATIENCE, WINDOW
from plugin.rules.message_kinds import MessageKind
from plugin.rules.reach import Surface
from plugin.rules.types import Buyer
from plugin.store.members import members
from plugin.store.members.members import Member, email_key
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.shops import launches
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import one_mail

Key = tuple[str, int | str]
NO_CAUSES: Final[Mapping[Key, subjects.Order]] = MappingProxyType({})


def key_of(buyer: Buyer) -> Key | None:
    """How a buyer is recognised: by customer id, else by e-mail; None for neither."""
    if buyer.customer_id is not None:
        return ("customer", buyer.customer_id)
    return ("email", email_key(buyer.email)) if buyer.email else None


def enrol(
    conn: Connection,
    shop: Shop,
    buyers: Iterable[Buyer],
    now: datetime,
    causes: Mapping[Key, subjects.Order] = NO_CAUSES,
) -> dict[Key, Member]:
    """The members behind the buyers, added or claimed where needed, with welcome points for new ones.

    `causes`: the order with which a buyer came; its welcome goes with what else the order causes.
    """
    wanted: dict[Key, Buyer] = {}
    for buyer in buyers:
        if (key := key_of(buyer)) and (key not in wanted or _says_more(buyer, wanted[key])):
            wanted[key] = buyer
    found = _find(conn, shop.id, wanted)
    _prove(conn, shop.id, wanted, found)
    missing = [buyer for key, buyer in wanted.items() if key not in found]
    if missing:
        claimed = _claim(conn, shop, missing, now)
        fresh = [buyer for buyer in missing if key_of(buyer) not in claimed]
        joined = {buyer: buyer.created_at or now for buyer in fresh}
        with_order = [buyer for buyer in fresh if key_of(buyer) in causes]
        add_members.add(conn, shop.id, with_order, joined, now, source="order")
        add_members.add(conn, shop.id, [buyer for buyer in fresh if buyer not in with_order], joined, now)
        found = _find(conn, shop.id, wanted)
    came_with = {found[key].id: cause for key, cause in causes.items() if key in found}
    _welcome(conn, shop, [(found[key], buyer) for key, buyer in wanted.items() if key in found], now, came_with)
    return found


def _says_more(buyer: Buyer, than: Buyer) -> bool:
    return (bool(buyer.email), buyer.verified) > (bool(than.email), than.verified)


def _prove(conn: Connection, shop_id: int, wanted: Mapping[Key, Buyer], found: Mapping[Key, Member]) -> None:
    """Who is known already, and has proved their address now."""
    proved = [
        member.id
        for key, buyer in wanted.items()
        if buyer.verified
        and (member := found.get(key)) is not None
        and not member.verified
        and member.customer_id == buyer.customer_id
        and email_key(member.email) == email_key(buyer.email)
    ]
    if proved:
        members.prove(conn, shop_id, proved)


def _find(conn: Connection, shop_id: int, wanted: Mapping[Key, Buyer]) -> dict[Key, Member]:
    """By customer id; by e-mail among customers first, so that a guest order finds its account: one whose address is
    proved to be theirs."""
    ids = [int(value) for kind, value in wanted if kind == "customer"]
    emails = [str(value) for kind, value in wanted if kind == "email"]
    found: dict[Key, Member] = {}
    if emails:
        guests = members.guests_by_email(conn, shop_id, emails) | members.by_proved_email(conn, shop_id, emails)
        found |= {("email", key): member for key, member in guests.items()}
    if ids:
        customers = members.by_customers(conn, shop_id, ids)
        found |= {("customer", key): member for key, member in customers.items()}
    return _follow_merges(conn, shop_id, found)


def _follow_merges(conn: Connection, shop_id: int, found: dict[Key, Member]) -> dict[Key, Member]:
    targets = {member.merged_into for member in found.values() if member.merged_into is not None}
    if not targets:
        return found
    kept = members.by_ids(conn, shop_id, targets)
    return {key: kept[m.merged_into] if m.merged_into is not None else m for key, m in found.items()}


def _claim(conn: Connection, shop: Shop, buyers: Sequence[Buyer], now: datetime) -> set[Key]:
    """A guest whose e-mail now belongs to a customer becomes that customer's member.

    Anybody can register with an address that is not theirs. So the address must be proved; until then the customer
    is a member of their own beside the guest, and `refresh_member` joins the two once it is.
    """
    by_email = {email_key(b.email): b for b in buyers if b.customer_id is not None and b.email and b.verified}
    if not by_email:
        return set()
    guests = members.guests_by_email(conn, shop.id, by_email)
    members.claim(conn, shop.id, {guest.id: _of_both(guest, by_email[key]) for key, guest in guests.items()})
    if guests:
        send_credits.give_what_waited(conn, shop, (guest.id for guest in guests.values()), now)
    return {("customer", by_email[key].customer_id or 0) for key in guests}


def _of_both(guest: Member, buyer: Buyer) -> Buyer:
    """What is said of the customer now; what is not said stays as the guest's orders had it."""
    return replace(
        buyer,
        first_name=buyer.first_name or guest.first_name,
        last_name=buyer.last_name or guest.last_name,
        locale=buyer.locale or guest.locale,
    )


def _welcome(
    conn: Connection,
    shop: Shop,
    people: Sequence[tuple[Member, Buyer]],
    now: datetime,
    came_with: Mapping[int, subjects.Order],
) -> None:
    """Welcome points, once per person, for customers who joined since orders count, and not while earning was
    paused. A test member gets them whenever they joined."""
    since, pauses = shop.counts_from, launches.earning_paused(conn, shop)
    due = {
        member.id: buyer.created_at
        for member, buyer in people
        if not member.welcomed
        and buyer.customer_id is not None
        and buyer.created_at
        and (member.test_member or buyer.created_at >= since)
        and reach.ask(reach.then(shop.launch, pauses, buyer.created_at), member.person, Surface.EARNING).reaches
    }
    if not due:
        return
    versions = programmes.versions(conn, shop.id)
    if not any(version.programme.welcome_points for version in versions):
        return
    fresh = members.mark_welcomed(conn, shop.id, due)
    batch = [
        _welcome_entry(member, version.programme.welcome_points, version.number, due[member])
        for member in sorted(fresh)
        if (version := programmes.at(versions, due[member], shop.past_version)).programme.welcome_points
    ]
    accounts = Ledger(conn, shop.id, fresh)
    accounts.post(batch, now)
    write_points.write(accounts, now)
    ordering = {member.id for member, buyer in people if buyer.no_account}
    _greet(conn, shop, [entry for entry in batch if now - entry.effective_at < FRESH_FOR], now, came_with, ordering)


def _greet(
    conn: Connection,
    shop: Shop,
    given: Sequence[Entry],
    now: datetime,
    came_with: Mapping[int, subjects.Order],
    ordering: Collection[int],
) -> None:
    """Tell those who have just joined; the points of a customer from long ago need no mail.

    Shopify tells of a customer who joins by ordering before, or after, it tells of the order. Whoever is probably
    `ordering`, for they have no account, waits for it as long as one order is one email.
    """
    confirmation = programmes.current(conn, shop.id, now).programme.confirmation
    if not MessageKind.WELCOME.goes_with(confirmation):
        return
    joined = {entry.member_id for entry in given}
    causes: dict[int, str] = {**one_mail.newest_causes(conn, shop.id, joined, now - WINDOW)}
    causes |= {number: str(order) for number, order in came_with.items()}
    rows = [
        {
            "shop_id": shop.id,
            "member_id": entry.member_id,
            "kind": MessageKind.WELCOME,
            "subject": str(subjects.Member(entry.member_id)),
            "cause": causes.get(entry.member_id, ""),
        }
        for entry in given
    ]
    made = write(conn, shop, rows, now)
    ordered = {str(subjects.Member(number)) for number in causes}
    expected = {str(subjects.Member(number)) for number in ordering} - ordered
    send(conn, shop, [one for one in made if one[2] in expected], now + WINDOW)
    send(conn, shop, [one for one in made if one[2] not in expected | ordered], now + PATIENCE)
    send_together(conn, shop, [one for one in made if one[2] in ordered], now)


def _welcome_entry(member_id: int, points: int, version: int, since: datetime) -> Entry:
    return Entry(
        member_id=member_id,
        kind="welcome",
        points=points,
        subject=str(subjects.Welcome()),
        line=1,
        effective_at=since,
        actor="suki",
        programme_version=version,
        reason={"reasons": [["welcome", {"points": points}]]},
    )


def refresh_member(conn: Connection, shop: Shop, member: Member, buyer: Buyer, now: datetime) -> None:
    """Take over what Shopify now says of a customer; a guest with the same e-mail is theirs, once it is proved.

    What is said late of a customer who was merged into this one changes nothing: it is of somebody else. Nor does
    what is older than what we hold: the address in it may be somebody else's by now.
    """
    if member.customer_id != buyer.customer_id or not members.refresh(conn, shop.id, member.id, buyer):
        return
    now_known = members.get(conn, shop.id, member.id)
    if now_known is None or not now_known.verified:
        return
    guest = members.guests_by_email(conn, shop.id, [email_key(buyer.email)]) if buyer.email else {}
    for found in guest.values():
        if found.id != member.id:
            merge_members(conn, shop, kept=member.id, removed=found.id, now=now)
