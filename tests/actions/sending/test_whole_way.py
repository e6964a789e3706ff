"""From an email that goes out to what its reader, and the mail server that sends it back, make of it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from plugin.actions.members import tell_members
from plugin.actions.sending import lift_suppression, take_report
from plugin.app import create_app
from plugin.rules.message_kinds import SUPPRESSED
from plugin.rules.sending.sender import SETTING, Sender
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import shops
from plugin.store.work import messages
from tests.actions.stage import Stage
from tests.rules.sending.test_bounce_reports import dsn


@pytest.fixture
def stage(stage: Stage) -> Stage:
    """With a domain for what comes back."""
    settings = stage.work.clients.settings.model_copy(update={"bounce_domain": "bounces.example.com"})
    stage.work = replace(stage.work, clients=replace(stage.work.clients, settings=settings))
    return stage


def came_back(stage: Stage, address: str) -> str:
    with system_transaction(stage.engine) as conn:
        raw = dsn("failed", "5.1.1", to=address)
        return take_report.take_report(conn, stage.work.clients.settings, raw, "", stage.clock())


def states(stage: Stage) -> list[tuple[object, ...]]:
    return stage.rows("SELECT state, last_error FROM messages ORDER BY id")


def test_what_comes_back_ends_emails_to_the_address_until_staff_lift_it(stage: Stage) -> None:
    stage.buy()
    stage.settle()
    (mail,) = stage.mails()
    assert re.fullmatch(r"bounce\+\d+\.\d+\.[0-9a-f]{32}@bounces\.example\.com", mail.sender)
    assert mail.message["X-Suki-Message"] == mail.sender.removeprefix("bounce+").partition("@")[0]
    assert "rewards@example.com" in mail.message["From"]
    assert came_back(stage, mail.sender) == "Taken: hard."
    assert states(stage) == [("bounced", "the email came back: the address doesn't exist (5.1.1)")]
    stage.buy()
    stage.settle()
    assert states(stage)[1:] == [("skipped", SUPPRESSED)]
    assert len(stage.mails()) == 1
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop, now = shops.get(conn, stage.shop_id), stage.clock()
        assert lift_suppression.lift(conn, shop.id, "ana@example.com", "they fixed it", "staff:1", now)
        ((number, kind, subject),) = stage.rows("SELECT id, kind, subject FROM messages WHERE state = 'skipped'")
        assert messages.send_again(conn, shop.id, [number]) == [number]
        tell_members.send(conn, shop, [(number, kind, subject)], now)
    stage.settle()
    assert states(stage)[1:] == [("sent", "")]
    assert len(stage.mails()) == 2


def test_the_links_of_an_email_open_its_reader_s_own_wishes(stage: Stage) -> None:
    stage.programme(confirmation="ours", welcome_points=10)
    stage.town.box.enrol(stage.shop, first_name="Ana", last_name="Reyes", email="ana@example.com", locale="en")
    stage.settle()
    stage.buy()
    stage.settle()
    found = {
        url for mail in stage.mails() for url in re.findall(r'href="(https://[^"]*/email/[^"]+)"', mail.part("html"))
    }
    assert found
    settings = stage.work.clients.settings
    client = create_app(settings, stage.engine, stage.clock).test_client()
    for url in found:
        page = client.get(url.removeprefix(settings.app_url).removesuffix("/unsubscribe"))
        assert (page.status_code, "a…@example.com" in page.text) == (200, True)
    assert stage.rows("SELECT count(*) FROM email_optouts") == [(0,)]


def test_an_email_comes_from_the_shop_s_own_address_while_its_domain_is_right(stage: Stage) -> None:
    for standing, address in (("right", "rewards@shop.example"), ("wrong", "rewards@example.com")):
        with shop_transaction(stage.engine, stage.shop_id) as conn:
            kept = Sender("rewards@shop.example", standing).stored()  # type: ignore[arg-type]  # two of them
            shops.merge_settings(conn, stage.shop_id, {SETTING: kept})
        stage.buy()
        stage.settle()
        assert address in stage.mails()[0].message["From"]
        assert stage.mails()[0].sender.endswith("@bounces.example.com")
