"""What is behind a redemption exists in the shop now: what it is known by, and what follows."""

from __future__ import annotations

from plugin.actions.codes import tell_of_codes
from plugin.actions.work.work import Work
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops.seal import Seal, of_redemption
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind


def tag_of(shop: Shop, redemption_id: int) -> str:
    """How a discount or a gift card in the shop says whose it is."""
    return f"suki-redemption-{shop.id}-{redemption_id}"


def secret_of(settings: Settings, shop_id: int, redemption: Redemption) -> str:
    """A code that only its owner may read, a gift card's or a partner's; empty where there is none.

    Unreadable: there is one, and no key to it.
    """
    if redemption.secret is None:
        return ""
    where = of_redemption(shop_id, redemption.id)
    return Seal.of(settings).open(bytes(redemption.secret), where).decode()


def record_issued(work: Work, shop: Shop, redemption: Redemption, gid: str) -> None:
    """It exists in the shop: note it, show it, and send the mail that brings it."""
    now = work.clock()
    with shop_transaction(work.engine, shop.id) as conn:
        redemptions.issued(conn, shop.id, redemption.id, gid, now)
        jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, [redemption.member_id], now)
        tell_of_codes.issued(conn, shop, redemption, now)
