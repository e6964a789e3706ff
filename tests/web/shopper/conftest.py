"""An advocate with a link, and a friend who is nobody yet."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.settings import Settings
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.referral_front import RULES, Front, add_member, publish


@pytest.fixture
def ana(app: Flask, engine: Engine, settings: Settings, shop: ShopRow) -> Front:
    """The advocate, signed in."""
    make_open(engine, settings, shop)
    publish(engine, shop, RULES)
    add_member(engine, shop, 7, "ana@example.com", "<b>{{ Ana }}</b>")
    return Front(app, settings, shop.domain, "7")


@pytest.fixture
def word(ana: Front) -> str:
    """Of the advocate's link."""
    found = re.search(r"/apps/suki/r/(\w+)", ana.get("/proxy/friends").text)
    assert found
    return found[1]


@pytest.fixture
def friend(ana: Front) -> Front:
    """Somebody who is not signed in."""
    return Front(ana.client.application, ana.settings, ana.domain, "")
