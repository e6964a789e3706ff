"""The programme as anybody may read it: what orders earn, ways to earn, tiers, rewards, invitations."""

from __future__ import annotations

from typing import Literal

from flask import Flask, Response
from sqlalchemy import Connection

from plugin.actions.activities.offered import as_offered
from plugin.actions.members.leave_programme import LEFT
from plugin.rules.activities.activity_rules import BY_API
from plugin.rules.programme import Programme as Rules
from plugin.rules.words import programme_page as page
from plugin.rules.words.own_names import in_words
from plugin.rules.words.programme_page import ActivityShown, Reader
from plugin.store.tiers import tiers as tiers_store
from plugin.store.versions import programmes
from plugin.web.current import now, shop, transaction
from plugin.web.shopper.api.asking import answer
from plugin.web.shopper.api.doors import for_shoppers
from plugin.web.shopper.api.shapes import Activity, ProgrammePage, RewardOffered, TierOffered
from plugin.web.shopper.api.told import Told, to_anybody
from plugin.web.shopper.api.values import Programme
from plugin.web.shopper.page import member_behind, words
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
        rules = as_offered(conn, shop(), rules)
        told = to_anybody(words(conn, rules, member.locale if member else ""), member.locale if member else "")
        head = programme_of(conn, rules, told)
    found = page.programme_page(_reader(rules, told), mine)
    return answer(
        ProgrammePage(
            programme=head,
            earn=earns(rules, told),
            welcome=found.welcome,
            activities=[_activity(one) for one in found.activities],
            tiers=[TierOffered.model_validate(one, from_attributes=True) for one in found.tiers],
            rewards=[RewardOffered.model_validate(one, from_attributes=True) for one in found.rewards],
            referral=found.referral or None,
        )
    )


def _reader(rules: Rules, told: Told) -> Reader:
    return Reader(in_words(rules, told.points_name), shop().name, shop().currency, zone(), told.locale, now())


def _tier_of(conn: Connection, member_id: int) -> str:
    state = tiers_store.states(conn, shop().id, [member_id]).get(member_id)
    return state.held.tier if state else ""


def _activity(one: ActivityShown) -> Activity:
    state: Literal["automatic", "waits"] = "automatic" if one.kind in BY_THEMSELVES else "waits"
    return Activity(id=one.id, kind=one.kind, name=one.name, gives=one.gives, state=state, text=one.text, link=None)


def programme_of(conn: Connection, rules: Rules, told: Told) -> Programme:
    """What every surface says of the programme."""
    reader = _reader(as_offered(conn, shop(), rules), told)
    return Programme(
        shop_name=shop().name,
        points_name=told.unit,
        headline=page.headline(reader),
        more=list(page.more(reader)),
        has_tiers=any(not level.hidden for level in rules.tiers.levels),
        has_referrals=rules.referrals.enabled,
        has_activities=bool(page.offered(reader)),
    )


def earns(rules: Rules, told: Told) -> list[str]:
    """Everything that orders earn now, sentence by sentence."""
    reader = _reader(rules, told)
    return [*filter(None, [page.headline(reader)]), *page.more(reader)]


def invites(rules: Rules, told: Told) -> str:
    """What a friend gets, what the member who invited them gets, and when."""
    return page.referral(_reader(rules, told))
