"""What becomes of a referral: how suspicious it is, and what its advocate deserves, from the facts alone.

Nothing here depends on the order in which the facts arrived: an order that is refunded, opened again or
told of twice ends where its facts say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from plugin.rules.referrals.email_addresses import mailbox, similar
from plugin.rules.referrals.referral_rules import Referrals
from plugin.rules.types import Reason

State = Literal["claimed", "ordered", "held", "approved", "paid", "refused", "reversed", "expired"]
Decision = Literal["", "approved", "refused"]
MANY_FROM_ONE_PLACE, MANY_ON_ONE_LINK, MINUTES_AFTER_JOINING = 5, 10, 10
WEIGHTS: Mapping[str, int] = {
    "blocked": 100,
    "own_order": 100,
    "same_email": 100,
    "same_phone": 60,
    "same_address": 40,
    "same_net": 40,
    "other_email": 40,
    "similar_email": 30,
    "many_from_one_place": 30,
    "same_name": 25,
    "many_on_one_link": 20,
    "just_joined": 15,
}
"""What each sign adds to the score. None but the first three is enough to hold a referral by itself, but
for a shared telephone: families share an address, offices a network, and many people a name."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the two people behind a referral. The counts include this claim itself."""

    advocate_email: str = ""
    claim_email: str = ""
    order_email: str = ""
    own_order: bool = False
    blocked: bool = False
    shared: frozenset[str] = frozenset()  # of name, address, phone, net
    claims_from_place: int = 1
    claims_on_link: int = 1
    minutes_since_joining: int | None = None


def signs(known: Evidence) -> frozenset[str]:
    """The signs of fraud that the evidence shows."""
    emails = [email for email in (known.claim_email, known.order_email) if email]
    own = mailbox(known.advocate_email) if known.advocate_email else ""
    minutes = known.minutes_since_joining
    found = {
        "blocked": known.blocked,
        "own_order": known.own_order,
        "same_email": bool(own) and any(mailbox(email) == own for email in emails),
        "similar_email": bool(own) and any(similar(email, own) for email in emails),
        "other_email": len({mailbox(email) for email in emails}) > 1,
        "many_from_one_place": known.claims_from_place >= MANY_FROM_ONE_PLACE,
        "many_on_one_link": known.claims_on_link >= MANY_ON_ONE_LINK,
        "just_joined": minutes is not None and 0 <= minutes < MINUTES_AFTER_JOINING,
        **{f"same_{what}": what in known.shared for what in ("name", "address", "phone", "net")},
    }
    return frozenset(sign for sign, there in found.items() if there)


def score(found: frozenset[str]) -> int:
    """The sum of the signs' weights; a sign of an older version weighs nothing."""
    return sum(WEIGHTS.get(sign, 0) for sign in found)


def in_order(found: frozenset[str]) -> tuple[str, ...]:
    """The signs, heaviest first."""
    return tuple(sorted(found, key=lambda sign: (-WEIGHTS.get(sign, 0), sign)))


@dataclass(frozen=True, slots=True)
class FriendsOrder:
    """The order that used the friend's code, as it stands now. `enough`: it still reaches the minimum."""

    stands: bool
    paid: bool
    first: bool
    enough: bool
    due_at: datetime
    test: bool = False
    own: bool = False
    """Placed by the advocate's own account."""
    paused: bool = False
    """Placed while the shop had earning paused."""


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that decides a referral."""

    rules: Referrals
    at: datetime
    order: FriendsOrder | None = None
    code_over: bool = False
    score: int = 0
    decision: Decision = ""
    over_cap: str = ""  # month | total
    were_paid: bool = False
    advocate_left: bool = False
    """They are out of the programme: what they have stays, and nothing new comes."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state, why, and whether the referral counts for its advocate's caps."""

    state: State
    why: Reason | None = None
    counts: bool = False

    @property
    def pays(self) -> bool:
        """Whether the advocate's reward is due now."""
        return self.state == "paid"


def verdict(case: Case) -> Verdict:
    """What the referral is now, by its facts."""
    order = case.order
    if case.decision == "refused":
        return Verdict("refused", Reason("refused_by_staff"))
    if order is None:
        return Verdict("expired", Reason("code_unused")) if case.code_over else Verdict("claimed")
    if not order.stands:
        return Verdict("reversed", Reason("friends_order_lost"))
    if order.test:
        return Verdict("refused", Reason("friends_test_order"))
    if order.paused:
        return Verdict("refused", Reason("friends_order_paused"))
    if not order.paid:
        return Verdict("ordered", Reason("friends_order_unpaid"))
    return _conditions(case, order) or _suspicion(case, order) or _pay(case, order)


def capped(case: Case, over_cap: str) -> Case:
    """The same, with the cap (month or total) that the advocate's earlier referrals fill."""
    return replace(case, over_cap=over_cap)


def _conditions(case: Case, order: FriendsOrder) -> Verdict | None:
    if not order.enough:
        return Verdict("reversed" if case.were_paid else "refused", Reason("friends_order_small"))
    if case.decision == "approved":
        return None
    if case.rules.first_order_only and not order.first:
        return Verdict("refused", Reason("not_first_order"))
    return None


def _suspicion(case: Case, order: FriendsOrder) -> Verdict | None:
    """The advocate's own order is never a referral; the rest is for the thresholds, unless staff decided."""
    if case.decision == "approved":
        return None
    if order.own:
        return Verdict("refused", Reason("suspicious"))
    if case.rules.shadow or case.score < case.rules.hold_score:
        return None
    state: State = "refused" if case.score >= case.rules.refuse_score else "held"
    return Verdict(state, Reason("suspicious" if state == "refused" else "in_review"), counts=state == "held")


def _pay(case: Case, order: FriendsOrder) -> Verdict:
    if case.advocate_left and not case.were_paid:
        return Verdict("refused", Reason("advocate_left"))
    if case.over_cap:
        return Verdict("refused", Reason(f"cap_{case.over_cap}"), counts=True)
    if case.at < order.due_at:
        return Verdict("approved", Reason("in_return_window"), counts=True)
    return Verdict("paid", Reason("referral"), counts=True)
