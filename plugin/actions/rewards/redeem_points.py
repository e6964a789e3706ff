"""A member spends points on a reward, and gets them back.

The ledger follows the redemption as it follows an order: `post_redemption` posts the difference
between what the redemption holds by its state and what its entries took.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from babel import Locale
from sqlalchemy import Connection

from plugin.actions.emails import tell_of_rewards
from plugin.actions.members.reached import insist
from plugin.actions.points import write_points
from plugin.actions.record_event import record
from plugin.actions.rewards import redeeming_pace, undo_own, use_rewards
from plugin.actions.rewards.begin_redemptions import begin
from plugin.actions.rewards.standings import standings
from plugin.errors import BadInput, Denied, NotFound, Outdated
from plugin.rules import explain, subjects
from plugin.rules.codes import code_names
from plugin.rules.events import Event, RewardRedeemed, RewardReturned
from plugin.rules.names import actors
from plugin.rules.reach import Surface
from plugin.rules.rewards import kinds, redemption
from plugin.rules.rewards.as_shown import Shown
from plugin.rules.rewards.give_back import last_drawn_first
from plugin.rules.rewards.kinds import Reward
from plugin.rules.rewards.own_rewards import NOTHING, start
from plugin.rules.rewards.reward_settings import Sliding
from plugin.rules.types import Reason
from plugin.rules.words.texts import Said
from plugin.store.database.bulk import next_ids
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.rewards import redemptions, reward_uses
from plugin.store.rewards.redemptions import Redemption
from plugin.store.rewards.reward_uses import Held
from plugin.store.shops.shops import Shop
from plugin.store.tables import redemptions as redemptions_table
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.store.work import activity_pages, jobs
from plugin.store.work.job_kinds import JobKind

LONGEST_KEY = 64
_NO_SLIDER = Said("members.error.points_of_slider")


def redeem(
    conn: Connection,
    shop: Shop,
    member_id: int,
    reward_id: str,
    points: int | None,
    key: str,
    actor: str,
    now: datetime,
    channel: str = "",
    seen: Shown | None = None,
    told: bool = True,
) -> Redemption:
    """Spend the points and answer the redemption; the same key again answers the same redemption, and does nothing.

    `channel`: where the member is (online, pos); empty for staff. `seen`: what was shown. `told`: by email. Denied: the
    rules say no. Outdated: not what was shown, or the key booked another reward. Unreached: paused, or not launched.
    """
    version = programmes.at(programmes.versions(conn, shop.id), now)
    reward = kinds.find(version.programme.rewards, reward_id)
    if reward is not None and reward.in_total is not None:
        reward_uses.alone_with(conn, shop.id, reward.id)
    accounts = Ledger(conn, shop.id, [member_id])
    member = members.get(conn, shop.id, member_id)
    if member is None or member.state != "member":
        raise NotFound(Said("members.error.no_member"))
    subject = str(subjects.Asked(member.id, key[:LONGEST_KEY]))
    if earlier := redemptions.booked(conn, shop.id, member.id, subject):
        return _same(earlier, reward_id)
    if reward is None:
        raise NotFound(Said("members.error.no_reward"))
    insist(shop.launch, member.person, Surface.SPENDING)
    where = standings(conn, shop, member, version, [reward], now, channel)[reward.id]
    reward = kinds.offered(reward, where.tier, where.currency)
    price = redemption.price(reward, points)
    if why := redemption.refusal(reward, price, where, now, seen):
        raise denied(why, version.programme.points_name)
    if seen is not None and isinstance(reward, Sliding) == (points is None):
        raise BadInput(_NO_SLIDER, {"points": _NO_SLIDER})
    if actor == "shopper" and not redeeming_pace.take(conn, shop.id, member.id, now):
        raise denied(Reason("too_many_tries"), version.programme.points_name)
    made = _reserve(conn, shop, accounts, member, version, reward, price, subject, actor, now, told=told)
    if actors.Staff.begins(actor):
        _note(conn, shop, made, actor, now)
    return made


def _same(earlier: Redemption, reward_id: str) -> Redemption:
    if earlier.reward != reward_id:
        raise Outdated("This page has expired", "expired_page")
    return earlier


def _note(conn: Connection, shop: Shop, made: Redemption, actor: str, now: datetime) -> None:
    note = {"member": made.member_id, "points": made.points}
    activity_pages.note_staff_act(conn, shop.id, actor, "redeem_for_member", made.title, note, now)


def denied(why: Reason, points_name: str) -> Denied:
    """A refusal of the rules as an error, in words for staff."""
    kind = Outdated if why.code == "price_changed" else Denied
    return kind(explain.words(why, Locale("en"), "staff", points_name=points_name), why.code, why.values)


def _reserve(
    conn: Connection,
    shop: Shop,
    accounts: Ledger,
    member: Member,
    version: Version,
    reward: Reward,
    points: int,
    subject: str,
    actor: str,
    now: datetime,
    *,
    told: bool,
) -> Redemption:
    number = next_ids(conn, redemptions_table, 1)[0]
    begin(conn, shop.id, [reservation(shop, member, reward, points, number, subject, now)], now)
    made = redemptions.get(conn, shop.id, number)
    assert made is not None
    if made.state == "released":
        raise denied(Reason("no_codes_left"), version.programme.points_name)
    jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, [member.id], now)
    bought = RewardRedeemed(made.id, made.reward, points, held=made.deduct == "ordered")
    record(conn, shop.id, [Event(bought, str(subjects.Redemption(made.id)), member.id)], now)
    use_rewards.used_at_once(conn, shop.id, [made], now)
    tell_of_rewards.redeemed(conn, shop, version.programme, made, now, told=told)
    if made.deduct == "ordered":
        return made  # the order that uses the code takes the points; until then they are on hold
    reason = {"reward": reward.name, "reasons": [["spent", {"points": points, "reward": reward.name}]]}
    subject = str(subjects.Redemption(number))
    spent = Entry(member.id, "spent", -points, subject, 1, now, actor, version.number, reason, available_only=True)
    accounts.post([spent], now)
    write_points.write(accounts, now)
    return made


def reservation(
    shop: Shop, member: Member, reward: Reward, points: int, number: int, subject: str, now: datetime
) -> dict[str, Any]:
    """The row of a new redemption, with the reward's terms as they are now."""
    days = kinds.valid_days_of(reward)
    return {
        "id": number,
        "shop_id": shop.id,
        "member_id": member.id,
        "reward": reward.id,
        "subject": subject,
        "points": points,
        "terms": redemption.terms(reward, points, shop.currency),
        "code": code_names.code_name(kinds.prefix_of(reward), shop.code_salt, number),
        "created_at": now,
        "expires_at": code_names.expires_at(days, now, shop.timezone) if days else None,
        **start(reward, now),
    }


def undo(conn: Connection, shop: Shop, redemption_id: int, why: str, actor: str, now: datetime) -> Redemption:
    """Ask for an unused redemption to be taken back; the points come once Shopify says that it is unused.

    Denied: it was used, or is given back already. Asked twice, it is asked once.
    """
    found = redemptions.get(conn, shop.id, redemption_id)
    if found is None or not found.is_reward:
        raise NotFound("We couldn't find that redemption.")
    if found.code_state == NOTHING:
        return _undo_own(conn, shop, found, why, actor, now)
    found = redemptions.get(conn, shop.id, redemption_id, lock=True)
    assert found is not None
    if found.code_state == "unwanted" or found.state == "released":
        return found
    if found.state != "reserved" or found.code_state == "disabled":
        raise denied(Reason("already_used"), programmes.current(conn, shop.id, now).programme.points_name)
    reward_uses.want_back(conn, shop.id, found.id, why, actor)
    redeeming_pace.give_back(conn, shop.id, found, why, actor, now)
    jobs.queue(conn, shop.id, JobKind.CODE, [found.id], now)
    return replace(found, code_state="unwanted")


def undoable(conn: Connection, shop_id: int, made: Redemption, actor: str, now: datetime) -> bool:
    """Whether this actor may take it back now, as far as we know without asking Shopify."""
    if made.code_state == NOTHING:
        return undo_own.refusal(conn, shop_id, made, actor, now) is None
    return made.state == "reserved" and made.code_state in ("wanted", "created")


def _undo_own(conn: Connection, shop: Shop, found: Redemption, why: str, actor: str, now: datetime) -> Redemption:
    """Nobody has to be asked: what can be taken back is back at once."""
    accounts = _owner(conn, shop, found)
    made = redemptions.get(conn, shop.id, found.id, lock=True)
    assert made is not None
    if made.state == "released":
        return made
    if no := undo_own.refusal(conn, shop.id, made, actor, now):
        raise denied(no, programmes.current(conn, shop.id, now).programme.points_name)
    undo_own.take_back(conn, shop.id, made, why, actor, now)
    _returned(conn, shop, made, now)
    _post_difference(conn, shop, accounts, made.id, now)
    return replace(made, state="released")


def release(conn: Connection, shop: Shop, found: Redemption, now: datetime) -> None:
    """Shopify says that the code is disabled and was not used: the points go back to their lots."""
    accounts = _owner(conn, shop, found)
    if redemptions.release(conn, shop.id, found.id, now):
        _returned(conn, shop, found, now)
    _post_difference(conn, shop, accounts, found.id, now)


def _returned(conn: Connection, shop: Shop, made: Redemption, now: datetime) -> None:
    payload = RewardReturned(made.id, made.reward, made.points)
    record(conn, shop.id, [Event(payload, str(subjects.Redemption(made.id)), made.member_id)], now)


def post_redemption(conn: Connection, shop: Shop, redemption_id: int, now: datetime) -> None:
    """Bring the ledger to what the redemption holds by its state. Done twice, it changes nothing."""
    found = redemptions.get(conn, shop.id, redemption_id)
    if found is not None:
        _post_difference(conn, shop, _owner(conn, shop, found), found.id, now)


def _owner(conn: Connection, shop: Shop, found: Redemption) -> Ledger:
    """The account behind it, locked: of a member who was merged meanwhile, that of whom they were merged into."""
    return Ledger(conn, shop.id, [one.id for one in members.lock_kept(conn, shop.id, [found.member_id]).values()])


def _post_difference(conn: Connection, shop: Shop, accounts: Ledger, redemption_id: int, now: datetime) -> None:
    """With the member locked: what is posted, what should be, and the difference; Shopify shows how it stands now."""
    found = redemptions.get(conn, shop.id, redemption_id, lock=True)
    assert found is not None
    held = reward_uses.held(conn, shop.id, found)
    target = redemption.held(
        found.points, found.state, given_back=found.given_back, back_points=found.back_points, deduct=found.deduct
    )
    jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, [found.member_id], now)
    if target == held.points:
        return
    if held.points > target:
        entries = _back(found, held, held.points - target, now)
    else:
        entries = [_entry(found, "spent", held.points - target, held.line + 1, now)]
    accounts.post(entries, now)
    write_points.write(accounts, now)


def _back(found: Redemption, held: Held, points: int, now: datetime) -> list[Entry]:
    """One entry for the lots that are still there; one for each that was merged away, with its dates."""
    entries = []
    line = held.line
    own = last_drawn_first(held.own, points)
    if given := sum(draw.points for draw in own):
        line += 1
        entries.append(replace(_entry(found, "returned", given, line, now), back_to=own))
        points -= given
    for lot in held.moved:
        if part := min(lot.left, points):
            line += 1
            entry = _entry(found, "returned", part, line, now)
            entries.append(replace(entry, available_at=lot.available_at, expires_at=lot.expires_at))
            points -= part
    return [*entries, _entry(found, "returned", points, line + 1, now)] if points > 0 else entries


def _entry(found: Redemption, kind: str, points: int, line: int, now: datetime) -> Entry:
    why = _why(found, kind, line)
    reason = {"reward": found.title, "reasons": [[why, {"points": abs(points), "reward": found.title}]]}
    actor = found.ended_by or "suki"
    return Entry(found.member_id, kind, points, str(subjects.Redemption(found.id)), line, now, actor, reason=reason)


def _why(found: Redemption, kind: str, line: int) -> str:
    """The reason of an entry, as a code word."""
    if found.state == "released":
        return found.ended_why or "released"
    if found.given_back:
        return "order_lost"
    if kind == "returned":
        return "order_refunded_in_part"
    return "spent_with_order" if found.deduct == "ordered" and line == 1 else "used_after_all"
