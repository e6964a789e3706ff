"""The programme as anybody may read it: what orders earn, ways to earn, tiers, rewards, invitations."""

from __future__ import annotations

from typing import Literal

from flask import Flask, Response
from sqlalchemy import Connection

from plugin.actions.activities import offered
from plugin.actions.members.leave_programme import LEFT
from plugin.rules.activities import judging
from plugin.rules.activities.activity_rules import BY_API
from plugin.rules.activities.activity_rules import Activity as Offered
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.programme import Programme as Rules
from plugin.rules.rewards import redemption, reward_terms
from plugin.rules.rewards.kinds import Reward
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.rules.words import programme_page
from plugin.rules.words import tiers as tiers_in_words
from plugin.rules.words.ways import how
from plugin.store.tiers import tiers as tiers_store
from plugin.store.versions import programmes
from plugin.web.current import now, shop, transaction
from plugin.web.shopper import earn, tier
from plugin.web.shopper.api.asking import answer
from plugin.web.shopper.api.doors import for_shoppers
from plugin.web.shopper.api.shapes import Activity, ProgrammePage, RewardOffered, TierOffered
from plugin.web.shopper.api.told import Told, to_anybody
from plugin.web.shopper.api.values import Points, Programme
from plugin.web.shopper.campaigns import More, more_now
from plugin.web.shopper.offers import open_to_all
from plugin.web.shopper.page import member_behind
from plugin.web.shown import zone

BY_THEMSELVES = ("birthday", "anniversary", *BY_API)


def register(app: Flask) -> None:
    """Add the call."""
    for_shoppers(app, "/programme", programme)


def programme() -> Response:
    """The whole programme; a hidden tier is there for those in it only."""
    with transaction() as conn:
        member = member_behind(conn)
        rules = programmes.current(conn, shop().id, now()).programme
        mine = _tier_of(conn, member.id) if member is not None and member.state != LEFT and rules.tiers.levels else ""
        told = to_anybody(rules.points_name, member.locale if member else "")
        head, found = programme_of(conn, rules, told), _offered(conn, rules)
    return answer(
        ProgrammePage(
            programme=head,
            earn=earns(rules, told),
            activities=[_activity(one, told) for one in found],
            tiers=[_tier(one, rules.tiers, mine, told) for one in rules.tiers.levels if _is_shown(one, mine)],
            rewards=[_reward(one, told) for one in open_to_all(rules)],
            referral=invites(rules, told) if rules.referrals.enabled else None,
        )
    )


def _is_shown(one: Tier, mine: str) -> bool:
    return one.key == mine or not one.hidden


def _tier_of(conn: Connection, member_id: int) -> str:
    state = tiers_store.states(conn, shop().id, [member_id]).get(member_id)
    return state.held.tier if state else ""


def programme_of(conn: Connection, rules: Rules, told: Told) -> Programme:
    """What every surface says of the programme."""
    return Programme(
        shop_name=shop().name,
        points_name=told.unit,
        headline=headline(rules, told),
        more=[_sentence(one) for one in _more(rules, told)],
        has_tiers=any(not level.hidden for level in rules.tiers.levels),
        has_referrals=rules.referrals.enabled,
        has_activities=bool(_offered(conn, rules)),
    )


def headline(rules: Rules, told: Told) -> str:
    """What the plain rate gives, in a sentence; empty where orders earn by other rules alone."""
    if not rules.earning.points:
        return ""
    points = told.points(rules.earning.points).text
    return told.say("shopper.api.earns", points=points, amount=earn.spend(rules, told.locale))


def earns(rules: Rules, told: Told) -> list[str]:
    """Everything that orders earn now, sentence by sentence."""
    plain = headline(rules, told)
    return [*([plain] if plain else []), *(_sentence(one) for one in _more(rules, told))]


def _more(rules: Rules, told: Told) -> list[More]:
    return more_now(rules, shop().currency, zone(), told.locale, told.say, now())


def _sentence(one: More) -> str:
    return " ".join(filter(None, (f"{one.name}: {one.gives}.", one.on, one.until)))


def _offered(conn: Connection, rules: Rules) -> list[Offered]:
    found = offered.offered(conn, shop(), rules)
    return [one for one in found if judging.refusal(one, now(), (), zone()) is None]


def _activity(one: Offered, told: Told) -> Activity:
    """For whoever reads the page, which may be nobody's member: what there is and how it is done, not what they did."""
    state: Literal["automatic", "waits"] = "automatic" if one.kind in BY_THEMSELVES else "waits"
    return Activity(
        id=one.id, kind=one.kind, name=one.name, gives=f"+{told.points(one.points).text}", state=state,
        text=" ".join(filter(None, (one.note, how(one, told.say)))), link=None,
    )  # fmt: skip


def _tier(one: Tier, tiers: Tiers, mine: str, told: Told) -> TierOffered:
    return TierOffered(
        name=one.name,
        needs=_needs(one, tiers, told),
        benefits=list(tier.brings(one, told.say)),
        current=one.key == mine,
    )


def _needs(one: Tier, tiers: Tiers, told: Told) -> str:
    """What has to be reached, and over which time; of a tier that only a tag gives, that it is by invitation."""
    if one.enter is None:
        return told.say("shopper.api.tier_invited")
    digits = minor_digits(shop().currency) if tiers.metric == "spend" else 0
    reached = tiers_in_words.amount(
        to_minor(one.enter, digits), tiers.metric, shop().currency, told.locale, told.points_name
    )
    window = tiers_in_words.window(tiers.window, tiers.window_days, told.locale)
    return told.say("shopper.api.tier_needs", reached=reached, window=window)


def _reward(one: Reward, told: Told) -> RewardOffered:
    made = redemption.terms(one, one.points, shop().currency)
    brings = reward_terms.offers(one, shop().currency)
    return RewardOffered(
        title=one.name,
        price=price(one, told),
        brings=told.because(brings) if brings else "",
        terms=[
            told.because(each) for each in (*reward_terms.terms(made), *filter(None, [reward_terms.good_for(made)]))
        ],
    )


def price(one: Reward, told: Told) -> Points:
    """The price; of a slider the least, read as the whole range."""
    return Points(points=one.points, text=programme_page.price(one, told.points_name, told.locale))


def invites(rules: Rules, told: Told) -> str:
    """What an advocate gets for a friend, and when."""
    thanks, say = rules.referrals.advocate, told.say
    if thanks.kind == "points":
        text = say("shopper.friends.get_points", points=told.points(thanks.points).text)
    else:
        text = say("shopper.friends.get_code")
    days = rules.referrals.hold_days
    return f"{text} {say.counted('shopper.friends.after', days)}" if days else text
