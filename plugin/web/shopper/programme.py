"""The whole programme on the shopper's pages: so that visitors want it, and members see where they stand in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_skeleton
from flask import Response
from sqlalchemy import Connection

from plugin.actions.activities.offered import as_offered
from plugin.actions.rewards.standings import tier_of
from plugin.actions.shops import storefront
from plugin.rules import explain, formats
from plugin.rules.look import Look
from plugin.rules.points.expiry_rules import Expiry
from plugin.rules.programme import Programme
from plugin.rules.rewards import redemption, reward_terms
from plugin.rules.rewards.kinds import FreeProduct, Reward
from plugin.rules.tiers.tier_rules import Tier
from plugin.rules.types import Reason
from plugin.rules.words import programme_page as words
from plugin.rules.words.own_names import in_words
from plugin.rules.words.programme_page import ProgrammePage, Reader
from plugin.store.orders import known_goods
from plugin.store.versions import programmes
from plugin.web.current import now, shop
from plugin.web.shopper.offers import Offer, offers_to_nobody
from plugin.web.shopper.page import Shopper, language_of, member_behind, page, visit
from plugin.web.shopper.page import words as words_for
from plugin.web.shopper.say import Say
from plugin.web.shown import zone


@dataclass(frozen=True)
class Step:
    """One tier of the ladder: what it needs and brings; `reached`: the member is in it or above."""

    name: str
    needs: str
    benefits: Sequence[str]
    reached: bool
    current: bool


@dataclass(frozen=True)
class Card:
    """One reward as it is listed: its price in words, what it brings where its name does not say that, on which terms,
    the tiers that alone can have it, a picture."""

    offer: Offer
    price: str
    brings: str
    terms: Sequence[Reason]
    only: Sequence[str]
    picture: str

    @property
    def reward(self) -> Reward:
        """The reward itself."""
        return self.offer.reward


def shown(conn: Connection, locale: Locale, programme: Programme, shopper: Shopper | None = None) -> dict[str, Any]:
    """What the pages' templates say of the programme, in the reader's language."""
    mine = tier_of(conn, shop().id, shopper.member.id) if shopper else ""
    reader = Reader(as_offered(conn, shop(), programme), shop().name, shop().currency, zone(), locale, now())
    told = words.programme_page(reader, mine)
    return {
        "page": told,
        "ladder": ladder(reader, told, mine),
        "know": good_to_know(programme, locale),
        "shop_name": shop().name or shop().domain,
    }


def for_visitor(conn: Connection, locale: Locale, programme: Programme) -> dict[str, Any]:
    """The same, with the rewards as somebody sees them who is no member, and what the merchant wrote for visitors."""
    look: Look = storefront.chosen_look(shop())
    found = cards(conn, offers_to_nobody(programme), programme, locale)
    least = min((one.reward.points for one in found), default=0)
    return shown(conn, locale, programme) | {"cards": found, "look": look, "least": least}


def signed_out(conn: Connection, status: int = 200) -> Response:
    """The page for a visitor who is nobody's member: the whole programme; for one who has left, the way back."""
    if member_behind(conn) is not None:
        return page("signed_out.html", "", status)
    programme = programmes.current(conn, shop().id, now()).programme
    programme = in_words(programme, words_for(conn, programme))
    values = for_visitor(conn, formats.reader_locale(language_of()), programme)
    return page("programme.html", "", status, points_name=programme.points_name, shopper=None,
                signed_in=visit().customer_id is not None, **values)  # fmt: skip


def ladder(reader: Reader, told: ProgrammePage, mine: str) -> list[Step]:
    """The tiers side by side, lowest first, each also with the rewards that are for it alone."""
    levels = [one for one in reader.programme.tiers.levels if one.key == mine or not one.hidden]
    at = next((place for place, one in enumerate(levels) if one.key == mine), -1)
    return [
        Step(one.name, one.needs, (*one.benefits, *_own(reader, level)), place <= at, place == at)
        for place, (level, one) in enumerate(zip(levels, told.tiers, strict=True))
    ]


def _own(reader: Reader, level: Tier) -> list[str]:
    """The rewards that only this tier can have, or it and others."""
    found = [one.name for one in reader.programme.rewards if one.active and level.key in one.tiers]
    return [reader.say("shopper.tier.own_reward", reward=name) for name in found]


def cards(conn: Connection, found: Iterable[Offer], programme: Programme, locale: Locale) -> list[Card]:
    """The rewards as they are listed: what can be had now first, each part in the merchant's order."""
    ordered = sorted(found, key=lambda one: one.why is not None and one.why.code != "sign_in")
    pictures = _pictures(conn, [one.reward for one in ordered])
    return [
        Card(
            one,
            words.price(one.reward, programme.points_name, locale),
            _brings(one.reward, programme.points_name, locale),
            reward_terms.terms(redemption.terms(one.reward, one.reward.points, shop().currency)),
            [tier.name for tier in programme.tiers.levels if tier.key in one.reward.tiers and not tier.hidden],
            pictures.get(one.reward.id, ""),
        )
        for one in ordered
    ]


def _brings(reward: Reward, points_name: str, locale: Locale) -> str:
    """What it is worth, in a sentence; empty where its name says just that."""
    reason = reward_terms.offers(reward, shop().currency)
    said = explain.words(reason, locale, "shopper", points_name=points_name) if reason else ""
    return "" if _plain(said) == _plain(reward.name) else said


def _plain(said: str) -> str:
    """Letters, digits and signs of money alone, amounts without zero cents."""
    short = said.casefold().replace(".00", "").replace(",00", "")
    return "".join(char for char in short if not char.isspace() and char not in ".,")


def _pictures(conn: Connection, rewards: Iterable[Reward]) -> Mapping[str, str]:
    """Of rewards for one product: its picture, as Shopify said last."""
    product = {one.id: number for one in rewards if (number := _product(one))}
    known = known_goods.known(conn, shop().id, [("Product", number) for number in product.values()])
    pictures = {id: known.get(("Product", number)) for id, number in product.items()}
    return {id: one.picture for id, one in pictures.items() if one and one.picture.startswith("https://")}


def _product(reward: Reward) -> int:
    """The one product that the reward is for; 0 where there is none, or more."""
    if isinstance(reward, FreeProduct):
        return reward.product
    only: frozenset[int] = getattr(reward, "products", frozenset())
    return next(iter(only)) if len(only) == 1 else 0


def good_to_know(programme: Programme, locale: Locale) -> list[str]:
    """When points can be used, until when, and what becomes of them when goods go back."""
    say = Say(locale)
    name = formats.points_unit(programme.points_name, locale)
    days = programme.earning.pending_days
    found = [say.counted("shopper.know.pending", days, points_name=name)] if days else []
    return [*found, _expiry(programme.expiry, name, say), say("shopper.know.refunds", points_name=name)]


def _expiry(expiry: Expiry, name: str, say: Say) -> str:
    if expiry.policy == "never":
        return say("shopper.know.never", points_name=name)
    if expiry.policy == "calendar":
        last = format_skeleton("MMMMd", date(2024, expiry.month, expiry.day), locale=say.locale)
        months = expiry.at_least_months
        if not months:
            return say("shopper.know.yearly_all", points_name=name, day=last)
        return say.counted("shopper.know.yearly", months, points_name=name, day=last)
    key = "idle" if expiry.policy == "inactivity" else "earned"
    return say.counted(f"shopper.know.{key}_{expiry.unit}", expiry.period, points_name=name)
