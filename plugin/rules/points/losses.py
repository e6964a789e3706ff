"""Which entries take something from a member, so that an email tells them of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from plugin.rules.message_kinds import MessageKind
from plugin.rules.subjects import ByHand

CLAWBACKS: Final = frozenset("taken_back milestone_back automatic_back referral_back tier_bonus_back".split())
"""What the programme takes back of what it gave."""
MAKES_UP: Final = frozenset(("expired_back", "forgiven"))
"""What makes up for a part of a clawback, in the same breath: it had ended before, or is waived."""
BY_HAND: Final = frozenset(("adjusted", "undone"))
EXPIRED: Final = "expired"
TOLD_AFTER: Final = timedelta(minutes=5)
"""How long the email waits for more of the same, and for what is given again."""
JOINS_FOR: Final = timedelta(minutes=4)
"""How long more of the same belongs to an email that waits; the last minute is kept free, for it may be made then."""


def told_by(kind: str, points: int, subject: str) -> MessageKind | None:
    """The kind of email that an entry of this kind causes; None where it takes nothing, or somebody spent.

    What moves between two accounts, and what is undone of a whole file, is no news to the member.
    """
    if points >= 0:
        return None
    if kind == EXPIRED:
        return MessageKind.POINTS_EXPIRED
    by_hand = kind in BY_HAND and ByHand.begins(subject)
    return MessageKind.POINTS_TAKEN_BACK if by_hand or kind in CLAWBACKS else None
