"""To the advocate: the friend has ordered, and the reward comes after the return period."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from plugin.messages.advocate import AdvocateContext, build
from plugin.messages.kind import Kind, SampleShop


def samples(shop: SampleShop) -> tuple[AdvocateContext, ...]:
    """Points that are due in two weeks; then a code, without a day."""
    due_on = shop.today + timedelta(days=14)
    points = AdvocateContext(
        **shop.head, points_name=shop.points_name, points=500, due_on=due_on, account_url=shop.account_url
    )
    return points, replace(points, points=0, due_on=None, first_name="")


MAIL = Kind(build, samples)
