"""Staff switch a kind of email off, and set when it goes; what is wrong is said at its field, and nothing is saved."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from plugin.rules.emails import kind_settings
from plugin.rules.emails.kind_settings import KindSettings
from plugin.rules.message_kinds import MessageKind
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import shops
from tests.conftest import ShopRow
from tests.web.session import Browser

PAGE = "/app/messages/emails/{}/settings"
WELCOME, CLAIM = PAGE.format("welcome"), PAGE.format("claim")


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MessageKind.WELCOME, "about", replace(MessageKind.WELCOME.about, waits=timedelta(minutes=30)))
    kind_settings._model.cache_clear()


def kept(engine: Engine, shop: ShopRow, kind: MessageKind = MessageKind.WELCOME) -> KindSettings:
    with system_transaction(engine) as conn:
        return kind_settings.of(shops.get(conn, shop.id).settings, kind)


def test_the_page_says_what_triggers_the_email_and_who_gets_it(browser: Browser) -> None:
    html = browser.page(WELCOME)
    assert "Sent when somebody joins." in html
    assert "who wants emails from the programme" in html
    assert 'href="/app/messages/emails' in html.split("<form")[0], "there is a way back to the list"
    assert 'name="on" value="yes" label="Send this email" checked' in html


@pytest.mark.usefixtures("waiting")
def test_what_is_saved_is_shown_again_and_leaves_other_kinds_alone(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    assert browser.post(CLAIM, on="").status_code == 303
    assert browser.post(WELCOME, on="yes", wait_minutes="45").status_code == 303
    assert kept(engine, shop) == KindSettings(True, {"wait_minutes": 45})
    assert kept(engine, shop, MessageKind.CLAIM) == KindSettings(False, {})
    assert 'value="45"' in browser.page(WELCOME)
    with shop_transaction(engine, shop.id) as conn:
        acts = conn.exec_driver_sql("SELECT action, subject, detail FROM staff_log ORDER BY id").fetchall()
    assert [tuple(act) for act in acts] == [
        ("save_kind_settings", "Points waiting for an account", {"on": False}),
        ("save_kind_settings", "Welcome", {"on": True, "wait_minutes": 45}),
    ]


def test_a_figure_says_what_it_counts_and_within_which_limits(browser: Browser) -> None:
    html = browser.page(PAGE.format("win_back"))
    assert 'label="Days since the last order" value="60" details="From 7 to 730."' in html
    assert 'label="Days between the first email and the second" value="30" details="From 7 to 365."' in html
    assert 'label="Days before the code ends"' in browser.page(PAGE.format("reward_ending"))


@pytest.mark.usefixtures("waiting")
def test_what_is_wrong_is_said_at_its_field(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    answer = browser.post(WELCOME, on="", wait_minutes="soon")
    assert (answer.status_code, 'error="' in answer.text) == (422, True)
    assert kept(engine, shop) == KindSettings(True, {"wait_minutes": 30})


def test_a_warning_of_a_loss_offers_no_switch_and_stays_on(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    page = PAGE.format("points_expiring")
    html = browser.page(page)
    assert ("can't be turned off" in html.replace("&#39;", "'"), 'name="on"' in html) == (True, False)
    browser.post(page, on="")
    assert kept(engine, shop, MessageKind.POINTS_EXPIRING).on


def test_a_kind_that_nobody_knows_has_no_page(browser: Browser) -> None:
    assert browser.get(PAGE.format("spam")).status_code == 404
    assert browser.post(PAGE.format("spam"), on="yes").status_code == 404


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("order_confirmation", "The code for the next order is then sent in an email of its own"),
        ("reward_given", "The code of a gift is then sent in the email “Reward code”"),
        ("referral_paid", "is then sent in the email “Reward code”"),
        ("reward_ready", "only among their rewards"),
    ],
)
def test_the_page_says_what_becomes_of_a_code_when_its_email_is_off(browser: Browser, kind: str, words: str) -> None:
    assert words in browser.page(PAGE.format(kind))


def test_the_last_email_that_brings_a_code_cannot_be_turned_off(browser: Browser) -> None:
    assert 'name="on"' not in browser.page(PAGE.format("code_ready"))


def test_an_hour_within_the_quiet_hours_says_when_an_offer_goes_then(browser: Browser) -> None:
    page = "/app/messages/emails/{}/settings"
    figures = {"win_back": {"days": "60", "again_days": "30"}, "birthday": {}}
    for kind, hour, late in (("win_back", "3", True), ("win_back", "10", False), ("birthday", "3", False)):
        browser.post(page.format(kind), on="yes", hour=hour, **figures[kind])
        html = browser.page(page.format(kind))
        assert ("3:00 is within your quiet hours" in html) == late, (kind, hour)
        assert ("are sent at 08:00." in html) == late
