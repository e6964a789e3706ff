"""What goes on while nobody clicks: the history being sent, new orders trickling in. Started over HTTP."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass
from typing import Any

from flask import Blueprint, jsonify, request

from demo.history import Plan, send_history
from demo.trickle import Trickle
from sandbox.local import Sandbox
from sandbox.pages.store_pages import shop_or_404
from sandbox.state import Shop


@dataclass
class Progress:
    """How far the history of a shop is: none, making, sending, done or failed."""

    state: str = "none"
    sent: int = 0
    total: int = 0
    error: str = ""


class Background:
    """Histories and trickles, by shop."""

    def __init__(self, box: Sandbox) -> None:
        self.box = box
        self.histories: dict[str, Progress] = {}
        self.trickles: dict[str, Trickle] = {}
        self.lock = threading.Lock()

    def history(self, shop: Shop) -> Progress:
        """How far it is."""
        if shop.settings.get("history_done"):
            total = self.histories.get(shop.domain, Progress()).total
            return Progress("done", total, total)
        return self.histories.setdefault(shop.domain, Progress())

    def send_history(self, shop: Shop, plan: Plan) -> Progress:
        """Begin, unless it runs or is done."""
        with self.lock:
            known = self.history(shop)
            if known.state not in ("none", "failed"):
                return known
            fresh = self.histories[shop.domain] = Progress("making")
            threading.Thread(target=self._send, args=(shop, plan, fresh), daemon=True).start()
            return fresh

    def _send(self, shop: Shop, plan: Plan, progress: Progress) -> None:
        def moved(sent: int, total: int) -> None:
            progress.state, progress.sent, progress.total = "sending", sent, total

        try:
            send_history(self.box, shop, moved, plan)
            progress.state = "done"
        except RuntimeError as error:
            progress.state, progress.error = "failed", str(error)

    def trickle(self, shop: Shop, on: bool, every_seconds: float) -> int:
        """Let new orders come, or not; how many came so far."""
        with self.lock:
            running = self.trickles.pop(shop.domain, None)
            if running:
                running.stop()
            if on:
                self.trickles[shop.domain] = Trickle(self.box, shop, every_seconds).start()
            return running.placed if running else 0


def blueprint(box: Sandbox) -> Blueprint:
    """Routes that start and watch."""
    routes = Blueprint("background", __name__)
    background = Background(box)

    @routes.get("/shops/<domain>/history.json")
    def history(domain: str) -> Any:
        return jsonify(asdict(background.history(shop_or_404(box, domain))))

    @routes.post("/shops/<domain>/history.json")
    def begin(domain: str) -> Any:
        asked = request.get_json(silent=True) or {}
        usual = Plan()
        plan = Plan(
            seed=int(asked.get("seed") or usual.seed), buyers=int(asked.get("buyers") or usual.buyers),
            months=int(asked.get("months") or usual.months), orders=int(asked.get("orders") or 0),
        )  # fmt: skip
        return jsonify(asdict(background.send_history(shop_or_404(box, domain), plan)))

    @routes.get("/shops/<domain>/trickle.json")
    def trickling(domain: str) -> Any:
        running = background.trickles.get(shop_or_404(box, domain).domain)
        return jsonify({"on": running is not None, "placed": running.placed if running else 0})

    @routes.post("/shops/<domain>/trickle.json")
    def trickle(domain: str) -> Any:
        asked = request.get_json(silent=True) or {}
        every = float(asked.get("every_seconds") or 6.0)
        placed = background.trickle(shop_or_404(box, domain), bool(asked.get("on")), every)
        return jsonify({"on": bool(asked.get("on")), "placed": placed})

    return routes
