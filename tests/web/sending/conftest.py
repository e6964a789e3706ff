"""A member of an installed shop, and the links of an email to them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from werkzeug.test import TestResponse

from plugin.actions.sending.email_links import email_links
from plugin.rules.sending.signed_links import EmailLinks
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.members.members import Member
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.figures import NOW, add_members, people


@dataclass(frozen=True)
class Reader:
    """Somebody who opens links of emails, with the app behind them."""

    client: FlaskClient
    engine: Engine
    shop: ShopRow
    member: Member
    links: EmailLinks

    def path(self, kind: str = "", after: str = "", *, shop_id: int = 0, member_id: int = 0) -> str:
        """The path of a link that was sent now."""
        token = self.links.token(shop_id or self.shop.id, member_id or self.member.id, kind, NOW)
        return f"/email/{token}{after}"

    def click(self, kind: str) -> TestResponse:
        """What a mail program does for its reader (RFC 8058)."""
        return self.client.post(self.path(kind, "/unsubscribe"), data={"List-Unsubscribe": "One-Click"})

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What the shop's rows say."""
        with shop_transaction(self.engine, self.shop.id) as conn:
            return [tuple(row) for row in conn.execute(text(sql))]

    def refused(self) -> list[tuple[object, ...]]:
        """Whom and what, in order."""
        return self.rows("SELECT member_id, kind, by FROM email_optouts ORDER BY 1, 2")


@pytest.fixture
def reader(app: Flask, engine: Engine, settings: Settings, shop: ShopRow) -> Reader:
    """Ana, who has an account."""
    make_open(engine, settings, shop)
    (ana,) = add_members(engine, shop.id, people(1))
    with shop_transaction(engine, shop.id) as conn:
        links = email_links(conn, settings)
    return Reader(app.test_client(use_cookies=False), engine, shop, ana, links)
