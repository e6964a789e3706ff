"""Points for something that the member did."""

from __future__ import annotations

from dataclasses import replace

from plugin.messages.activities import about_record
from plugin.messages.kind import Kind, Occasion, SampleShop, sample_facts
from plugin.messages.news import PointsNews


def build(occasion: Occasion) -> PointsNews | None:
    """What was done, by the name that the programme has for it (`activity:ID`); None when it counts no longer."""
    found = about_record(occasion)
    return found if found is not None and found.activity else None


def samples(shop: SampleShop) -> tuple[PointsNews, ...]:
    """The first activity of the shop's rules, or one like it."""
    activity = next((one.name for one in shop.programme.activities), shop.said("activity"))
    done = PointsNews(
        **shop.head,
        points_name=shop.points_name,
        facts=sample_facts(shop),
        points=50,
        activity=activity,
    )
    return done, replace(done, first_name="")


MAIL = Kind(build, samples)
