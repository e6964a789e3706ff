"""Rewards, redemptions and ways to earn as a shopper's page shows them: with their names in the reader's language.

Acts, and the mark of what was shown, go by the programme's own names; these copies are for reading only.
"""

from __future__ import annotations

from dataclasses import replace

from plugin.rules.words.own_names import reward_in
from plugin.rules.words.own_words import Names
from plugin.store.members.profiles import Profile
from plugin.store.rewards.donations import Total
from plugin.store.rewards.redemptions import Redemption
from plugin.web.shopper.offers import Offer
from plugin.web.shopper.own_rewards import Shown


def offered(offer: Offer, names: Names) -> Offer:
    """One reward on offer."""
    return replace(offer, reward=reward_in(offer.reward, names))


def redeemed(made: Redemption, names: Names) -> Redemption:
    """What was redeemed, by its copied name."""
    cause = str(made.terms.get("cause") or "")
    said = {"name": names("reward", made.title), **({"cause": names("cause", cause)} if cause else {})}
    return replace(made, terms={**made.terms, **said})


def held(one: Shown, names: Names) -> Shown:
    """One redemption with what became of it."""
    return replace(one, made=redeemed(one.made, names))


def given(total: Total, names: Names) -> Total:
    """What was given to a cause."""
    return replace(total, cause=names("cause", total.cause))


def answers(profile: Profile, names: Names) -> Profile:
    """What the member answered, by the questions as they read them."""
    return replace(profile, answers={names("question", asked): said for asked, said in profile.answers.items()})
