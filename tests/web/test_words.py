"""The panel's words: in the language of Shopify's admin where we have it, and nothing in a value becomes markup."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from markupsafe import Markup

from plugin.rules.activities.activity_rules import KINDS as MODELS
from plugin.rules.orders.limits import PERIODS
from plugin.rules.tiers.tier_rules import PRESETS
from plugin.rules.words import catalogues
from plugin.rules.words.catalogues import Catalogue, catalogue
from plugin.rules.words.texts import Said
from plugin.web import panel, words
from plugin.web.admin.frame import layout
from plugin.web.admin.programme.earn import activities, automatic, order_rules
from plugin.web.admin.settings import settings
from plugin.web.forms.automatic import MODELS as TRIGGERS
from tests.web.session import Browser


@pytest.fixture
def page() -> Flask:
    app = Flask("words")
    words.register(app)
    return app


@pytest.fixture
def filipino(monkeypatch: pytest.MonkeyPatch) -> None:
    """A panel that is translated in part."""
    real = catalogue
    own = Catalogue({**real("fil").texts, "frame.nav.members": "Mga miyembro"}, real("fil").form_of)
    monkeypatch.setattr(catalogues, "catalogue", lambda language: own if language == "fil" else real(language))
    monkeypatch.setattr(catalogues, "languages_of", lambda domain: ("en", "fil"))
    monkeypatch.setattr(catalogues, "_lenient", True)


def test_every_entry_tab_and_answer_has_words() -> None:
    tabs = [f"frame.tab.{endpoint}" for section in panel.TABS.values() for endpoint in section]
    entries = [f"frame.nav.{endpoint}" for endpoint in panel.NAVIGATION]
    rest = [f"frame.done.{key}" for key in layout.DONE] + [f"settings.shop.scope.{scope}" for scope in settings.MAY]
    assert [key for key in (*entries, *tabs, *rest) if not catalogues.knows(key)] == []


def test_a_value_is_escaped_and_markup_stays(page: Flask) -> None:
    link = Markup('<a href="/x">{}</a>').format("A & B")
    with page.test_request_context("/"):
        plain = words.t("settings.shop.installed", date="<b>")
        marked = words.t("frame.plan.this_details", link=link)
        mixed = words.said_in(
            words.language(), "frame.version.since", None, {"version": Markup("<i>2</i>"), "date": "<b>"}
        )
        shown = page.jinja_env.from_string("{{ t('settings.shop.installed', date=bad) }}").render(bad="<b>")
    assert (isinstance(plain, Markup), plain) == (False, "Installed <b>. We update these details once a day.")
    assert isinstance(marked, Markup)
    assert marked.endswith('<a href="/x">A &amp; B</a>')
    assert mixed == "Version <i>2</i>, since &lt;b&gt;"
    assert shown == "Installed &lt;b&gt;. We update these details once a day."


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/?locale=fil", "Mga miyembro"),
        ("/?locale=tl-PH", "Mga miyembro"),
        ("/?locale=de", "Members"),
        ("/", "Members"),
    ],
)
def test_the_panel_speaks_the_language_of_shopifys_admin(
    page: Flask, filipino: None, address: str, expected: str
) -> None:
    with page.test_request_context(address):
        assert words.t("frame.nav.members") == expected
        assert words.t("frame.nav.home") == "Home"


def test_a_language_without_a_panel_reads_it_in_english(page: Flask) -> None:
    assert catalogues.languages_of("panel") == ("en", "es")
    with page.test_request_context("/?locale=fil"):
        assert words.language().language == "en"
        assert words.t("frame.nav.home") == "Home"


HOSTILE = ("xx", "de", "zh-Hant-TW", "../es", "es\x00", "e" * 5_000, "es-" * 200, "<b>", "{es}", "٣", "en_", "*")


@pytest.mark.parametrize("tag", HOSTILE)
def test_what_no_panel_is_written_in_is_wholly_english(tag: str) -> None:
    assert str(words.panel_locale(tag)) == "en"


@pytest.mark.parametrize(
    ("tag", "expected"), [("es", "es"), ("ES", "es"), ("es-419", "es_419"), ("es_MX", "es_MX"), ("es-XX", "es"),
                          ("es-419-x-own", "es"), ("en-GB", "en_GB")],
)  # fmt: skip
def test_a_country_changes_formats_and_never_loses_the_language(tag: str, expected: str) -> None:
    assert str(words.panel_locale(tag)) == expected


def test_an_error_is_said_in_the_readers_language(page: Flask, filipino: None) -> None:
    error = Said("frame.nav.members")
    assert error == "Members"
    with page.test_request_context("/?locale=fil"):
        assert (words.said(error), words.said("as it is")) == ("Mga miyembro", "as it is")


def test_the_language_stays_on_every_link_and_a_page_says_which_it_is(browser: Browser) -> None:
    shown = browser.page("/app/settings", locale="en-GB")
    assert '<html lang="en" dir="ltr">' in shown
    links = re.findall(r'<s-link href="([^"]+)"', shown)
    assert links
    assert all("locale=en-GB" in link for link in links)


EARNING = {
    "programme.activities.kind": activities.KINDS,
    "programme.activities.how": activities.KINDS,
    "programme.activities.first_name": tuple(kind for kind in activities.KINDS if kind != "custom"),
    "programme.activities.limits": ("day", "week", "month", "year"),
    "programme.automatic.trigger": automatic.TRIGGERS,
    "programme.earn.do": ("pause", "resume", "end"),
    "programme.order_rules.kinds": order_rules.EFFECTS,
    "programme.order_rules.new": ("rule", "campaign"),
    "programme.order_rules.period": PERIODS,
    "programme.order_rules.remove": ("rule", "campaign"),
    "programme.state": tuple(order_rules.STATES),
    "programme.tiers.template": tuple(PRESETS),
}


def test_every_choice_of_what_earns_has_words() -> None:
    keys = [f"{begin}.{name}" for begin, names in EARNING.items() for name in names]
    assert [key for key in keys if not catalogues.knows(key)] == []


def test_the_pages_of_what_earns_offer_every_kind_and_trigger() -> None:
    assert sorted(activities.KINDS) == sorted(model.model_fields["kind"].default for model in MODELS)
    assert tuple(TRIGGERS) == automatic.TRIGGERS
