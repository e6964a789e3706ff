"""A shop, and a receiver that it may tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from plugin.actions.automation import endpoints
from plugin.actions.automation.endpoints import Wish
from plugin.actions.shops.tokens import AdminClients
from plugin.store.database.db import shop_transaction
from tests.actions.automation.receiver import Receiver, receiver
from tests.actions.stage import Stage

STAFF = "staff:1"


@dataclass
class Told:
    """A shop with endpoints at a receiver."""

    stage: Stage
    receiver: Receiver

    def make(self, **wish: Any) -> tuple[int, str]:
        """An endpoint's number and secret."""
        wished = {"name": "Till", "url": self.receiver.url, **wish}
        made: tuple[int, str] = self.act(
            endpoints.make, Wish(**wished, allowed=self.allowed), STAFF, self.stage.clock()
        )
        return made

    def act(self, do: Any, *args: Any) -> Any:
        """An action on the shop's endpoints."""
        with shop_transaction(self.stage.engine, self.stage.shop_id) as conn:
            return do(conn, self.stage.shop_id, *args)

    @property
    def allowed(self) -> frozenset[str]:
        """What the operator trusts."""
        return self.stage.work.clients.settings.outgoing_places

    def states(self, number: int) -> list[tuple[str, str, int]]:
        """(kind, state, tries) of what went or goes to an endpoint."""
        rows = self.stage.rows(
            "SELECT kind, state, tries FROM outgoing_webhooks WHERE endpoint_id = :n ORDER BY event_id", n=number
        )
        return [(row[0], row[1], row[2]) for row in rows]


@pytest.fixture
def told(stage: Stage) -> Iterator[Told]:
    """A shop whose members earn a point a dollar; the receiver answers 200."""
    with receiver() as made:
        trusted = stage.work.clients.settings.model_copy(update={"outgoing_trusted_hosts": f"127.0.0.1:{made.port}"})
        stage.work = replace(stage.work, clients=AdminClients(trusted, stage.work.clients.admin))
        stage.programme(earning={"points": 1}, welcome_points=10, rewards=[])
        yield Told(stage, made)
