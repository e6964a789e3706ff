"""The names that a programme has for shoppers, and the programme with all of them in one reader's language.

A translation belongs to the words that it was made of, not to the thing that carries them: a reward that is renamed
has none until somebody translates its new name, and what was copied of the old name is still said in each language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from babel import Locale

from plugin.rules.activities.activity_rules import Activity, Profile
from plugin.rules.formats import DEFAULT_POINTS_NAME
from plugin.rules.orders.earning_rules import OrderEarning, OrderRule
from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import Reward
from plugin.rules.tiers.tier_rules import Tier
from plugin.rules.words import default_names
from plugin.rules.words.own_words import OTHER, Names, PointsName, names_of

LONGEST: Final[Mapping[str, int]] = {
    "points": 40,
    "reward": 80,
    "reward_text": 500,
    "cause": 80,
    "tier": 40,
    "perk": 200,
    "campaign": 80,
    "activity": 80,
    "activity_text": 300,
    "question": 80,
}
"""Every kind of name that shoppers read, and how long one may be; `points.few` is one of points beside a number."""
Translated = Mapping[tuple[str, str], str]
"""Texts in one language, by the kind of name and the name as the shop wrote it."""


@dataclass(frozen=True, slots=True)
class Named:
    """One name of a programme: its kind, the id of what carries it, and the name as the shop wrote it."""

    kind: str
    item: str
    source: str


@dataclass(frozen=True, slots=True)
class ReaderNames:
    """The shop's names for one reader: as it translated them, else as they come with the app, else as written."""

    locale: Locale
    currency: str
    translated: Translated

    def __call__(self, kind: str, source: str) -> str:
        """One name."""
        own = self.translated.get((kind, source))
        return own or default_names.said(kind, source, self.currency, self.locale)


def names_in(programme: Programme) -> tuple[Named, ...]:
    """Every name that shoppers read, each once for each thing that carries it, in the order of the panel."""
    own = programme.points_name != DEFAULT_POINTS_NAME
    found = [Named("points", "", str(programme.points_name))] if own else []
    for reward in programme.rewards:
        found += (Named(kind, reward.id, text) for kind, text in _of_reward(reward))
    found += (Named("reward", "", goal.name) for goal in programme.goals)
    for tier in programme.tiers.levels:
        found += (Named("tier", tier.key, tier.name), *(Named("perk", tier.key, perk) for perk in tier.perks))
    found += (Named("campaign", rule.key, rule.name) for rule in programme.orders.rules)
    for activity in programme.activities:
        found += (Named(kind, activity.id, text) for kind, text in _of_activity(activity))
    return tuple(each for each in found if each.source)


def _of_reward(reward: Reward) -> list[tuple[str, str]]:
    texts = (("reward_text", "description"), ("cause", "cause"))
    return [("reward", reward.name), *((kind, str(getattr(reward, field, ""))) for kind, field in texts)]


def _of_activity(one: Activity) -> list[tuple[str, str]]:
    questions = one.questions if isinstance(one, Profile) else ()
    return [("activity", one.name), ("activity_text", one.note), *(("question", each) for each in questions)]


def forms_of(locale: Locale) -> tuple[str, ...]:
    """The plural forms that whole numbers take in the language, `other` last.

    >>> forms_of(Locale("ar")), forms_of(Locale("th"))
    (('zero', 'one', 'two', 'few', 'many', 'other'), ('other',))
    """
    known = {str(locale.plural_form(count)) for count in range(200)}
    order = ("zero", "one", "two", "few", "many", OTHER)
    return tuple(each for each in order if each in known or each == OTHER)


def points_name(source: str, names: ReaderNames) -> PointsName:
    """The shop's name of points for this reader, with its other names."""
    own = source.forms if isinstance(source, PointsName) else {}
    said = names.translated.get(("points", str(source)))
    kept = {form: names.translated.get((f"points.{form}", str(source)), "") for form in forms_of(names.locale)}
    forms = {form: text for form, text in kept.items() if text}
    if said is None and not forms:
        return PointsName(str(source), own, names=names)
    return PointsName(said or str(source), forms | {OTHER: said or str(source)}, names.locale.language, names)


def in_words(programme: Programme, name: str) -> Programme:
    """The programme with its names as the name of points brings them: for whatever shows it, never to be saved."""
    said = names_of(name)
    tiers = programme.tiers.model_copy(update={"levels": tuple(_tier(one, said) for one in programme.tiers.levels)})
    rules = tuple(rule.model_copy(update={"name": said("campaign", rule.name)}) for rule in programme.orders.rules)
    return programme.model_copy(
        update={
            "points_name": name,
            "rewards": tuple(reward_in(one, said) for one in programme.rewards),
            "goals": tuple(goal.model_copy(update={"name": said("reward", goal.name)}) for goal in programme.goals),
            "tiers": tiers,
            "orders": _orders(programme.orders, rules),
            "activities": tuple(activity_in(one, said) for one in programme.activities),
        }
    )


def _orders(orders: OrderEarning, rules: tuple[OrderRule, ...]) -> OrderEarning:
    """The same orders with these rules; what was worked out of the former ones does not come along."""
    kept = {name: getattr(orders, name) for name in OrderEarning.model_fields}
    return OrderEarning.model_construct(**{**kept, "rules": rules})


def reward_in(one: Any, said: Names) -> Any:
    """The reward with its names in the reader's language."""
    new = {"name": said("reward", one.name)}
    if getattr(one, "description", ""):
        new["description"] = said("reward_text", one.description)
    if getattr(one, "cause", ""):
        new["cause"] = said("cause", one.cause)
    return one.model_copy(update=new)


def _tier(one: Tier, said: Names) -> Tier:
    perks = tuple(said("perk", perk) for perk in one.perks)
    return one.model_copy(update={"name": said("tier", one.name), "perks": perks})


def activity_in(one: Any, said: Names) -> Any:
    """The activity with its names in the reader's language."""
    new: dict[str, Any] = {"name": said("activity", one.name)}
    if one.note:
        new["note"] = said("activity_text", one.note)
    if isinstance(one, Profile):
        new["questions"] = tuple(said("question", each) for each in one.questions)
    return one.model_copy(update=new)
