"""The panel in a language that has it in part: Spanish where it has words, English sentences elsewhere."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.rules.types import Buyer
from plugin.rules.words import catalogues
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.shops import shops
from plugin.web import shown, words
from scripts.catalogues import keys_of, not_translated, other_places
from tests.conftest import ShopRow
from tests.web.session import Browser

ENTRIES = ["Inicio", "Miembros", "Programa", "Mensajes", "Actividad", "Configuración"]


def entries(page: str) -> list[str]:
    """The navigation, as it is read."""
    return re.findall(r"<s-link[^>]*>([^<]+)</s-link>", page.partition("</s-app-nav>")[0])


def test_home_is_spanish_with_spanish_formats(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    ana = Buyer(customer_id=7, email="ana@example.com")
    with shop_transaction(engine, shop.id) as conn:
        members.add(conn, shop.id, [ana], {ana: datetime(2026, 1, 5, tzinfo=UTC)})
        shops.describe(conn, shop.id, {"currency": "EUR"})
        conn.exec_driver_sql(
            "INSERT INTO order_facts (shop_id, order_id, day, counts, net_minor, currency)"
            " VALUES (%s, 1, (now() AT TIME ZONE 'Asia/Manila')::date, true, 123456, 'EUR')",
            (shop.id,),
        )
    page = html.unescape(browser.page("/app", locale="es"))
    assert '<html lang="es" dir="ltr">' in page
    assert entries(page) == ENTRIES
    assert "Máximo: 1.234,56\xa0€" in page
    assert "Últimos 30 días" in page
    english = html.unescape(browser.page("/app"))
    assert "Highest: €1,234.56" in english
    assert entries(english)[0] == "Home"


def test_a_page_without_spanish_texts_is_english_in_a_spanish_frame(browser: Browser) -> None:
    page = html.unescape(browser.page("/app/settings", locale="es"))
    assert entries(page) == ENTRIES
    assert '<s-page heading="Settings">' in page
    assert ">Guardar</s-button>" in page
    assert re.search(r"Installed today, \d\d:\d\d\. We update", page)
    assert "hoy" not in page


def test_settings_say_the_language_and_how_much_of_it_is_there(browser: Browser) -> None:
    share = catalogues.panel_share("es")
    assert 0 < share < 100 == catalogues.panel_share("en")
    spanish = html.unescape(browser.page("/app/settings", locale="es"))
    assert f"Español: {share}\xa0% traducido. El resto está en inglés." in spanish
    english = html.unescape(browser.page("/app/settings", locale="de"))
    assert "<s-text>English</s-text>" in english


def test_links_forms_and_answers_keep_the_language(browser: Browser) -> None:
    page = browser.page("/app/settings", locale="es-419")
    addresses = re.findall(r'(?:<s-link href|action)="(/[^"]+)"', page)
    assert addresses
    assert [each for each in addresses if "locale=es-419" not in each] == []
    saved = browser.post("/app/settings?locale=es-419", counts_from="2026-01-31")
    assert (saved.status_code, "locale=es-419" in saved.headers["Location"]) == (303, True)
    assert 'data-toast="Guardado"' in browser.get(saved.headers["Location"]).text
    refused = browser.post("/app/start?locale=es-419", based_on="1", goods="often", margin="fair", aim="x")
    assert refused.status_code == 422
    assert "Elige una de las respuestas" in refused.text
    assert "No encontramos la página /app/nowhere." in browser.get("/app/nowhere", locale="es").text


@pytest.mark.parametrize("tag", ["xx", "../es", "es\x00", '"><script>', "e" * 3_000])
def test_a_language_that_is_none_is_english(browser: Browser, tag: str) -> None:
    page = browser.get("/app", locale=tag).text
    assert '<html lang="en" dir="ltr">' in page
    assert entries(page)[0] == "Home"
    assert "<script>" not in page.partition("</s-app-nav>")[0].partition("<body>")[2]


def test_a_value_in_an_english_sentence_is_written_in_english(app: Flask, browser: Browser) -> None:
    page = Flask("words")
    words.register(page)
    with page.test_request_context("/?locale=es"):
        half, day = shown.percent(Decimal("12.5")), shown.on_day(date(2026, 1, 31))
        assert (half, day) == ("12,5\xa0%", "31 ene 2026")
        assert words.t("frame.version.since", version=1234, date=day) == "Versión 1.234, desde el 31 ene 2026"
        assert (
            words.t("settings.shop.installed", date=day) == "Installed 31 Jan 2026. We update these details once a day."
        )
        assert words.language().language == "es"


def test_spanish_has_the_places_of_english_and_may_lack_what_is_new() -> None:
    own = catalogues.catalogue("es")
    for file in (catalogues.FOLDER / "es" / "panel").glob("*.po"):
        keys = keys_of(catalogues.FOLDER / "en" / "panel" / file.name)
        assert len(own.panel & set(keys)) > 0.9 * len(keys), file.name
    assert (not_translated(), other_places()) == ([], [])


def test_a_text_that_the_panel_lacks_is_no_mistake_and_another_is() -> None:
    assert catalogues.pattern("es", "settings.title") == "Settings"
    with pytest.raises(catalogues.NoWords):
        catalogues.pattern("es", "no.such_text")
