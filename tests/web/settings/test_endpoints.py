"""Settings, Webhooks: endpoints are made, tried, changed, switched and removed; each page says how it goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.app import create_app
from plugin.rules.events import EventKind, MemberJoined, Recorded
from plugin.settings import Settings
from plugin.store.automation import endpoints, outgoing
from plugin.store.database.db import shop_transaction
from tests.actions.automation.receiver import Receiver, answer, receiver
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.figures import plain_text
from tests.web.session import Browser

HOME = "/app/settings/webhooks"


@pytest.fixture
def far() -> Iterator[Receiver]:
    """Somebody's server."""
    with receiver() as made:
        yield made


@pytest.fixture
def app(settings: Settings, engine: Engine, shop: ShopRow, far: Receiver) -> Flask:
    """The app, whose operator trusts that server."""
    make_open(engine, settings, shop)
    trusted = settings.model_copy(update={"outgoing_trusted_hosts": f"127.0.0.1:{far.port}"})
    return create_app(trusted, engine)


def made(browser: Browser, far: Receiver, **fields: object) -> str:
    """An endpoint's secret."""
    page = browser.post(f"{HOME}/new", **{"name": "Till", "url": far.url, "at_once": "4", **fields})
    assert page.status_code == 200, page.text
    return re.search(r"whsec_[A-Za-z0-9+/=]+", page.text)[0]  # type: ignore[index]


def sent_one(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        now = datetime.now(UTC)
        event = Recorded(1, EventKind.MEMBER_JOINED, None, "", MemberJoined(guest=False), now)
        outgoing.queue(conn, shop.id, {1: [event]}, now)


def test_an_endpoint_is_made_and_its_secret_is_shown_once(browser: Browser, far: Receiver) -> None:
    assert "No endpoints yet" in browser.page(HOME)
    browser.page(f"{HOME}/new")
    secret = made(
        browser, far, kind=["points_earned", "tier_reached"], field_0="points", compare_0="at_least", value_0="5"
    )
    assert "Till" in plain_text(browser.page(HOME))
    page = browser.page(f"{HOME}/1")
    assert secret not in page
    assert 'value="points_earned" label="Points earned" details="points.earned" checked' in page
    assert browser.post(f"{HOME}/1/test").status_code == 200
    (came,) = far.came
    assert came.is_signed_by(secret) and came.json["type"] == "test"
    renewed = re.search(r"whsec_[A-Za-z0-9+/=]+", browser.post(f"{HOME}/1/secret").text)
    assert renewed and renewed[0] != secret


def test_a_test_that_is_refused_says_what_came_back(browser: Browser, far: Receiver) -> None:
    made(browser, far)
    far.respond = lambda _came, _line: answer(503, body="<b>closed</b>")
    said = browser.post(f"{HOME}/1/test").text
    assert "The endpoint didn&#39;t accept the test" in said and "Answered 503" in said
    assert "&lt;b&gt;closed&lt;/b&gt;" in said and "<b>closed" not in said


def test_mistakes_stand_at_their_fields_and_nothing_is_saved(browser: Browser, far: Receiver) -> None:
    answered = browser.post(f"{HOME}/new", name="", url="http://10.0.0.1/", at_once="0", kind="tier_lost")
    assert answered.status_code == 422
    for words in ("Enter a name of up to 60 characters", "The address must start with https://", "from 1 to 128"):
        assert words in answered.text
    assert 'value="tier_lost" label="Tier lost" details="tier.lost" checked' in answered.text
    made(browser, far)
    wrong = browser.post(f"{HOME}/1", name="Till", url="https://localhost/", at_once="4")
    assert wrong.status_code == 422 and "reachable from the internet" in wrong.text
    late = browser.post(f"{HOME}/1/replay", since="2999-01-01")
    assert late.status_code == 422


def test_what_was_sent_is_listed_and_can_be_sent_again(
    browser: Browser, far: Receiver, engine: Engine, shop: ShopRow
) -> None:
    made(browser, far)
    assert "Nothing here yet" in browser.page(f"{HOME}/1/sent")
    sent_one(engine, shop)
    assert "member.joined" in browser.page(f"{HOME}/1/sent", state="waiting", kind="member_joined")
    assert "Not tried yet" in plain_text(browser.page(f"{HOME}/1/sent/1"))
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("UPDATE outgoing_webhooks SET state = 'failed', ended_at = now()")
    assert browser.post(f"{HOME}/1/sent/1").status_code == 303
    with shop_transaction(engine, shop.id) as conn:
        assert outgoing.counts(conn, shop.id, 1) == {"waiting": 1}


def test_switched_off_and_removed(browser: Browser, far: Receiver, engine: Engine, shop: ShopRow) -> None:
    made(browser, far)
    assert browser.post(f"{HOME}/1/switch", on="").status_code == 303
    assert "Switch on" in browser.page(f"{HOME}/1")
    assert browser.post(f"{HOME}/1/switch", on="yes").status_code == 303
    sent_one(engine, shop)
    assert "You can't undo this" in plain_text(browser.page(f"{HOME}/1/remove"))
    assert browser.post(f"{HOME}/1/remove").status_code == 303
    assert browser.get(f"{HOME}/1").status_code == 404
    with shop_transaction(engine, shop.id) as conn:
        assert endpoints.all_of(conn, shop.id) == [] and outgoing.counts(conn, shop.id, 1) == {}


def test_another_shops_endpoint_is_not_there(
    browser: Browser, far: Receiver, engine: Engine, settings: Settings, app: Flask, other_shop: ShopRow
) -> None:
    made(browser, far)
    make_open(engine, settings, other_shop)
    stranger = Browser(app, settings, other_shop.domain)
    for path in ("", "/sent", "/sent/1", "/remove"):
        assert stranger.get(f"{HOME}/1{path}").status_code == 404
    for path in ("", "/switch", "/secret", "/test", "/remove", "/sent/1"):
        posted = stranger.post(f"{HOME}/1{path}", name="x", url=far.url, at_once="4")
        assert posted.status_code == 404, path
    assert far.came == []


def test_home_says_that_an_endpoint_was_given_up_and_not_that_staff_switched_one_off(
    browser: Browser, far: Receiver, engine: Engine, shop: ShopRow
) -> None:
    made(browser, far)
    made(browser, far, name="Books")
    with shop_transaction(engine, shop.id) as conn:
        endpoints.switch(conn, shop.id, 1, on=False, because="gave_up")
        endpoints.switch(conn, shop.id, 2, on=False, because="staff")
    said = plain_text(browser.page("/app"))
    assert "Till didn't accept messages for three days and was switched off." in said
    assert "Books" not in said
