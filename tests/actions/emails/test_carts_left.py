"""Who leaves a checkout is reminded once, hours later, and not after an order: with Shopify's webhooks over sockets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from plugin.actions.emails import carts_left
from plugin.actions.members.merge_members import merge_members
from plugin.messages import may_go
from plugin.rules.mailings.checkout_left import CheckoutLine, CheckoutSeen
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from sandbox.shop.orders import Wish
from tests.actions.emails.happenings import (
    agreed,
    ana,
    bought,
    checkout_begun,
    checkout_left,
    reminders_on,
    scheduled,
)
from tests.actions.stage import Stage

OVER = "the customer has ordered, or the checkout is gone"


def reminders(stage: Stage) -> list[tuple[str, str]]:
    """(state, why) of every reminder there is."""
    return [(row[0], row[1]) for row in stage.rows(
        "SELECT state, last_error FROM messages WHERE kind = 'cart_left' ORDER BY id"
    )]  # fmt: skip


def kept(stage: Stage) -> list[tuple[Any, ...]]:
    """(member, whether something of it is kept, whether it ended) of every checkout."""
    return stage.rows("SELECT member_id, kept <> '{}', ended_at IS NOT NULL FROM checkouts_left ORDER BY id")


def ready(stage: Stage, **figures: int) -> None:
    """Ana has bought, agreed to marketing, and the shop reminds."""
    bought(stage)
    agreed(stage)
    reminders_on(stage, **figures)


def hear(stage: Stage, *said: Any) -> None:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        carts_left.hear(conn, shops.get(conn, stage.shop_id), said, stage.clock())


def seen(stage: Stage, **more: Any) -> CheckoutSeen:
    """Ana's checkout as a webhook tells it."""
    [(customer,)] = stage.rows("SELECT customer_id FROM members WHERE email_key = 'ana@example.com'")
    now = stage.clock()
    whole = CheckoutSeen(
        token="t1",
        cart_token="c1",
        customer_id=customer,
        email="ana@example.com",
        url=f"https://{stage.shop.domain}/1/checkouts/t1/recover?key=k",
        locale="en",
        currency="USD",
        prices_known=True,
        subtotal=Decimal("24.00"),
        codes=(),
        source="web",
        lines=(CheckoutLine("Rattan tray", 1, Decimal("24.00")),),
        more_lines=0,
        started_at=now,
        updated_at=now,
        ended=False,
    )
    return replace(whole, **more)


def wish(stage: Stage, **more: Any) -> Wish:
    """An order of a tray, by Ana unless said otherwise."""
    return Wish(**{"lines": [(stage.variant(), 1)], "email": "ana@example.com", **more})


def test_a_checkout_that_is_left_is_told_once_with_its_lines_link_and_points(stage: Stage) -> None:
    left = checkout_left(stage)
    scheduled(stage, "remind_of_carts", hours=1)
    [mail] = stage.mails()
    text = mail.part("plain")
    assert mail.subject == "You left something behind"
    assert f"https://{stage.shop.domain}/{stage.shop.settings['shop_id']}/checkouts/{left['id']}/recover?key=" in text
    assert "Rattan tray" in text
    assert "Quantity: 2 · $48.00" in text
    assert "Subtotal: $48.00" in text
    assert "This order would earn you " in text
    assert reminders(stage) == [("sent", "")]
    assert kept(stage) == [(ana(stage), True, False)]


@pytest.mark.parametrize("by", ["the checkout itself", "the till, at the same time"])
def test_an_order_ends_it(stage: Stage, by: str) -> None:
    ready(stage)
    left = checkout_begun(stage)
    assert kept(stage) == [(ana(stage), True, False)]
    token = left["id"] if by == "the checkout itself" else ""
    stage.town.box.place(stage.shop, wish(stage, checkout_token=token), stage.clock())
    stage.hear()
    scheduled(stage, "remind_of_carts", hours=5)
    assert reminders(stage) == []


def test_an_order_of_somebody_else_from_the_same_cart_ends_it(stage: Stage) -> None:
    ready(stage)
    left = checkout_begun(stage, cart="c0ffee")
    stage.town.box.place(
        stage.shop, wish(stage, email="ben@example.com", checkout_token="other", cart_token="c0ffee"), stage.clock()
    )
    stage.hear()
    scheduled(stage, "remind_of_carts", hours=5)
    assert left["cart"] == "c0ffee"
    assert reminders(stage) == []
    assert kept(stage) == [(None, False, True), (None, False, True)]


def test_an_order_that_is_heard_of_before_its_checkout_ends_it_too(stage: Stage) -> None:
    ready(stage)
    stage.town.box.place(stage.shop, wish(stage, email="ben@example.com", checkout_token="t1"), stage.clock())
    stage.settle()
    hear(stage, seen(stage))
    assert kept(stage) == [(None, False, True)]


def test_what_was_paid_or_deleted_ends_it(stage: Stage) -> None:
    ready(stage)
    paid, deleted = checkout_begun(stage), checkout_begun(stage)
    paid["completed_at"] = paid["created_at"]
    stage.town.box.tell_checkout(stage.shop, paid, stage.clock())
    stage.town.box.drop_checkout(stage.shop, deleted)
    stage.hear()
    scheduled(stage, "remind_of_carts", hours=5)
    assert kept(stage) == [(None, False, True), (None, False, True)]
    assert reminders(stage) == []


def test_an_order_between_claim_and_handing_over_keeps_it_back(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(stage)
    left = checkout_begun(stage)
    asked, stopped = [], may_go.stopped

    def ordered_first(*args: Any) -> Any:
        if not asked:
            asked.append(1)
            stage.town.box.place(stage.shop, wish(stage, checkout_token=left["id"]), stage.clock())
            stage.hear()
        return stopped(*args)

    monkeypatch.setattr("plugin.messages.may_go.stopped", ordered_first)
    scheduled(stage, "remind_of_carts", hours=5)
    assert asked == [1]
    assert reminders(stage) == [("skipped", OVER)]
    assert [one.subject for one in stage.mails() if one.subject == "You left something behind"] == []


def test_the_time_runs_from_the_last_change(stage: Stage) -> None:
    ready(stage)
    left = checkout_begun(stage)
    stage.clock.ahead += timedelta(hours=3)
    stage.town.box.tell_checkout(stage.shop, left, stage.clock())
    stage.hear()
    scheduled(stage, "remind_of_carts", hours=2)
    assert reminders(stage) == []
    scheduled(stage, "remind_of_carts", hours=3)
    assert reminders(stage) == [("sent", "")]


def test_an_older_state_that_comes_late_and_a_replay_change_nothing(stage: Stage) -> None:
    ready(stage)
    now = stage.clock()
    newest = seen(stage, updated_at=now, lines=(CheckoutLine("New", 1, Decimal(1)),))
    older = seen(stage, updated_at=now - timedelta(minutes=5))
    for said in (newest, older, newest, older):
        hear(stage, said)
    hear(stage, older, newest, older)
    assert stage.rows("SELECT kept->'lines'->0->>'title' FROM checkouts_left") == [("New",)]
    hear(stage, replace(older, ended=True))
    hear(stage, newest)
    assert kept(stage) == [(None, False, True)]


def test_one_person_is_reminded_once_in_some_days_and_of_the_newest(stage: Stage) -> None:
    ready(stage)
    for token in ("t1", "t2"):
        stage.clock.ahead += timedelta(minutes=1)
        hear(stage, seen(stage, token=token, lines=(CheckoutLine(f"Of {token}", 1, Decimal(1)),)))
    scheduled(stage, "remind_of_carts", hours=5)
    hear(stage, seen(stage, token="t3"))
    scheduled(stage, "remind_of_carts", hours=5)
    assert reminders(stage) == [("sent", "")]
    assert "Of t2" in stage.mails()[0].part("plain")
    stage.clock.ahead += timedelta(days=7)
    hear(stage, seen(stage, token="t4"))
    scheduled(stage, "remind_of_carts", hours=5)
    assert reminders(stage) == [("sent", ""), ("sent", "")]


def test_the_box_that_was_ticked_at_the_checkout_is_no_consent(stage: Stage) -> None:
    bought(stage)
    reminders_on(stage)
    checkout_begun(stage)
    scheduled(stage, "remind_of_carts", hours=5)
    assert reminders(stage) == [("skipped", "the customer did not agree to marketing mails")]


def test_nothing_is_kept_of_strangers(stage: Stage) -> None:
    ready(stage)
    checkout_begun(stage, email="stranger@example.com", customer_id=None)
    assert kept(stage) == []
    assert stage.rows("SELECT FROM deliveries WHERE topic LIKE 'checkouts/%' AND body_state <> 'empty'") == []


def test_who_is_too_late_is_not_reminded(stage: Stage) -> None:
    ready(stage)
    checkout_begun(stage)
    scheduled(stage, "remind_of_carts", days=4)
    assert reminders(stage) == []


def test_a_link_that_leads_elsewhere_becomes_the_shops_own_cart(stage: Stage) -> None:
    ready(stage)
    hear(stage, seen(stage, url="https://evil.example.com/checkouts/t1"))
    scheduled(stage, "remind_of_carts", hours=5)
    text = stage.mails()[0].part("plain")
    assert "evil" not in text
    assert "/cart" in text


def test_a_huge_checkout_says_how_much_more_there_is_and_no_points(stage: Stage) -> None:
    ready(stage)
    lines = tuple(CheckoutLine("x" * 500, 1, Decimal("1.00")) for _ in range(100))
    hear(stage, seen(stage, lines=lines, more_lines=400))
    scheduled(stage, "remind_of_carts", hours=5)
    mail = stage.mails()[0]
    assert "480" in mail.part("plain")
    assert "would earn" not in mail.part("plain")
    assert len(mail.part("html")) < 100_000


def test_where_the_buyer_saw_another_currency_no_amount_is_said(stage: Stage) -> None:
    ready(stage)
    hear(stage, seen(stage, prices_known=False))
    scheduled(stage, "remind_of_carts", hours=5)
    text = stage.mails()[0].part("plain")
    assert "24" not in text.partition("What you chose")[2].partition("Your balance")[0]
    assert "would earn" not in text


def test_the_checkouts_of_somebody_who_was_merged_are_the_others(stage: Stage) -> None:
    ready(stage)
    stage.buy("ben@example.com")
    stage.settle()
    hear(stage, seen(stage))
    [(ben,)] = stage.rows("SELECT id FROM members WHERE email_key = 'ben@example.com'")
    gone = ana(stage)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        merge_members(conn, shop, kept=ben, removed=gone, now=stage.clock())
    assert kept(stage)[-1] == (ben, True, False)


def test_after_a_month_nothing_is_left(stage: Stage) -> None:
    checkout_left(stage)
    scheduled(stage, "end_periods", days=31)
    assert kept(stage) == []
