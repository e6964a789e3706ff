"""What the shopper has redeemed as it is shown: codes, a partner's code, something being prepared, a donation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from babel import Locale
from sqlalchemy import Connection

from plugin.actions.rewards import redeem_points
from plugin.errors import NotFound
from plugin.rules.programme import Programme
from plugin.rules.rewards import reward_terms
from plugin.rules.rewards.kinds import CODES, MONEY, Reward
from plugin.rules.rewards.own_rewards import NOTHING, Custom, Donation, PartnerCode
from plugin.rules.types import Reason
from plugin.store.rewards import donations, fulfilments, redemptions
from plugin.store.rewards.donations import Total
from plugin.store.rewards.fulfilments import Fulfilment
from plugin.store.rewards.redemptions import Redemption
from plugin.web.current import now, shop
from plugin.web.shopper import money_rewards
from plugin.web.shopper.say import Say

STATES = {
    "captured": "shopper.held.used",
    "released": "shopper.held.taken_back",
    "unwanted": "shopper.held.taking_back",
    "wanted": "shopper.held.creating",
}
"""The keys of what the page says; so with the names below."""
OWN_STATES = {"donation": "shopper.held.given", "custom": "shopper.held.done"}
OPEN = "shopper.held.preparing"
ENDED = "shopper.held.ended"
GIVEN_BACK = "shopper.held.order_lost"
MOST_SHOWN = 50


@dataclass(frozen=True)
class Shown:
    """One redemption on the page; `terms` are said as long as it can be used. `hidden`: there is a code, which is shown
    after a second step only."""

    made: Redemption
    state: str
    code: str = ""
    reference: str = ""
    told: str = ""
    undoable: bool = False
    hidden: bool = False
    brings: Reason | None = None
    terms: tuple[Reason, ...] = ()


def shown(conn: Connection, member_id: int, before: int | None = None, limit: int = MOST_SHOWN) -> list[Shown]:
    """What the member redeemed or was given, newest first; `before` a redemption's number."""
    return _all_shown(conn, redemptions.rewards_of_member(conn, shop().id, member_id, limit, before))


def shown_one(conn: Connection, made: Redemption) -> Shown:
    """One redemption as it is shown to its member."""
    return _all_shown(conn, [made])[0]


def _all_shown(conn: Connection, held: Sequence[Redemption]) -> list[Shown]:
    todo = fulfilments.by_ids(conn, shop().id, [one.id for one in held if one.kind == "custom"])
    return [_with_terms(_shown(conn, one, todo.get(one.id))) for one in held]


def _with_terms(one: Shown) -> Shown:
    terms = reward_terms.terms(one.made.terms) if (one.code or one.hidden) and one.made.state == "reserved" else ()
    return replace(one, brings=reward_terms.brings(one.made.terms), terms=terms)


def undoable(conn: Connection, made: Redemption) -> bool:
    """Whether the member may take it back now. A gift has nothing to give back."""
    return made.points > 0 and redeem_points.undoable(conn, shop().id, made, "shopper", now())


def _shown(conn: Connection, made: Redemption, todo: Fulfilment | None) -> Shown:
    may_undo = undoable(conn, made)
    hidden = money_rewards.has_code(made)
    if made.is_money:
        return Shown(made, money_rewards.state(made), undoable=may_undo, hidden=hidden)
    if made.code_state != NOTHING:
        code, state = _code(made)
        return Shown(made, state, code, undoable=may_undo)
    if made.state == "reserved":
        return Shown(made, OPEN, reference=made.code, undoable=may_undo)
    state = STATES["released"]
    if made.state == "captured":
        state = OWN_STATES.get(made.kind, "" if hidden else STATES["captured"])
    return Shown(made, state, told=todo.told if todo else "", undoable=may_undo, hidden=hidden)


def with_code_for_its_owner(conn: Connection, member_id: int, number: int) -> Redemption:
    """The member's own redemption whose code needs a second step. NotFound: it is no such one, or not theirs."""
    made = redemptions.get(conn, shop().id, number) if number < 2**63 else None
    if made is None or made.member_id != member_id or not money_rewards.has_code(made):
        raise NotFound("We couldn't find that code.")
    return made


def _code(made: Redemption) -> tuple[str, str]:
    """A discount code as long as it is good for something, else what became of it."""
    if made.state == "captured":
        return "", GIVEN_BACK if made.given_back and made.points else STATES["captured"]
    if made.state == "released" or made.code_state in ("wanted", "unwanted"):
        return "", STATES[made.code_state if made.state == "reserved" else made.state]
    if made.code_state == "disabled":
        return "", STATES["captured"]  # Shopify says that it was used; the order that did is still to be heard of
    over = made.expires_at is not None and made.expires_at <= now()
    return ("", ENDED) if over else (made.code, "")


def causes(conn: Connection, programme: Programme) -> Sequence[Total]:
    """What members have given together, where the programme has donations."""
    if not any(isinstance(one, Donation) and one.active for one in programme.rewards):
        return ()
    return donations.totals(conn, shop().id)


def what_happens(reward: Reward, say: Say, worth: Callable[[Locale], str]) -> Callable[[Locale], str]:
    """What redeeming it does, in a sentence or two, before it is done."""

    def told(locale: Locale) -> str:
        if isinstance(reward, Donation):
            text = say("shopper.reward.brings_donation", worth=worth(locale), cause=reward.cause)
        elif isinstance(reward, Custom):
            text = say("shopper.reward.brings_custom")
        elif isinstance(reward, PartnerCode):
            text = say("shopper.reward.brings_code_hidden")
        elif isinstance(reward, CODES) and reward.deduct == "ordered":
            return say("shopper.reward.brings_code_later")
        elif isinstance(reward, MONEY):
            return money_rewards.what_happens(reward, say)
        else:
            return say("shopper.reward.brings_code")
        minutes = reward.undo_minutes
        if not minutes:
            return f"{text} {say('shopper.reward.cannot_undo')}"
        return f"{text} {say.counted('shopper.reward.can_undo', minutes)}"

    return told


def thanks(made: Redemption, say: Say) -> str:
    """What the page says once it is redeemed."""
    if made.is_money:
        return money_rewards.thanks(made, say)
    if made.kind == "donation":
        return say("shopper.reward.thanks_donation", reward=made.title)
    if made.kind == "custom":
        return say("shopper.reward.thanks_custom", reward=made.title)
    if made.code_state == NOTHING:
        return say("shopper.reward.thanks_code_hidden", reward=made.title)
    return say("shopper.reward.thanks_code", reward=made.title)
