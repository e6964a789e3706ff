"""Chromium in front of a shop's online store, with the whole small world behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from plugin.actions.points import adjust_points
from plugin.actions.points.adjust_points import Adjustment
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from sandbox.state import Record, Shop
from tests.browser.conftest import SIZES, stage
from tests.browser.stage import DOMAIN, Stage

__all__ = ["stage"]
PROGRAMME: dict[str, Any] = {
    "earning": {"points": 1, "per_amount": 10},
    "tiers": {"levels": [
        {"key": "s", "name": "Suki", "enter": 2000, "multiplier": "1.25", "perks": ["Early access"]},
        {"key": "g", "name": "Ginto", "enter": 10000, "multiplier": "2"},
    ]},
    "rewards": [
        {"kind": "amount_off", "id": "r1", "name": "₱100 off", "points": 100, "value": 100,
         "combines_with_order_discounts": True},
        {"kind": "amount_off", "id": "r2", "name": "Big order", "points": 50, "value": 200, "minimum_order": 90000},
        {"kind": "gift_card", "id": "r3", "name": "₱500 gift card", "points": 450, "value": 500},
    ],
    "activities": [{"kind": "birthday", "id": "a1", "name": "Your birthday", "points": 50}],
    "referrals": {"enabled": True, "friend": {"kind": "percent_off", "value": 10}, "advocate": {"points": 200}},
}  # fmt: skip


@dataclass
class Front:
    """Somebody in front of the store. `troubles` is what the browser complained about."""

    page: Page
    stage: Stage
    ana: Record
    troubles: list[str] = field(default_factory=list)

    @property
    def shop(self) -> Shop:
        """The shop."""
        return self.stage.sandbox.shop(DOMAIN)

    @property
    def root(self) -> str:
        """Where the store begins."""
        return f"{self.stage.sandbox.url}/shops/{DOMAIN}"

    def go(self, path: str) -> Page:
        """A page of the store."""
        self.page.goto(self.root + path)
        return self.page

    def sign_in(self) -> None:
        """As Ana."""
        cookie = {"name": "customer", "value": str(self.ana["id"]), "url": f"{self.root}/"}
        self.page.context.add_cookies([cookie])  # type: ignore[list-item]

    def fill(self, quantity: int = 2) -> None:
        """Mugs in the cart."""
        mug = next(one for one in self.shop.product.values() if one["title"] == "Stoneware mug")
        form = {"id": str(mug["variants"][0]["id"]), "quantity": str(quantity)}
        assert self.page.request.post(f"{self.root}/cart/add.js", form=form).ok

    def open(self) -> Locator:
        """Open the panel; answers it once it has been filled."""
        self.page.locator(".suki-launcher__button").click()
        return self.panel()

    def panel(self) -> Locator:
        """The open panel, filled."""
        panel = self.page.locator("#suki-panel")
        expect(panel).to_be_visible()
        without_script = panel.locator(".suki-panel__body > p > a[href$='/apps/suki/rewards']")
        expect(without_script).to_have_count(0)  # what stands there until the script has filled it
        expect(self.page.locator("suki-launcher[aria-busy]")).to_have_count(0)
        return panel

    def codes(self) -> dict[str, bool]:
        """The codes of the cart, and whether it takes each."""
        found = self.page.request.get(f"{self.root}/cart.js").json()["discount_codes"]
        return {one["code"]: one["applicable"] for one in found}

    def balance(self) -> int:
        """Ana's points, as the ledger has them."""
        ((has,),) = self.rows("SELECT sum(points)::int FROM entries")
        return int(has)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What our database says, within the shop."""
        with shop_transaction(self.stage.engine, self.stage.shop_id) as conn:
            return [tuple(row) for row in conn.exec_driver_sql(query)]


def prepared(stage: Stage, points: int = 365) -> Record:
    """A programme, and Ana with points; the theme is told of both."""
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        programmes.add(conn, stage.shop_id, Programme.model_validate(PROGRAMME), "test", "", datetime.now(UTC))
    box = stage.sandbox.box
    ana = box.enrol(
        stage.sandbox.shop(DOMAIN), first_name="Ana", last_name="Reyes", email="ana@example.com", locale="en"
    )
    stage.settle()
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        ((member,),) = conn.exec_driver_sql("SELECT id FROM members").all()
        asked = Adjustment(member, "f" * 32, "adjusted", points, "", shown=False)
        adjust_points.adjust(conn, stage.shop_id, asked, "staff:1", datetime.now(UTC))
    stage.settle()
    return ana


def seated(chromium: Browser, stage: Stage, ana: Record, **more: Any) -> tuple[BrowserContext, Front]:
    """A fresh browser, in which nothing fades: what is measured stands still."""
    context = chromium.new_context(locale="en-US", reduced_motion="reduce", **more)
    front = Front(context.new_page(), stage, ana)
    front.page.on("pageerror", lambda error: front.troubles.append(f"script: {error}"))
    front.page.on("console", lambda said: front.troubles.append(said.text) if said.type == "error" else None)
    return context, front


@pytest.fixture(params=list(SIZES))
def front(request: pytest.FixtureRequest, chromium: Browser, stage: Stage) -> Iterator[Front]:
    """At both widths; at the end the browser must have had nothing to complain about."""
    width, height = SIZES[request.param]
    context, sitting = seated(chromium, stage, prepared(stage), viewport={"width": width, "height": height})
    yield sitting
    context.close()
    assert [one for one in sitting.troubles if not re.search("40[39]|422", one)] == []


def discount(shop: Shop, code: str) -> None:
    """A code of somebody else's, a tenth off."""
    shop.save("discount", {
        "id": shop.next_id(), "title": code, "kind": "basic", "class": "ORDER", "percentage": 0.1, "amount": None,
        "starts_at": "2020-01-01T00:00:00Z", "ends_at": None, "usage_limit": None, "customers": [], "products": [],
        "collections": [], "once_per_customer": False, "used_by": [], "minimum_subtotal": None,
        "minimum_quantity": None, "codes": [{"id": shop.next_id(), "code": code, "uses": 0}],
        "combines": {"orderDiscounts": True, "productDiscounts": True, "shippingDiscounts": True},
    })  # fmt: skip
