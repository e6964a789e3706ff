"""Campaigns begin and end by the clock: what has turned since the last look is recorded, each at its own moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from plugin.actions.record_event import record
from plugin.actions.shops import show_programme
from plugin.actions.work.work import Work
from plugin.rules.events import CampaignBegun, CampaignEnded, Event
from plugin.rules.versions import campaigns
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version

SEEN: Final = "campaigns_seen"
"""In the shop's settings: until when was looked, and which campaigns held then."""


def look(work: Work, shop: Shop) -> int:
    """Record what has begun or ended since the last look; answers how much. The first look only remembers.

    The theme is told, too, when a reward or a way to earn begins or ends.
    """
    now = work.clock()
    with shop_transaction(work.engine, shop.id) as conn:
        seen = shops.get(conn, shop.id, lock=True).settings.get(SEEN)
        versions = programmes.versions(conn, shop.id)
        if not versions:
            return 0
        if seen is None:
            held = campaigns.running(programmes.at(versions, now).programme, now)
            shops.merge_settings(conn, shop.id, {SEEN: {"until": now.isoformat(), "running": sorted(held)}})
            return 0
        until, held = datetime.fromisoformat(seen["until"]), frozenset(seen["running"])
        happened = list(_turned(versions, held, until, now))
        if happened:
            record(conn, shop.id, happened, now)
        if happened or _page_turns(versions, until, now):
            show_programme.want(conn, shop.id, now)
            held = campaigns.running(programmes.at(versions, now).programme, now)
            shops.merge_settings(conn, shop.id, {SEEN: {"until": now.isoformat(), "running": sorted(held)}})
    return len(happened)


def _page_turns(versions: Sequence[Version], after: datetime, until: datetime) -> bool:
    """Whether the shop's theme has to tell something else now: another version, or what begins and ends by itself."""
    came = any(after < one.effective_from <= until for one in versions)
    return came or campaigns.offers_turn(programmes.at(versions, until).programme, after, until)


def _turned(versions: Sequence[Version], held: frozenset[str], after: datetime, until: datetime) -> Iterator[Event]:
    edges = campaigns.turns([one.programme for one in versions], after, until)
    begun = [one.effective_from for one in versions if after < one.effective_from <= until]
    for at in sorted({*edges, *begun, until}):
        version = programmes.at(versions, at)
        holds = campaigns.running(version.programme, at)
        for rule in sorted(held - holds):
            yield Event(CampaignEnded(rule, version.number), "", happened_at=at)
        for rule in sorted(holds - held):
            yield Event(CampaignBegun(rule, version.number), "", happened_at=at)
        held = holds
