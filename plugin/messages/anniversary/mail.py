"""Points on the day on which the member joined."""

from __future__ import annotations

from dataclasses import replace

from plugin.messages.activities import about_record
from plugin.messages.kind import Kind, Occasion, SampleShop, sample_facts
from plugin.messages.news import PointsNews


def build(occasion: Occasion) -> PointsNews | None:
    """What the day brought (`activity:ID`); None when it counts no longer."""
    return about_record(occasion)


def samples(shop: SampleShop) -> tuple[PointsNews, ...]:
    """Fifty points, and the same for somebody without a name."""
    day = PointsNews(
        **shop.head,
        points_name=shop.points_name,
        facts=sample_facts(shop),
        points=50,
        year=shop.today.year - 1,
    )
    return day, replace(day, first_name="")


MAIL = Kind(build, samples)
