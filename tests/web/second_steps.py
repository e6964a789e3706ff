"""A link as it stands in a member's mail, and what comes of it."""

from __future__ import annotations

from urllib.parse import urlsplit

from sqlalchemy import Engine
from werkzeug.test import TestResponse

from plugin.actions.members import second_step
from plugin.store.database.db import shop_transaction
from plugin.store.members import second_steps
from plugin.store.shops import shops
from tests.conftest import ShopRow
from tests.web.shopper.test_shopper import Storefront


def newest_link(front: Storefront, engine: Engine, shop: ShopRow) -> str:
    """The path of the link that was asked for last, as Shopify asks us for it."""
    with shop_transaction(engine, shop.id) as conn:
        number = conn.exec_driver_sql("SELECT max(id) FROM second_steps").scalar_one()
        step = second_steps.get(conn, shop.id, number)
        assert step is not None
        address = second_step.link(shops.get(conn, shop.id), front.settings, step)
    return urlsplit(address).path.replace("/apps/suki", "/proxy", 1)


def asked(front: Storefront, purpose: str, **form: str) -> TestResponse:
    """Ask for a link."""
    return front.post(f"/proxy/own/link/{purpose}", key=front.key("/proxy/own"), **form)


def confirmed(front: Storefront, engine: Engine, shop: ShopRow, purpose: str, **form: str) -> TestResponse:
    """Ask for a link, open it as the mail has it, and say yes."""
    assert asked(front, purpose, **form).status_code == 200
    path = newest_link(front, engine, shop)
    return front.post(path, key=front.key(path))
