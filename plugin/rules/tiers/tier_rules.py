"""The tiers of a programme, as staff set them: the ladder, what is measured, and how long a tier lasts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from plugin.rules.fields import Positive, Rules, WrongAt, currency_of, decimals_of, shaped
from plugin.rules.money import finer_than
from plugin.rules.words.texts import Said

Metric = Literal["spend", "points", "orders"]
Perk = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
MOST_TIERS = 12
OWN_TAGS = "suki-tier:"
"""How the tags begin that customers get from us."""


class Tier(Rules):
    """One step of the ladder. `key` stays when the tier is renamed; `keep` is `enter` unless it is lower.

    A customer who carries `tag` in Shopify is in the tier; without `enter` that is the only way in.
    """

    key: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
    name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=40),
        shaped("[^,]*", Said("programme.tiers.wrong.comma")),
    ]
    enter: Positive | None = None
    keep: Positive | None = None
    tag: Annotated[str, StringConstraints(strip_whitespace=True, max_length=255)] = ""
    multiplier: Annotated[Decimal, Field(gt=0, le=100, decimal_places=2)] = Decimal(1)
    perks: Annotated[tuple[Perk, ...], Field(max_length=20)] = ()
    hidden: bool = False
    bonus: int = Field(default=0, ge=0, le=1_000_000)

    @field_validator("keep")
    @classmethod
    def _no_more_than_to_enter(cls, keep: Decimal | None, info: ValidationInfo) -> Decimal | None:
        if keep is not None and keep > (info.data.get("enter", keep) or 0):
            raise ValueError(Said("programme.tiers.wrong.keep"))
        return keep

    @field_validator("tag")
    @classmethod
    def _one_tag_of_others(cls, tag: str) -> str:
        if tag.casefold().startswith(OWN_TAGS):
            raise ValueError(Said("programme.tiers.wrong.own_tag", prefix=OWN_TAGS))
        if "," in tag:
            raise ValueError(Said("programme.tiers.wrong.one_tag"))
        return tag

    @property
    def keep_mark(self) -> Decimal | None:
        """What must be reached again to stay."""
        return self.enter if self.keep is None else self.keep


class Tiers(Rules):
    """The ladder, lowest step first; without steps the programme has no tiers."""

    metric: Metric = "spend"
    levels: Annotated[tuple[Tier, ...], Field(max_length=MOST_TIERS)] = ()
    window: Literal["lifetime", "rolling", "calendar"] = "calendar"
    window_days: int = Field(default=365, ge=1, le=3650)
    validity: Literal["window", "days", "next_year"] = "next_year"
    validity_days: int = Field(default=365, ge=1, le=3650)
    grace_days: int = Field(default=0, ge=0, le=365)
    downgrade: Literal["earned", "one"] = "earned"

    @field_validator("levels")
    @classmethod
    def _a_ladder(cls, levels: tuple[Tier, ...], info: ValidationInfo) -> tuple[Tier, ...]:
        for field, words in problems(dict(enumerate(levels)), info.data.get("metric", ""), currency_of(info)).items():
            raise WrongAt(field, words)
        return levels

    def rank(self, key: str) -> int:
        """Which step, from 0; -1 for none, or one that is no longer there."""
        return next((place for place, tier in enumerate(self.levels) if tier.key == key), -1)

    @property
    def by_tag(self) -> bool:
        """Whether customers' tags have to be known."""
        return any(tier.tag for tier in self.levels)

    def tagged(self, tags: Iterable[str]) -> int:
        """The highest step that one of these tags gives; -1 for none. Shopify's tags know no case."""
        carried = {tag.casefold() for tag in tags}
        found = [place for place, tier in enumerate(self.levels) if tier.tag and tier.tag.casefold() in carried]
        return max(found, default=-1)

    def named(self, key: str) -> Tier | None:
        """The tier with this key."""
        rank = self.rank(key)
        return self.levels[rank] if rank >= 0 else None


def problems(levels: Mapping[int, Tier], metric: str, currency: str) -> dict[str, str]:
    """What is wrong between steps, by place and field; empty when they are a ladder. Without a currency no amount
    is too fine."""
    wrong: dict[str, str] = {}
    before: Tier | None = None
    names: set[str] = set()
    keys: set[str] = set()
    tags: set[str] = set()
    for place, tier in levels.items():
        field = f"{place}"
        if tier.name.casefold() in names:
            wrong[f"{field}.name"] = Said("programme.tiers.wrong.name_taken")
        if tier.key in keys:
            wrong[f"{field}.key"] = Said("programme.tiers.wrong.key_taken")
        wrong |= _after(before, tier, field) | _tag(tier, tags, field)
        wrong |= _fine_enough(tier, field, metric, currency)
        names.add(tier.name.casefold())
        keys.add(tier.key)
        tags.add(tier.tag.casefold())
        before = tier
    return wrong


def _after(before: Tier | None, tier: Tier, field: str) -> dict[str, str]:
    """Marks rise, and tiers that only a tag gives stand above those with a mark."""
    if tier.enter is None:
        return {} if tier.tag else {f"{field}.enter": Said("programme.tiers.wrong.enter_or_tag")}
    if before is None:
        return {}
    if before.enter is None:
        return {f"{field}.enter": Said("programme.tiers.wrong.before", tier=before.name)}
    words = Said("programme.tiers.wrong.more_than", tier=before.name)
    return {f"{field}.enter": words} if tier.enter <= before.enter else {}


def _tag(tier: Tier, taken: set[str], field: str) -> dict[str, str]:
    if not tier.tag:
        return {}
    return {f"{field}.tag": Said("programme.tiers.wrong.tag_taken")} if tier.tag.casefold() in taken else {}


def _fine_enough(tier: Tier, field: str, metric: str, currency: str) -> dict[str, str]:
    """Points and orders are whole, and amounts no finer than the currency."""
    marks = {name: mark for name, mark in (("enter", tier.enter), ("keep", tier.keep)) if mark}
    if metric in ("points", "orders"):
        return {f"{field}.{name}": Said("frame.wrong.whole") for name, mark in marks.items() if mark % 1}
    if metric != "spend" or not currency:
        return {}
    return {f"{field}.{name}": decimals_of(currency) for name, mark in marks.items() if finer_than(mark, currency)}


def key_for(name: str, taken: Sequence[str]) -> str:
    """A key for a new tier: its name in plain letters, with a number where that is taken."""
    stem = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:36] or "tier"
    number, key = 1, stem
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key


PRESETS: Mapping[str, Tiers] = {
    "yearly_spend": Tiers(
        levels=(
            Tier(key="bronze", name="Bronze", enter=Decimal(100)),
            Tier(key="silver", name="Silver", enter=Decimal(300), multiplier=Decimal("1.25"), bonus=100),
            Tier(key="gold", name="Gold", enter=Decimal(1000), multiplier=Decimal("1.5"), bonus=300),
        )
    ),
    "orders": Tiers(
        levels=(
            Tier(key="friend", name="Friend", enter=Decimal(2)),
            Tier(key="regular", name="Regular", enter=Decimal(5), multiplier=Decimal("1.25")),
            Tier(key="suki", name="Suki", enter=Decimal(10), multiplier=Decimal("1.5"), bonus=200),
        ),
        metric="orders",
        window="rolling",
        validity="window",
        grace_days=30,
    ),
    "lifetime_points": Tiers(
        levels=(
            Tier(key="silver", name="Silver", enter=Decimal(500), multiplier=Decimal("1.2")),
            Tier(key="gold", name="Gold", enter=Decimal(2000), multiplier=Decimal("1.5")),
        ),
        metric="points",
        window="lifetime",
        validity="window",
    ),
}
"""Starting points that the panel offers, in round dollars; `preset` puts them into another currency's size."""


def preset(name: str, unit: Decimal) -> Tiers:
    """One of PRESETS with its amounts of money times `unit`, for staff to change."""
    tiers = PRESETS[name]
    if tiers.metric != "spend":
        return tiers
    levels = tuple(tier.model_copy(update={"enter": tier.enter and tier.enter * unit}) for tier in tiers.levels)
    return tiers.model_copy(update={"levels": levels})
