"""Going from shop to shop: what goes wrong in one is logged, counted and passed over.

Every round begins at another shop, so that one that is cut short does not always leave out the same ones.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from plugin.actions.work.work import Work
from plugin.errors import NoDatabase, SukiError
from plugin.observe import get_logger, shop_errors, waits
from plugin.store.database.db import system_transaction
from plugin.store.database.waits import is_wait, reason
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop

log = get_logger()
_began: Final[dict[str, int]] = {}
"""The shop at which each kind of round began last, in this process."""


@dataclass(frozen=True)
class InEveryShop:
    """What a schedule does: a short step for each installed shop (`uninstalled_too`: all whose data is here)."""

    name: str
    step: Callable[[Work, Shop], object]
    uninstalled_too: bool = False

    def __call__(self, work: Work) -> int:
        """One round; answers the sum of what the steps answer in numbers."""
        with system_transaction(work.engine) as conn:
            found = shops.everyone(conn) if self.uninstalled_too else shops.installed(conn)
        by_id = {shop.id: shop for shop in found}
        return around(self.name, by_id, lambda shop_id: self._count(work, by_id[shop_id]))

    def _count(self, work: Work, shop: Shop) -> int:
        answer = self.step(work, shop)
        return answer if isinstance(answer, int) else 0


def around(what: str, shop_ids: Iterable[int], step: Callable[[int], int]) -> int:
    """One step for each shop; answers their sum.

    NoDatabase, at two shops in a row or at the last: it is gone for all of them.
    """
    total = 0
    lost: NoDatabase | None = None
    for shop_id in _from_another(what, shop_ids):
        try:
            total += step(shop_id)
            lost = None
        except Exception as error:
            if lost is not None and isinstance(error, NoDatabase):
                raise
            lost = error if isinstance(error, NoDatabase) else None
            passed_over(what, shop_id, error)
    if lost is not None:
        raise lost
    return total


def passed_over(what: str, shop_id: int, error: Exception) -> None:
    """Say that a shop was left out of a round, and why."""
    if is_wait(error):
        waits.labels(what, reason(error)).inc()
        log.info("shop_waits", round=what, shop_id=shop_id, why=reason(error))
        return
    shop_errors.labels(what).inc()
    if isinstance(error, SukiError):
        log.warning("shop_passed_over", round=what, shop_id=shop_id, error=error.message)
        return
    log.error("shop_passed_over", round=what, shop_id=shop_id, error=type(error).__name__, exc_info=error)


def _from_another(what: str, shop_ids: Iterable[int]) -> list[int]:
    ids = sorted(shop_ids)
    if not ids:
        return []
    place = bisect_right(ids, _began.get(what, ids[-1])) % len(ids)
    _began[what] = ids[place]
    return ids[place:] + ids[:place]
