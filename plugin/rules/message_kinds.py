"""Every kind of email to a member, in one list: what staff call it, what it is in law, and when it is not sent.

A new kind is an entry here, a folder of that name in `plugin/messages/`, its texts in each language, and whatever
triggers it (docs/extending).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final, Self

from plugin.errors import UnknownKind
from plugin.rules.emails.about_kinds import NO_MAIL, UNLESS_OURS, About, Confirmation, news, offer
from plugin.rules.emails.figures import Figure
from plugin.rules.formats import one_line

CODE_WAIT: Final = timedelta(minutes=30)
"""An email goes when its code exists; it waits for that at most this long."""
A_WHILE: Final = timedelta(minutes=5)
"""What is undone or used within this time was never worth an email."""
KIND_OFF: Final = "the shop turned this kind of email off"
NOT_TOLD: Final = "staff chose not to tell the member"
SWITCHED_OFF: Final = "mails are switched off in the programme"
NO_ADDRESS: Final = "there is no address to send to"
HAS_LEFT: Final = "the customer has left the programme"
UNWANTED: Final = "the member wants no emails of the programme"
KIND_UNWANTED: Final = "the member turned this kind of email off"
PROMOTIONS_UNWANTED: Final = "the member unsubscribed from promotional emails"
SUPPRESSED: Final = "nothing is sent to this address: emails to it came back, or were reported as spam"
NOT_ORDERED: Final = "the customer was imported and has not ordered yet"
NO_CONSENT: Final = "the customer did not agree to marketing mails"
"""Why one of any kind is left out; what is peculiar to a kind stands in its entry."""


class MessageKind(StrEnum):
    """The kinds, by the names under which they are stored."""

    about: About

    def __new__(cls, name: str, about: About) -> Self:
        """A member is its name, and carries its entry."""
        kind = str.__new__(cls, name)
        kind._value_ = name
        kind.about = about
        return kind

    ORDER_CONFIRMATION = (
        "order_confirmation",
        About(label="Order confirmation", gone="the order was cancelled or deleted", silent_with=UNLESS_OURS),
    )
    CODE_READY = (
        "code_ready",
        About(label="Next order code", gone="the code was already used or taken back", required=True),
    )
    WELCOME = (
        "welcome",
        About(label="Welcome", gone="the welcome points were taken back", silent_with=UNLESS_OURS, optional=True),
    )
    POINTS_EXPIRING = (
        "points_expiring",
        About(
            label="Points expiring soon",
            gone="these points were already used, or no longer expire then",
            optional=True,
            guards=True,
            clock="shop",
        ),
    )
    POINTS_EXPIRED = (
        "points_expired",
        About(label="Points expired", gone="the points came back", silent_with=NO_MAIL, optional=True, clock="shop"),
    )
    POINTS_TAKEN_BACK = (
        "points_taken_back",
        About(
            label="Points taken back",
            gone="nothing was missing in the end: it was given again, waived, or had expired before",
            silent_with=NO_MAIL,
            optional=True,
        ),
    )
    REWARD_DONE = (
        "reward_done",
        About(label="Manual reward update", gone="the reward is neither fulfilled nor cancelled"),
    )
    REWARD_GIVEN = (
        "reward_given",
        About(
            label="Gift",
            gone="the gift was taken back",
            nature="depends",
            silent_with=NO_MAIL,
            over_cap="wait",
            optional=True,
        ),
    )
    REFERRAL_CODE = (
        "referral_code",
        About(label="Referral code for a friend", gone="the code was already used or taken back", required=True),
    )
    REFERRAL_ORDERED = (
        "referral_ordered",
        About(
            label="Referred friend ordered",
            gone="the referral moved on before this was sent",
            silent_with=NO_MAIL,
            optional=True,
        ),
    )
    REFERRAL_PAID = (
        "referral_paid",
        About(
            label="Referral reward",
            gone="the reward was taken back before this was sent",
            silent_with=NO_MAIL,
            optional=True,
        ),
    )
    REFERRAL_ENDED = (
        "referral_ended",
        About(
            label="Referral without reward", gone="the referral counted after all", silent_with=NO_MAIL, optional=True
        ),
    )
    TIER_REACHED = (
        "tier_reached",
        About(label="Tier reached", gone="the member is no longer in this tier", silent_with=NO_MAIL, optional=True),
    )
    TIER_ENDING = (
        "tier_ending",
        About(
            label="Tier ending",
            gone="the tier no longer ends then",
            silent_with=NO_MAIL,
            optional=True,
            guards=True,
            clock="shop",
        ),
    )
    TIER_LOST = (
        "tier_lost",
        About(
            label="Tier lost", gone="the member is in this tier again", silent_with=NO_MAIL, optional=True, clock="shop"
        ),
    )
    CLAIM = (
        "claim",
        About(label="Points waiting for an account", gone="no points wait, or the guest has an account by now"),
    )
    REWARD_READY = (
        "reward_ready",
        About(label="Reward code", gone="the code was already used or taken back", waits=A_WHILE),
    )
    REWARD_RETURNED = "reward_returned", news("Reward returned", "the reward was used after all", minutes=5)
    POINTS_GIVEN = "points_given", news("Points from staff", "the points were taken back", minutes=5)
    POINTS_USABLE = (
        "points_usable",
        news("Points ready to use", "the points were already used or taken back", minutes=5),
    )
    ACTIVITY_DONE = "activity_done", news("Points for an activity", "the points were taken back", minutes=5)
    BIRTHDAY = "birthday", news("Birthday", "the points were taken back", "reader")
    ANNIVERSARY = "anniversary", news("Anniversary", "the points were taken back", "reader")
    THANK_YOU = (
        "thank_you",
        offer("Thank-you for a first order", "the order was cancelled or refunded", minutes=30),
    )
    REWARD_ENDING = (
        "reward_ending",
        About(
            label="Code ending soon",
            gone="the code was already used, or no longer ends then",
            nature="depends",
            silent_with=NO_MAIL,
            optional=True,
            clock="reader",
            figures=(Figure("days", usual=3, least=1, most=30),),
        ),
    )
    WIN_BACK = (
        "win_back",
        offer(
            "Win-back",
            "the customer has ordered since",
            Figure("days", usual=60, least=7),
            Figure("again_days", usual=30, least=7, most=365),
            clock="reader",
        ),
    )
    CART_LEFT = (
        "cart_left",
        offer(
            "Checkout left behind",
            "the customer has ordered, or the checkout is gone",
            Figure("hours", usual=4, least=1, most=72),
            Figure("days", usual=7, least=1, most=30),
        ),
    )
    REWARD_IN_REACH = (
        "reward_in_reach",
        offer("Reward in reach", "the points were used, or the reward is no longer offered", clock="reader"),
    )
    INVITE_FRIENDS = (
        "invite_friends",
        offer(
            "Invitation to refer friends",
            "referrals are off",
            Figure("days", usual=1, least=1, most=60),
            clock="reader",
        ),
    )
    SURVEY_ASKED = (
        "survey_asked",
        offer(
            "Question about an order",
            "the question was answered, or the order no longer counts",
            Figure("days", usual=7, least=1, most=40),
            clock="reader",
        ),
    )
    STATEMENT = (
        "statement",
        offer("Monthly statement", "nothing happened in that month, and there are no points", clock="reader"),
    )
    MAILING = (
        "mailing",
        About(
            label="Mailing",
            gone="the mailing was cancelled",
            nature="promotional",
            silent_with=NO_MAIL,
            over_cap="wait",
        ),
    )
    SECOND_STEP = (
        "second_step",
        About(label="Confirmation link", gone="the link was already used, or has expired", always=True),
    )

    def goes_with(self, confirmation: Confirmation) -> bool:
        """Whether it is sent in a programme with this setting."""
        return confirmation not in self.about.silent_with


LABELS: Final[Mapping[str, str]] = {kind.value: kind.about.label for kind in MessageKind}
"""What staff read of each."""
_BY_NAME: Final[Mapping[str, MessageKind]] = {kind.value: kind for kind in MessageKind}


def kind_of(name: str) -> MessageKind:
    """The kind stored under this name. Raises UnknownKind.

    >>> kind_of("welcome").about.label
    'Welcome'
    """
    if name not in _BY_NAME:
        raise UnknownKind(f"this version of Suki knows no email of the kind “{one_line(name, 60)}”")
    return _BY_NAME[name]
