"""Members in two tabs each who redeem, use and give back by the shopper API, over the wire, while everything is killed.

They do as the surfaces do: an act keeps its key until it is answered, and is sent again by it; a code that checkout
refuses is given back; one that it takes is in the order.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

import requests

from sandbox.local import Sandbox
from sandbox.shop.orders import Wish
from sandbox.state import Record, Shop, now
from sandbox.surfaces import checkouts
from sandbox.surfaces.tokens import shopper_token

UNANSWERED = (0, 401, 429, 500, 502, 503, 504)
"""Of these nobody knows whether it was done; 0 is no answer at all."""
TOO_MANY = 429
MONEY = ("gift_card", "store_credit")
PATIENCE_SECONDS = 90


@dataclass
class Act:
    """One thing that a member asked for, by its key, and all that they heard of it."""

    customer: int
    path: str
    said: dict[str, Any]
    heard: list[tuple[int, Any]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The same key is the same act."""
        return str(self.said["key"])

    @property
    def answers(self) -> list[tuple[int, Any]]:
        """What was said of it that is certain."""
        return [one for one in self.heard if one[0] not in UNANSWERED]


class Wire:
    """The app as a surface of one customer reaches it."""

    def __init__(self, box: Sandbox, shop: Shop, app_url: str, customer: int) -> None:
        self._box, self._shop, self._url, self.customer = box, shop, app_url, customer
        self._session = requests.Session()

    def ask(self, method: str, path: str, said: object = None) -> tuple[int, Any]:
        """Status and answer; 0 where none came in time."""
        token = shopper_token(self._box.options, self._shop.domain, self.customer)
        headers = {"Authorization": f"Bearer {token}"}
        try:
            answer = self._session.request(
                method, f"{self._url}/shopper/v1{path}", json=said, headers=headers, timeout=(1, 8)
            )
            return answer.status_code, answer.json()
        except requests.RequestException:
            return 0, None

    def until_answered(self, method: str, path: str, said: object = None) -> list[tuple[int, Any]]:
        """Ask again until something certain is said, or patience is at an end; all that was heard."""
        heard, deadline = [self.ask(method, path, said)], time.monotonic() + PATIENCE_SECONDS
        while heard[-1][0] in UNANSWERED and heard[-1][0] != TOO_MANY and time.monotonic() < deadline:
            threading.Event().wait(0.3)
            heard.append(self.ask(method, path, said))
        return heard


class Shopper:
    """One tab of a member."""

    def __init__(self, box: Sandbox, shop: Shop, app_url: str, customer: int, dice: Random) -> None:
        self._box, self._shop, self._dice = box, shop, dice
        self._wires = [Wire(box, shop, app_url, customer) for _ in range(2)]
        self.customer = customer
        self.acts: list[Act] = []
        self.did: Counter[str] = Counter()
        self.trouble = ""

    def go(self, times: int) -> None:
        """Redeem so often, each time with what comes after it; what goes wrong here is kept in `trouble`."""
        try:
            for _ in range(times):
                if (held := self._redeem()) is not None:
                    self._after(self._made(held))
        except Exception:
            self.trouble = traceback.format_exc()

    def _redeem(self) -> Record | None:
        said = self._wires[0].until_answered("GET", "/rewards")[-1][1]
        offered = [one for one in said["rewards"] if one["usable"]]
        if not offered:
            return None
        one = self._dice.choice(offered)
        points = self._points(one["slider"])
        wish = {"key": said["key"], "reward": one["id"], "offer": one["offer"]}
        wish |= {"price": points, "points": points} if points else {"price": one["price"]["points"]}
        status, answer = self._act("/redeem", wish)
        return answer["held"] if status == 200 else None

    def _points(self, slider: Record | None) -> int | None:
        return self._dice.randrange(slider["least"], slider["most"] + 1, slider["step"]) if slider else None

    def _act(self, path: str, said: dict[str, Any]) -> tuple[int, Any]:
        """Do it, now and then by two clicks at the same time."""
        act = Act(self.customer, path, said)
        self.acts.append(act)
        twice = threading.Thread(target=lambda: act.heard.extend(self._wires[1].until_answered("POST", path, said)))
        if self._dice.random() < 0.25:
            twice.start()
        heard = self._wires[0].until_answered("POST", path, said)
        if twice.ident is not None:
            twice.join()
        act.heard.extend(heard)
        return heard[-1]

    def _made(self, held: Record) -> Record:
        """Ask for it until it is there, as often as a surface does."""
        for wait in (0.5, 1, 2):
            if held["state"] != "preparing":
                break
            threading.Event().wait(wait)
            status, answer = self._wires[0].until_answered("GET", f"/held/{held['id']}")[-1]
            held = answer["held"] if status == 200 and "held" in answer else answer if status == 200 else held
        return held

    def _after(self, held: Record) -> None:
        """What a member does who has it: at checkout, at home, or nothing."""
        what = self._dice.choice(("buy", "buy", "take out", "unwanted", "both", "keep"))
        if what == "keep" or (held["kind"] in MONEY and what == "buy"):
            self.did["keep"] += 1
        elif held["kind"] in MONEY or not held["code"] or what == "unwanted":
            self._give_back(held, "unwanted")
        else:
            self._at_checkout(held, what)

    def _at_checkout(self, held: Record, what: str) -> None:
        checkout = self._checkout()
        if not self._changed(checkout, "addDiscountCode", held["code"]):
            self._give_back(held, "not_taken")
        elif what == "take out":
            self._changed(checkout, "removeDiscountCode", held["code"])
            self._give_back(held, "unwanted")
        else:
            self._buy(checkout, held, while_given_back=what == "both")

    def _changed(self, checkout: Record, how: str, code: str) -> bool:
        asked = {"type": how, "code": code}
        return checkouts.change_code(self._shop, self._box.trouble, checkout, asked, now()).type == "success"

    def _checkout(self) -> Record:
        products = sorted(self._shop.product.values(), key=lambda one: one["id"])
        lines = [(self._dice.choice(products[:5])["variants"][0]["id"], 20)]
        return checkouts.start(self._shop, lines, now(), customer_id=self.customer)

    def _buy(self, checkout: Record, held: Record, *, while_given_back: bool) -> None:
        other = threading.Thread(target=self._give_back, args=(held, "unwanted"))
        if while_given_back:
            other.start()
        try:
            self._box.place(self._shop, self._wish(checkout))
            self.did["buy"] += 1
        except ValueError:
            self.did["too late for checkout"] += 1
        if while_given_back:
            other.join()

    def _wish(self, checkout: Record) -> Wish:
        with self._shop.lock:
            return checkouts.wish(self._shop, checkout)

    def _give_back(self, held: Record, why: str) -> None:
        self.did[why] += 1
        status, answer = self._wires[0].until_answered("GET", "/me")[-1]
        assert status == 200, answer
        self._act(f"/held/{held['id']}/release", {"key": answer["key"], "why": why})
