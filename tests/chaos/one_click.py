"""Web processes that redeem for one member each, and die by SIGKILL at the moment that they were told.

`python -m tests.chaos.one_click` reads what to do as JSON from its standard input, becomes a process for each click
once everything is loaded, and writes how each of them ended.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Engine

from plugin.actions.rewards import carry_out_now, redeem_points
from plugin.actions.shops.tokens import AdminClients
from plugin.actions.work.work import Work
from plugin.clients import http
from plugin.clients.smtp.mail import Mailer
from plugin.observe import configure_logging
from plugin.settings import Settings
from plugin.store.database.db import engine_at, shop_transaction
from plugin.store.shops import shops
from plugin.store.shops.seal import Seal, option
from webhooks import inbox

REDEEMING: Final = ("reserving", "reserved", "claimed", "created", "recording", "done")
TAKING_BACK: Final = ("releasing", "released", "disabled", "recording back")
CAPTURING: Final = ("capturing",)
"""The moments: while a transaction is open, between two, and between what Shopify answered and what we note of it."""


class Click:
    """One member's click, and what follows from it, up to the moment at which the process dies."""

    def __init__(self, told: dict[str, Any]) -> None:
        configure_logging("error")
        self.dies, self.shop_id, self.member = str(told["dies"]), int(told["shop_id"]), int(told["member"])
        settings = Settings(_env_file=None, **told["settings"])
        self.engine: Engine = engine_at(told["database"])
        self.engine.update_execution_options(**option(Seal.of(settings)))
        mailer = Mailer.from_settings(settings)
        self.work = Work(self.engine, AdminClients.of(settings), mailer, lambda: datetime.now(UTC))

    def now(self, moment: str) -> None:
        """Die here, if it was told to."""
        if self.dies == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    def redeem(self) -> None:
        """Reserve, then make the code within the request."""
        self._after_the_mutation("created")
        self._before(carry_out_now.carry_out_redemption, "carry_out", "claimed")
        self._before(carry_out_now, "record", "recording")
        at = self.work.clock()
        with shop_transaction(self.engine, self.shop_id) as conn:
            shop = shops.get(conn, self.shop_id)
            made = redeem_points.redeem(conn, shop, self.member, "rfive", None, "click", "shopper", at)
            carry_out_now.have_a_go_first(conn, shop, made.id, at)
            self.now("reserving")
        self.now("reserved")
        carry_out_now.now_or_soon(self.work, shop, made.id)
        self.now("done")

    def release(self, number: int) -> None:
        """The cart did not take it."""
        self._after_the_mutation("disabled")
        self._before(carry_out_now, "record", "recording back")
        at = self.work.clock()
        with shop_transaction(self.engine, self.shop_id) as conn:
            shop = shops.get(conn, self.shop_id)
            redeem_points.undo(conn, shop, number, "not_taken", "shopper", at)
            carry_out_now.have_a_go_first(conn, shop, number, at)
            self.now("releasing")
        self.now("released")
        carry_out_now.now_or_soon(self.work, shop, number)

    def hear(self) -> None:
        """The worker hears of the order that uses the code, and dies before it commits."""
        real: Callable[..., Any] = inbox.settle_orders

        def watched(*args: Any, **values: Any) -> Any:
            settled = real(*args, **values)
            self.now("capturing")
            return settled

        inbox.settle_orders = watched
        inbox.process_shop(self.engine, self.shop_id, self.work.clock())

    def _before(self, module: Any, name: str, moment: str) -> None:
        real: Callable[..., Any] = getattr(module, name)

        def watched(*args: Any, **values: Any) -> Any:
            self.now(moment)
            return real(*args, **values)

        setattr(module, name, watched)

    def _after_the_mutation(self, moment: str) -> None:
        """Shopify has done it, and nobody here remembers."""
        real = http.post

        def watched(*args: Any, **values: Any) -> Any:
            answer = real(*args, **values)
            if values["changes_something"]:
                self.now(moment)
            return answer

        http.post = watched


def _one(told: dict[str, Any]) -> None:
    click = Click(told)
    if told["dies"] in REDEEMING:
        click.redeem()
    elif told["dies"] in TAKING_BACK:
        click.release(int(told["redemption"]))
    else:
        click.hear()


def _process_of(told: dict[str, Any]) -> int:
    if number := os.fork():
        return number
    _one(told)
    os._exit(0)


def main() -> None:
    """A process for each of what the standard input says; answers their exit codes, below zero the signal."""
    children = [_process_of(told) for told in json.load(sys.stdin)]
    print(json.dumps([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]))


if __name__ == "__main__":
    main()
