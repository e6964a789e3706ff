"""What one order causes within five minutes arrives as one email, through the real sender and a real mail server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from plugin.actions.gifts.automatic import on_birthday
from plugin.actions.work import retry_failed
from plugin.clients.smtp.mail import Mailer
from plugin.jobs import queue_automatic
from plugin.messages.sending.handing_over import HandingOver
from plugin.rules.message_kinds import MessageKind
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.work.one_mail import PART_OF
from tests.actions.emails.happenings import switched_on
from tests.actions.stage import Stage
from tests.clients.moody_server import Moody

GOLD = Tiers(levels=(Tier(key="gold", name="Gold", enter=Decimal(1)),))
NO_CODE: dict[str, Any] = {"next_order_code": {"enabled": False}}


def bodies(mail: Any) -> tuple[str, str]:
    """The HTML and the text."""
    parts = [mail.message.get_body((kind,)).get_content() for kind in ("html", "plain")]
    return parts[0], parts[1]


@contextmanager
def moody(stage: Stage, server: Moody, mood: str) -> Iterator[None]:
    """Emails go to another mail server for a while, which treats them so after the final dot."""
    usual = stage.work
    changed = {"smtp_port": server.port, "mail_from": f"dot-{mood}.1@example.com"}
    ours = usual.clients.settings.model_copy(update=changed)
    with Mailer.from_settings(ours) as other:
        stage.work = replace(usual, mailer=other, clients=replace(usual.clients, settings=ours))
        yield
    stage.work = usual


def made_at_checkout(stage: Stage, state: str = "disabled") -> None:
    """Shopify tells of a new customer, and not yet of an order."""
    stage.town.box.enrol(stage.shop, first_name="Ana", last_name="Reyes", email="ana@example.com", state=state)


def written(stage: Stage) -> dict[str, tuple[str, str, bool]]:
    """(state, reason, whether it went with another) by kind."""
    rows = stage.rows("SELECT kind, state, last_error, part_of IS NOT NULL FROM messages ORDER BY id")
    return {kind: (state, error, part) for kind, state, error, part in rows}


def test_a_tier_that_an_order_lifts_into_is_told_in_its_confirmation(stage: Stage) -> None:
    stage.programme(confirmation="ours", tiers=GOLD, **NO_CODE)
    stage.buy()
    stage.settle()
    (mail,) = stage.mails()
    assert written(stage) == {
        "order_confirmation": ("sent", "", False),
        "tier_reached": ("skipped", PART_OF, True),
    }
    for body in bodies(mail):
        assert "Gold" in body
        assert "@@" not in body
    assert bodies(mail)[0].count("<h1") == 1
    stage.settle(minutes=10)
    assert len(stage.mails()) == 1


def test_whoever_becomes_a_member_by_ordering_is_welcomed_in_the_confirmation(stage: Stage) -> None:
    stage.programme(confirmation="ours", welcome_points=50, **NO_CODE)
    order = stage.buy()
    stage.settle()
    (mail,) = stage.mails()
    assert written(stage) == {"welcome": ("skipped", PART_OF, True), "order_confirmation": ("sent", "", False)}
    assert order["name"] in mail.subject
    for body in bodies(mail):
        assert "Welcome" in body and "50" in body
    stage.settle(minutes=10)
    assert len(stage.mails()) == 1


@pytest.mark.parametrize("minutes", [0, 2, 4])
def test_whoever_is_made_at_checkout_is_welcomed_in_the_confirmation_that_comes_minutes_later(
    stage: Stage, minutes: int
) -> None:
    stage.programme(confirmation="ours", welcome_points=50, **NO_CODE)
    made_at_checkout(stage)
    stage.settle()
    stage.settle(minutes=minutes, seconds=50)
    assert stage.mails() == []
    stage.buy("ana@example.com")
    stage.settle()
    (mail,) = stage.mails()
    assert written(stage) == {"welcome": ("skipped", PART_OF, True), "order_confirmation": ("sent", "", False)}
    assert all("Welcome" in body and "50" in body for body in bodies(mail))
    stage.settle(minutes=10)
    assert len(stage.mails()) == 1


@pytest.mark.parametrize(("account", "seconds"), [("disabled", 300), ("enabled", 60)])
def test_a_welcome_without_an_order_comes_alone_and_soon_for_who_signed_up(
    stage: Stage, account: str, seconds: int
) -> None:
    stage.programme(confirmation="ours", welcome_points=50, **NO_CODE)
    made_at_checkout(stage, state=account)
    stage.settle()
    stage.settle(seconds=seconds - 10)
    assert stage.mails() == []
    stage.settle(seconds=11)
    assert len(stage.mails()) == 1
    assert written(stage) == {"welcome": ("sent", "", False)}


def test_where_the_confirmation_is_off_the_welcome_goes_with_what_else_the_order_causes(stage: Stage) -> None:
    switched_on(stage, MessageKind.ORDER_CONFIRMATION, on=False)
    stage.programme(confirmation="ours", welcome_points=50, tiers=GOLD, **NO_CODE)
    made_at_checkout(stage)
    stage.settle()
    stage.settle(minutes=2)
    stage.buy("ana@example.com")
    stage.settle()
    assert stage.mails() == []
    stage.settle(minutes=10)
    (mail,) = stage.mails()
    assert {kind: state for kind, (state, *_) in written(stage).items()} in (
        {"welcome": "sent", "tier_reached": "skipped"},
        {"welcome": "skipped", "tier_reached": "sent"},
    )
    assert all("Gold" in body and "50" in body for body in bodies(mail))


@pytest.mark.parametrize("account", ["disabled", "enabled", ""])
def test_where_the_confirmation_is_off_the_order_s_code_and_the_welcome_are_one_email(
    stage: Stage, account: str
) -> None:
    """Whether Shopify tells of the customer before, with or without an account, or only with the order."""
    switched_on(stage, MessageKind.ORDER_CONFIRMATION, on=False)
    stage.programme(confirmation="ours", welcome_points=50)
    if account:
        made_at_checkout(stage, state=account)
        stage.settle()
    order = stage.buy("ana@example.com")
    stage.settle()
    stage.settle(minutes=2)
    stage.settle(minutes=10)
    (mail,) = stage.mails()
    assert {kind: part for kind, (*_, part) in written(stage).items()} == {"welcome": True, "code_ready": False}
    assert all("Welcome" in body and stage.code(order) in body for body in bodies(mail))


def test_without_a_confirmation_of_ours_it_comes_by_itself_after_five_minutes(stage: Stage) -> None:
    stage.programme(confirmation="shopify", tiers=GOLD)
    stage.buy()
    stage.settle()
    assert stage.mails() == []
    stage.settle(minutes=5, seconds=1)
    (mail,) = stage.mails()
    assert "Gold" in mail.subject


@pytest.mark.parametrize("mood", ["later", "no"])
def test_what_the_server_does_not_take_loses_no_part(stage: Stage, mood: str) -> None:
    stage.programme(confirmation="ours", tiers=GOLD, **NO_CODE)
    with Moody() as server, moody(stage, server, mood):
        stage.buy()
        stage.settle()
        assert server.taken == []
        first = written(stage)
        if mood == "later":
            assert first == {"order_confirmation": ("queued", "", False), "tier_reached": ("queued", "", False)}
        else:
            assert {kind: state for kind, (state, *_) in first.items()} == {
                "order_confirmation": "failed",
                "tier_reached": "queued",
            }
    stage.settle(minutes=10)
    after = {kind: (state, part) for kind, (state, _, part) in written(stage).items()}
    if mood == "later":
        assert after == {"order_confirmation": ("sent", False), "tier_reached": ("skipped", True)}
    else:
        assert after == {"order_confirmation": ("failed", False), "tier_reached": ("sent", False)}
    assert len(stage.mails()) == 1


def test_a_worker_that_is_killed_while_it_hands_over_tells_nothing_twice(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.programme(confirmation="ours", tiers=GOLD, **NO_CODE)
    stage.buy()

    def killed(_: Mailer, handing: HandingOver) -> None:
        letter = handing.next()
        assert letter is not None
        handing.note({}, [letter.key])
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Mailer, "send_all", killed)
        with pytest.raises(KeyboardInterrupt):
            stage.settle()
    assert written(stage) == {
        "order_confirmation": ("sending", "", False),
        "tier_reached": ("skipped", PART_OF, True),
    }
    stage.settle(minutes=10)
    assert stage.mails() == []
    assert {kind: state for kind, (state, *_) in written(stage).items()} == {
        "order_confirmation": "unknown",
        "tier_reached": "skipped",
    }
    (leader,) = stage.rows("SELECT id FROM messages WHERE state = 'unknown'")
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        assert retry_failed.send_again(conn, stage.shop_id, leader[0], "staff:1", stage.clock())
    stage.settle()
    (mail,) = stage.mails()
    assert "Gold" in bodies(mail)[0]


def test_staff_cannot_send_a_part_once_more(stage: Stage) -> None:
    stage.programme(confirmation="ours", tiers=GOLD, **NO_CODE)
    stage.buy()
    stage.settle()
    (part,) = stage.rows("SELECT id FROM messages WHERE part_of IS NOT NULL")
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        assert not retry_failed.send_again(conn, stage.shop_id, part[0], "staff:1", stage.clock())
    stage.settle()
    assert len(stage.mails()) == 1


def test_the_part_is_in_the_language_of_the_email_that_it_is_in(stage: Stage) -> None:
    stage.programme(confirmation="ours", tiers=GOLD, **NO_CODE)
    stage.buy(locale="fil-PH")
    stage.settle()
    (mail,) = stage.mails()
    assert "tier_reached" in written(stage)
    assert "Salamat" in bodies(mail)[1]
    assert "You" not in bodies(mail)[1]


def test_what_a_rule_gives_for_a_tier_names_the_order_that_reached_it(stage: Stage) -> None:
    begins = (stage.clock() - timedelta(days=1)).isoformat()
    rule = {"trigger": "tier", "id": "agold", "name": "Gold", "tier": "gold", "points": 70, "begins_at": begins}
    stage.programme(confirmation="shopify", tiers=GOLD, automatic=[rule], **NO_CODE)
    order = stage.buy()
    stage.settle()
    queue_automatic(stage.work)
    stage.settle(minutes=3)
    about = f"order:{order['id']}"
    assert stage.rows("SELECT kind, cause FROM messages ORDER BY kind") == [
        ("reward_given", about),
        ("tier_reached", about),
    ]
    stage.settle(minutes=10)
    (mail,) = stage.mails()
    assert all("Gold" in body and "70 points" in body for body in bodies(mail))


def test_a_gift_that_no_order_brought_about_goes_with_none(stage: Stage) -> None:
    begins = (stage.clock() - timedelta(days=1)).isoformat()
    rule = {"trigger": "birthday", "id": "aday", "name": "Day", "points": 70, "begins_at": begins}
    stage.programme(confirmation="ours", automatic=[rule], **NO_CODE)
    stage.buy()
    stage.settle()
    [(member,)] = stage.rows("SELECT id FROM members")
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        on_birthday(conn, shops.get(conn, stage.shop_id), [member], stage.clock())
    stage.settle()
    assert written(stage)["reward_given"] == ("sent", "", False)
    assert stage.rows("SELECT cause FROM messages WHERE kind = 'reward_given'") == [("",)]


@pytest.mark.parametrize("minutes", [0, 1, 5])
def test_a_thank_you_never_follows_its_confirmation_within_five_minutes(stage: Stage, minutes: int) -> None:
    switched_on(stage, MessageKind.THANK_YOU, wait_minutes=minutes)
    stage.programme(confirmation="ours", **NO_CODE)
    stage.buy()
    stage.settle()
    assert len(stage.mails()) == 1
    stage.settle(minutes=4, seconds=50)
    assert len(stage.mails()) == 1
    (thanks,) = stage.rows("SELECT state FROM messages WHERE kind = 'thank_you'")
    assert thanks == ("queued",)
