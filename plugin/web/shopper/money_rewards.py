"""Gift cards and store credit on the shopper's page: a card's code is shown to its owner alone, and here only."""

from __future__ import annotations

from collections.abc import Callable

from plugin.actions import gift_cards
from plugin.rules.gift_cards import in_groups
from plugin.rules.rewards import Reward
from plugin.store.redemptions import Redemption
from plugin.web.current import parts

Say = Callable[[str], str]
CREDITED, SPENT = "On your store credit", "Used"
TEXTS = (CREDITED, SPENT)
_BACK = {"released": "Taken back", "unwanted": "Being taken back", "wanted": "Being made"}
_CARD = "You get a gift card of your own. As long as nothing of it is spent, you can undo this."
_CREDIT = "It goes to your store credit, which you spend at checkout. As long as it is there, you can undo this."


def shown(made: Redemption) -> tuple[str, str]:
    """The code to show and the state; one of them is empty. Call it for the one who owns it only."""
    if made.state == "released":
        return "", _BACK["released"]
    if made.code_state in _BACK:
        return "", _BACK[made.code_state]
    if made.kind == "gift_card":
        return in_groups(gift_cards.code_of(parts().settings, made)), SPENT
    return "", CREDITED if made.state == "reserved" else SPENT


def what_happens(reward: Reward, say: Say) -> str:
    """What redeeming it does, before it is done."""
    return say(_CARD) if reward.kind == "gift_card" else say(_CREDIT)


def thanks(made: Redemption, say: Say) -> str:
    """What the page says once it is redeemed; `{reward}` is for the caller to fill in."""
    if made.kind == "gift_card":
        return say("{reward} is yours. The card is here in a moment.")
    return say("{reward} is yours. It is on your store credit in a moment.")
