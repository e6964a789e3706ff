"""To the advocate: a referral that did not count, or counts no longer."""

from __future__ import annotations

from dataclasses import replace

from plugin.messages.advocate import AdvocateContext, build
from plugin.messages.kind import Kind, SampleShop


def samples(shop: SampleShop) -> tuple[AdvocateContext, ...]:
    """One that was refused; then those whose order was sent back, with points and with a code taken back."""
    refused = AdvocateContext(**shop.head, points_name=shop.points_name, ended="refused", account_url=shop.account_url)
    back = replace(refused, ended="reversed", taken_back=True, points=500)
    return refused, replace(refused, ended="reversed", first_name=""), back, replace(back, points=0)


MAIL = Kind(build, samples)
