"""Points that are no longer pending."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from plugin.messages.head import head
from plugin.messages.kind import Kind, Occasion, SampleShop, sample_facts
from plugin.messages.news import PointsNews
from plugin.rules.names.news import MemberDay
from plugin.store.points import usable_points
from plugin.store.work.messages import Message


def build(occasion: Occasion) -> PointsNews | None:
    """What is left of the points that were pending until one day (`day:MEMBER:DAY`); None when nothing is."""
    shop, now = occasion.shop, occasion.now

    def left(conn: Connection, shop_id: int, wanted: list[tuple[int, date]]) -> dict[tuple[int, date], int]:
        return usable_points.left_of_days(conn, shop_id, wanted, shop.zone.key, now)

    points = min(occasion.together("usable", left, _about) or 0, max(0, occasion.balance.available))
    if points <= 0:
        return None
    return PointsNews(
        **head(shop, occasion.member),
        points_name=occasion.programme.points_name,
        points=points,
    )


def _about(message: Message) -> tuple[int, date]:
    """Whose, and until which day; of somebody who was merged, whose they are now."""
    return message.member_id, MemberDay.parse(message.subject).day


def samples(shop: SampleShop) -> tuple[PointsNews, ...]:
    """Fifty points, and the same for somebody without a name."""
    usable = PointsNews(
        **shop.head,
        points_name=shop.points_name,
        facts=sample_facts(shop),
        points=50,
    )
    return usable, replace(usable, first_name="")


MAIL = Kind(build, samples)
