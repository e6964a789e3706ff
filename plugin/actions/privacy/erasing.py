"""Forget a customer, in small steps: each is a transaction of its own, none locks others for long, all may be repeated.

How far it has come stands in the request itself, so that whoever takes over after a kill goes on where it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.actions.shops.access_log import record_access
from plugin.actions.work.work import Work
from plugin.errors import UnderWay
from plugin.observe import get_logger
from plugin.rules.privacy.blanking import Names
from plugin.rules.privacy.marks import marks_of
from plugin.store.database.db import shop_transaction
from plugin.store.privacy import privacy
from plugin.store.shops.access_log import Access
from plugin.store.shops.shops import Shop
from plugin.store.work.jobs import Job

TURN_SECONDS = 20.0
"""After this long others get their turn."""
STEPS_SECONDS = 0.3
"""Quick steps share a transaction for this long."""
log = get_logger()


@dataclass(slots=True)
class Erasure:
    """One erasure under way: whom it means, whom it has found, how far it is, and what it has done."""

    customer_id: int | None = None
    email: str = ""
    phone: str = ""
    orders: list[int] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)  # where a former erasure is repeated, all that is known
    placed_until: str = ""  # and until when it holds
    stage: int = 0
    after: int = 0
    inside: int = 0
    members: list[int] = field(default_factory=list)
    customers: list[int] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    unclear: int = 0
    order_count: int = 0
    deliveries: int = 0

    @classmethod
    def of(cls, result: Mapping[str, Any]) -> Erasure:
        """As it stands in its request."""
        return cls(**{name: value for name, value in result.items() if name in cls.__dataclass_fields__})

    @property
    def names(self) -> Names:
        """What the person is called by, to find them in texts."""
        return Names.of(self.customers, self.emails, self.phones)

    def everything(self, key: bytes, shop_id: int) -> set[int]:
        """The marks of the person."""
        return set(self.marks) | marks_of(key, shop_id, self.customers, self.emails, self.phones)

    def add(self, what: str, values: Iterable[Any]) -> None:
        """Found more of the person."""
        found: list[Any] = getattr(self, what)
        found += [value for value in dict.fromkeys(values) if value not in found]

    @property
    def outcome(self) -> dict[str, object]:
        """What was done, in numbers; `known` is false where nobody was found by what was asked."""
        known = bool(self.members or self.order_count or self.deliveries)
        done: dict[str, object] = {
            "members": len(self.members),
            "orders": self.order_count,
            "deliveries": self.deliveries,
        }
        return {**done, "known": known} | ({"unclear": self.unclear} if self.unclear else {})


@dataclass(frozen=True, slots=True)
class Step:
    """What a step works with."""

    conn: Connection
    shop: Shop
    request_id: int
    key: bytes
    now: datetime


@dataclass(frozen=True, slots=True)
class Stage:
    """`do` does a bounded piece of work, and says whether the stage is over. One that locks people is `alone` in
    its transaction."""

    do: Callable[[Step, Erasure], bool]
    alone: bool = False


def carry_out(work: Work, shop: Shop, job: Job, stages: tuple[Stage, ...]) -> None:
    """Go on with the erasure for a while. UnderWay where something is left."""
    until = time.monotonic() + TURN_SECONDS
    while one_transaction(work, shop, job.number, stages):
        if time.monotonic() > until:
            raise UnderWay("The data is still being erased", retry_after_seconds=0.5)


def one_transaction(
    work: Work, shop: Shop, request_id: int, stages: tuple[Stage, ...], seconds: float = STEPS_SECONDS
) -> bool:
    """One step, and more while they are quick, in one transaction; says whether anything is left."""
    key, until = work.forgetting_key, time.monotonic() + seconds
    with shop_transaction(work.engine, shop.id) as conn:
        request = privacy.get(conn, shop.id, request_id, lock=True)
        if request is None or request.done_at is not None:
            return False
        erasure = Erasure.of(request.result)
        _go_on(Step(conn, shop, request_id, key, work.clock()), erasure, stages, until)
        if erasure.stage < len(stages):
            privacy.save(conn, shop.id, request_id, asdict(erasure))
            return True
        privacy.finish(conn, shop.id, request_id, erasure.outcome, work.clock())
        record_access(conn, shop.id, Access("suki", "change", "erase_customer", f"request {request_id}"), work.clock())
    log.info("customer_forgotten", shop=shop.domain, request=request_id, **erasure.outcome)
    return False


def _go_on(step: Step, erasure: Erasure, stages: tuple[Stage, ...], until: float) -> None:
    """Steps until the time is over; one that locks people is the last before the others get them back."""
    while erasure.stage < len(stages):
        stage = stages[erasure.stage]
        if stage.do(step, erasure):
            erasure.stage, erasure.after, erasure.inside = erasure.stage + 1, 0, 0
        if time.monotonic() > until or stage.alone or any(each.alone for each in stages[erasure.stage :][:1]):
            return
