"""Staff enter their own address, read what DNS lacks, and see when something breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.actions.sending.email_links import email_links
from plugin.app import create_app
from plugin.rules.sending.sender import Sender, sender_of
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import shops
from sandbox.names import FAILING, Zone, serving
from tests.actions.sending.test_check_domain import DOMAIN, GOOD, KEY, OURS
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.session import Browser

PAGE = "/app/settings/sending/domain"
ADDRESS = f"rewards@{DOMAIN}"


@pytest.fixture
def zone() -> Iterator[Zone]:
    with serving(Zone()) as made:
        yield made


@pytest.fixture
def settings(settings: Settings, zone: Zone) -> Settings:
    """An installation whose relay signs, and which asks this DNS server."""
    keys = {"dkim_selector": "suki", "dkim_record": KEY, "spf_term": OURS, "dns_servers": f"127.0.0.1:{zone.port}"}
    return settings.model_copy(update=keys)


def kept(engine: Engine, shop: ShopRow) -> Sender | None:
    with system_transaction(engine) as conn:
        return Sender.read(shops.get(conn, shop.id).settings)


def used(engine: Engine, shop: ShopRow, settings: Settings) -> tuple[str, str]:
    with system_transaction(engine) as conn:
        found = shops.get(conn, shop.id)
    return sender_of(found.settings, found.brand, found.name or found.domain, settings.mail_from)


def publish(zone: Zone, engine: Engine, shop: ShopRow, settings: Settings) -> None:
    """Everything that the page asks for."""
    with shop_transaction(engine, shop.id) as conn:
        mark = email_links(conn, settings).domain_mark(shop.id, DOMAIN)
    zone.texts = {name: list(texts) for name, texts in GOOD.items()} | {f"_suki.{DOMAIN}": [f"suki-shop={mark}"]}


def test_the_way_from_an_address_to_emails_that_come_from_it(
    browser: Browser, engine: Engine, shop: ShopRow, settings: Settings, zone: Zone
) -> None:
    assert "Not used yet" not in browser.page(PAGE)
    assert browser.post(PAGE, address=ADDRESS).status_code == 303
    html = browser.page(PAGE)
    assert "Not used yet" in html and html.count(">Missing<") == 4
    values = re.findall(r'id="(\w+)-value"[^>]* value="([^"]*)"', html)
    assert [what for what, _ in values] == ["owner", "dkim", "spf", "dmarc"]
    assert dict(values)["spf"] == f"v=spf1 {OURS} ~all"
    assert used(engine, shop, settings)[0] == settings.mail_from
    publish(zone, engine, shop, settings)
    assert f"suki-shop={dict(values)['owner'].removeprefix('suki-shop=')}" in zone.texts[f"_suki.{DOMAIN}"]
    assert browser.post(f"{PAGE}/check").status_code == 303
    html = browser.page(PAGE)
    assert f"Emails come from {ADDRESS}" in html and html.count(">Right<") == 4 and "readOnly" not in html
    assert used(engine, shop, settings)[0] == ADDRESS
    assert "Changed the sender" in browser.page("/app/activity/staff")


def test_a_domain_that_breaks_falls_back_and_says_so_on_home(
    browser: Browser, engine: Engine, shop: ShopRow, settings: Settings, zone: Zone
) -> None:
    publish(zone, engine, shop, settings)
    browser.post(PAGE, address=ADDRESS)
    assert used(engine, shop, settings)[0] == ADDRESS
    zone.trouble[DOMAIN] = FAILING
    browser.post(f"{PAGE}/check")
    assert used(engine, shop, settings)[0] == ADDRESS  # no answer is no reason
    assert "No answer" in browser.page(PAGE)
    zone.trouble.clear()
    zone.texts.pop(f"suki._domainkey.{DOMAIN}")
    browser.post(f"{PAGE}/check")
    assert used(engine, shop, settings)[0] == settings.mail_from
    assert "Your domain needs attention" in browser.page(PAGE)
    assert f"instead of {ADDRESS}" in browser.page("/app")
    publish(zone, engine, shop, settings)
    browser.post(f"{PAGE}/check")
    assert f"instead of {ADDRESS}" not in browser.page("/app")


def test_another_shop_cannot_use_a_domain_that_is_not_theirs(
    browser: Browser, other_browser: Browser, engine: Engine, shop: ShopRow, other_shop: ShopRow, settings: Settings,
    zone: Zone,
) -> None:  # fmt: skip
    publish(zone, engine, shop, settings)
    browser.post(PAGE, address=ADDRESS)
    other_browser.post(PAGE, address=ADDRESS)
    assert used(engine, shop, settings)[0] == ADDRESS
    assert used(engine, other_shop, settings)[0] == settings.mail_from
    assert "The text there is a different one." in other_browser.page(PAGE)


@pytest.mark.parametrize(
    "address", ["ana@gmail.com", "no address", "x@example.com", "x@other.myshopify.com", "x" * 300]
)
def test_a_foreign_address_is_refused_at_its_field_and_nothing_is_asked(
    browser: Browser, engine: Engine, shop: ShopRow, zone: Zone, address: str
) -> None:
    answer = browser.post(PAGE, address=address)
    assert answer.status_code == 422
    assert answer.text.count('error="') == 1
    assert (kept(engine, shop), zone.asked) == (None, [])


def test_another_name_at_a_checked_domain_stays_checked_and_none_at_all_is_the_shared_one(
    browser: Browser, engine: Engine, shop: ShopRow, settings: Settings, zone: Zone
) -> None:
    publish(zone, engine, shop, settings)
    browser.post(PAGE, address=ADDRESS)
    browser.post(PAGE, address=f"hello@{DOMAIN}")
    assert used(engine, shop, settings)[0] == f"hello@{DOMAIN}"
    browser.post(PAGE, address=f"hello@sub.{DOMAIN}")
    assert used(engine, shop, settings)[0] == settings.mail_from
    browser.post(PAGE, address="")
    assert kept(engine, shop) is None


def test_an_installation_that_does_not_sign_says_so(engine: Engine, settings: Settings, shop: ShopRow) -> None:
    plain: dict[str, Any] = {"dkim_selector": None, "dkim_record": None, "spf_term": None}
    settings = settings.model_copy(update=plain)
    app: Flask = create_app(settings, engine)
    make_open(engine, settings, shop)
    browser = Browser(app, settings, shop.domain)
    assert "Here, emails are sent from one address for all shops" in browser.page(PAGE)
    assert browser.post(PAGE, address=ADDRESS).status_code == 422
    assert kept(engine, shop) is None


def test_what_was_found_meanwhile_for_another_address_is_not_kept(
    browser: Browser, engine: Engine, shop: ShopRow, settings: Settings, zone: Zone
) -> None:
    from plugin.actions.sending import check_domain

    browser.post(PAGE, address=f"a@other.{DOMAIN}")
    now = datetime.now(UTC)
    with shop_transaction(engine, shop.id) as conn:
        assert check_domain.keep(conn, shop.id, Sender(ADDRESS), [], now) == kept(engine, shop)


def test_a_shop_that_is_called_like_an_address_does_not_send_as_one() -> None:
    assert sender_of({}, {}, "PayPal <security@paypal.com>", "a@b.example") == (
        "a@b.example",
        "PayPal security paypal.com",
    )
    assert sender_of({}, {"sender_name": "Nena & Anak, Inc."}, "x", "a@b.example")[1] == "Nena & Anak, Inc."
