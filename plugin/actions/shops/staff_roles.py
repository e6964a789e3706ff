"""Who of a shop's staff may do what: accounts become known at their first visit, owners give roles.

Shopify decides who can open the app at all; a role only narrows that.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from plugin.actions.shops.tokens import AdminClients
from plugin.clients.shopify.tokens import Person
from plugin.errors import BadInput, Forbidden, NotFound, SukiError, Unauthorized
from plugin.rules.access.roles import ROLES, first_role
from plugin.rules.mistakes import NOT_RIGHT
from plugin.rules.names import actors
from plugin.rules.words.texts import Said
from plugin.store.database.turns import take_turn
from plugin.store.shops import shops, staff
from plugin.store.shops.shops import Shop
from plugin.store.shops.staff import Account
from plugin.store.work import activity_pages

ASK_AGAIN_AFTER = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=30)
"""How exact "last seen" is: each visit would be a write more."""
CORRECTIONS_A_DAY = 5000
MOST_A_DAY = 1_000_000_000
_ACCOUNT = re.compile(r"[1-9][0-9]{0,19}")


def due(known: Account | None, now: datetime) -> bool:
    """Whether Shopify is to be asked who this is: a new account, or one it has not told us of yet."""
    return known is None or (known.ask_at is not None and known.ask_at <= now)


def ask_shopify(clients: AdminClients, domain: str, id_token: str) -> Person | None:
    """What Shopify says of whoever opens the app; None where it does not say.

    Unauthorized: a fresh ID token is needed.
    """
    try:
        return clients.person(domain, id_token)
    except Unauthorized:
        raise
    except SukiError:
        return None


def admit(conn: Connection, shop_id: int, account: str, person: Person | None, now: datetime) -> Account:
    """Write down who opens the app, with the role they have, or get: see `first_role`.

    Somebody else's words about another account are not taken over: `person` must be this one.
    """
    take_turn(conn, shop_id, "staff")
    everybody = staff.all_of(conn, shop_id)
    known = next((one for one in everybody if one.id == account), None)
    told = person if person is not None and person.id == account else None
    role = first_role(known.role if known else None, is_first=not everybody, owns=told is not None and told.owns)
    one = Account(
        id=account,
        role=role,
        name=told.name if told else known.name if known else "",
        email=told.email if told else known.email if known else "",
        ask_at=None if told else now + ASK_AGAIN_AFTER,
        seen_at=now,
    )
    staff.keep(conn, shop_id, one)
    return one


def visit_due(known: Account, now: datetime) -> bool:
    """Whether it is time again to write down that they are here."""
    return now - known.seen_at >= SEEN_EVERY


def set_role(conn: Connection, shop_id: int, account: str, role: str, actor: str, now: datetime) -> bool:
    """An owner gives an account a role; says whether that changes it. BadInput: the last owner stays one."""
    if role not in ROLES:
        raise BadInput(Said("settings.staff.choose"), {"role": Said("frame.wrong.choice")})
    take_turn(conn, shop_id, "staff")
    everybody = {one.id: one for one in staff.all_of(conn, shop_id)}
    one, by = everybody.get(account), everybody.get(actors.account_of(actor))
    if one is None:
        raise NotFound(Said("settings.staff.not_here"))
    if by is None or by.role != "owner":  # it was taken from them a moment ago
        raise Forbidden(Said("settings.staff.owners_only"))
    if one.role == role:
        return False
    if one.role == "owner" and sum(each.role == "owner" for each in everybody.values()) == 1:
        raise BadInput(Said("settings.staff.last_owner"), {"role": Said("settings.staff.last_owner_field")})
    staff.set_role(conn, shop_id, account, role)
    detail = {"account": account, "from": one.role, "to": role}
    activity_pages.note_staff_act(conn, shop_id, actor, "set_role", str(actors.Staff(account)), detail, now)
    return True


def appoint(conn: Connection, shop_id: int, account: str, now: datetime) -> None:
    """Whoever runs the app makes an account an owner, known or not. BadInput: that is no account's number."""
    if not _ACCOUNT.fullmatch(account):
        raise BadInput("Enter the Shopify account number of the staff member, such as 88000123.")
    take_turn(conn, shop_id, "staff")
    known = staff.get(conn, shop_id, account)
    staff.keep(conn, shop_id, Account(
        account, "owner", known.name if known else "", known.email if known else "",
        known.ask_at if known else now, known.seen_at if known else now,
    ))  # fmt: skip
    detail = {"account": account, "from": known.role if known else "", "to": "owner"}
    activity_pages.note_staff_act(conn, shop_id, "cli", "set_role", str(actors.Staff(account)), detail, now)


def most_a_day(shop: Shop) -> int:
    """How many points a manager may give or take by hand in a day of the shop, all members together."""
    return int(shop.settings.get("corrections_a_day", CORRECTIONS_A_DAY))


def set_most_a_day(conn: Connection, shop_id: int, text: str, actor: str, now: datetime) -> None:
    """An owner changes that sum. BadInput: no whole number."""
    digits = text.replace(" ", "").replace(",", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 11 and int(digits) <= MOST_A_DAY):
        raise BadInput(NOT_RIGHT, {"corrections_a_day": Said("settings.staff.limit_wrong", most=MOST_A_DAY)})
    shops.merge_settings(conn, shop_id, {"corrections_a_day": int(digits)})
    activity_pages.note_staff_act(conn, shop_id, actor, "set_most_a_day", f"{int(digits):,}", {}, now)


def left_today(account: Account, shop: Shop, day: date) -> int | None:
    """How many points the account may still give or take by hand today; None: as many as it likes."""
    if account.role == "owner":
        return None
    used = account.corrected_points if account.corrected_on == day else 0
    return max(0, most_a_day(shop) - used)


def count_correction(conn: Connection, shop: Shop, account: str, points: int, day: date) -> None:
    """Count points given or taken by hand. Forbidden, and the transaction is to end, above the day's sum."""
    if not staff.count_correction(conn, shop.id, account, abs(points), day, most_a_day(shop)):
        raise Forbidden(too_many(most_a_day(shop)))


def too_many(most: int) -> str:
    """Why a correction is refused."""
    return Said("settings.staff.over_limit", most=most)
