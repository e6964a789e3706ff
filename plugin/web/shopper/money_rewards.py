"""Gift cards and store credit on the shopper's page: a card's code is shown after a link by mail only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.codes import issued_codes
from plugin.errors import Unreadable
from plugin.observe import get_logger
from plugin.rules import explain
from plugin.rules.rewards import reward_names
from plugin.rules.rewards.gift_cards import in_groups
from plugin.rules.rewards.kinds import Reward
from plugin.rules.types import Reason
from plugin.store.rewards import credits
from plugin.store.rewards.credits import Credit
from plugin.store.rewards.redemptions import Redemption
from plugin.web.current import parts, shop
from plugin.web.shopper.say import Say

log = get_logger()

CREDITED, SPENT, ON_ITS_WAY = "shopper.held.credit", "shopper.held.used", "shopper.rewards.credit_pending"
BEGUN = "shopper.held.partly_spent"
UNREADABLE = "shopper.held.not_readable"
_BACK = {
    "released": "shopper.held.taken_back",
    "unwanted": "shopper.held.taking_back",
    "wanted": "shopper.held.creating",
}
"""The keys of what the page says; so with the names above."""
_CARD = "shopper.reward.brings_card"
_CREDIT = "shopper.reward.brings_credit"


def state(made: Redemption) -> str:
    """What became of it; empty for a card that is whole."""
    if made.state == "released":
        return _BACK["released"]
    if made.code_state in _BACK:
        return _BACK[made.code_state]
    if made.kind == "gift_card":
        return BEGUN if made.state == "captured" else ""
    return CREDITED if made.state == "reserved" else SPENT


def has_code(made: Redemption) -> bool:
    """Whether a code is kept that whoever has it could spend: it is shown after a second step only."""
    gone = made.state == "released" or made.code_state in _BACK
    return made.secret is not None and not gone and made.kind in ("gift_card", "pool_code")


def own_code(made: Redemption) -> tuple[str, str]:
    """The code that only its owner may read, or what to say where it cannot be read. Call it after a second step."""
    try:
        code = issued_codes.secret_of(parts().settings, shop().id, made)
        return in_groups(code) if made.kind == "gift_card" else code, ""
    except Unreadable as error:
        log.error("code_unreadable", shop_id=shop().id, redemption=made.id, why=error.message)
        return "", UNREADABLE


@dataclass(frozen=True)
class Cashback:
    """One movement of cashback on the page; `missing` is what could not be taken."""

    order: str
    at: datetime
    minor: int
    currency: str
    state: str
    missing: int
    reasons: tuple[Reason, ...]


def cashback(conn: Connection, member_id: int, say: Say) -> list[Cashback]:
    """What orders brought in money and what refunds took, newest first."""
    found = [one for one in credits.of_member(conn, shop().id, member_id) if one.is_cashback]
    return [_cashback(one, say) for one in found if one.state != "refused"]


def _cashback(one: Credit, say: Say) -> Cashback:
    done = one.state == "sent"
    minor = (one.moved_minor or 0) if done else one.amount_minor
    missing = minor - one.amount_minor if done and one.amount_minor < 0 else 0
    reasons = explain.reasons_of(one.reason)
    order = str(one.reason.get("order", ""))
    at = one.done_at or one.created_at
    return Cashback(order, at, minor, one.currency, "" if done else say(ON_ITS_WAY), missing, reasons)


def what_happens(reward: Reward, say: Say) -> str:
    """What redeeming it does, before it is done."""
    return say(_CARD) if reward.kind == "gift_card" else say(_CREDIT)


def thanks(made: Redemption, say: Say) -> str:
    """What the page says once it is redeemed."""
    key = "shopper.reward.thanks_card_hidden" if made.kind == "gift_card" else "shopper.reward.thanks_credit"
    return say(key, reward=reward_names.redeemed(made.terms, made.title, say.locale))
