"""Somebody has not ordered for a while: a first word, and a second one if they stay away."""

from __future__ import annotations

from dataclasses import dataclass, replace

from plugin.messages.head import head
from plugin.messages.kind import Kind, Occasion, SampleShop, sample_facts
from plugin.rules.formats import reader_locale
from plugin.rules.messages import Common, common_values
from plugin.rules.names.news import Quiet
from plugin.store.emails import by_the_day


@dataclass(frozen=True, slots=True, kw_only=True)
class WinBackContext(Common):
    """Which of the two words it is."""

    again: bool = False

    def values(self) -> dict[str, object]:
        """The template's variables."""
        return {**common_values(self, reader_locale(self.locale)), "again": self.again}


def build(occasion: Occasion) -> WinBackContext | None:
    """The word for one pause (`quiet:MEMBER:SINCE:STEP`); None when it ended: any order ends it, paid or not."""
    quiet = Quiet.parse(occasion.message.subject)
    last = occasion.together("last order", by_the_day.last_ordered, lambda one: one.member_id)
    if last != quiet.since:
        return None
    return WinBackContext(
        **head(occasion.shop, occasion.member),
        points_name=occasion.programme.points_name,
        again=quiet.step > 1,
    )


def samples(shop: SampleShop) -> tuple[WinBackContext, ...]:
    """The first word, and the second."""
    first = WinBackContext(**shop.head, points_name=shop.points_name, facts=sample_facts(shop))
    return first, replace(first, again=True, first_name="")


MAIL = Kind(build, samples)
