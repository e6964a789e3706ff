"""To the advocate: the reward of a referral."""

from __future__ import annotations

from dataclasses import replace

from plugin.messages.advocate import AdvocateContext, build
from plugin.messages.kind import Kind, SampleShop


def samples(shop: SampleShop) -> tuple[AdvocateContext, ...]:
    """Points; then a code."""
    points = AdvocateContext(**shop.head, points_name=shop.points_name, points=500, account_url=shop.account_url)
    return points, replace(points, points=0, code="FRIEND-7F3K", first_name="")


MAIL = Kind(build, samples)
