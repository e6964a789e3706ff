"""What follows from what, on one screen: each reader of the events, and what each kind of event sets in motion.

A reader goes through the shop's events at least once and in order, and what follows is written in the transaction that
remembers how far it is. What must be there the moment something happens is written in the transaction that causes it,
beside the event, and not here: warnings and losses (nobody loses points or a tier without a message that was written
down), the confirmation of an order and what members do at the same time (a reader has one job for the whole shop, for
which they would all wait), and what somebody waits for before the screen.
"""

from __future__ import annotations

from typing import Final

from plugin.actions.automation import tell_endpoints
from plugin.actions.emails import tell_of_friends, tell_of_points, tell_of_rewards
from plugin.actions.tiers.congratulate import congratulate
from plugin.actions.work.follow_events import WhatFollows
from plugin.rules.events import WEBHOOKS, EventKind

WHAT_FOLLOWS: Final[WhatFollows] = {
    "mails": {
        EventKind.TIER_REACHED: congratulate,
        EventKind.REWARD_RETURNED: tell_of_rewards.returned,
        EventKind.POINTS_USABLE: tell_of_points.usable,
        EventKind.SURVEY_ANSWERED: tell_of_friends.answered,
    },
    WEBHOOKS: dict.fromkeys(EventKind, tell_endpoints.happened),
}
