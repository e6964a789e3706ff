"""An email of a kind that is in no list is refused when it is written, and stays visible when it is found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plugin.actions.members import tell_members
from plugin.errors import UnknownKind
from plugin.rules.message_kinds import NO_CONSENT, MessageKind
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.work import jobs, messages
from plugin.store.work.job_kinds import JobKind
from tests.actions.stage import Stage


def test_an_unknown_kind_cannot_be_written_down(stage: Stage) -> None:
    row = {"shop_id": stage.shop_id, "member_id": 1, "kind": "no_such_kind", "subject": "nothing:7:2026"}
    with pytest.raises(UnknownKind), shop_transaction(stage.engine, stage.shop_id) as conn:
        messages.queue(conn, [row], stage.clock())
    with pytest.raises(UnknownKind), shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        tell_members.tell(conn, shop, Programme(), [row], stage.clock())
    assert stage.rows("SELECT FROM messages") == []
    assert [job for job in stage.waiting() if job[0] != "show_programme"] == []  # of the shop that was set up


ABOUT_SOMETHING = (
    MessageKind.ORDER_CONFIRMATION,
    MessageKind.CODE_READY,
    MessageKind.POINTS_EXPIRING,
    MessageKind.POINTS_EXPIRED,
    MessageKind.POINTS_TAKEN_BACK,
    MessageKind.REWARD_DONE,
    MessageKind.REWARD_GIVEN,
    MessageKind.REFERRAL_CODE,
    MessageKind.REFERRAL_PAID,
    MessageKind.TIER_REACHED,
    MessageKind.TIER_ENDING,
    MessageKind.TIER_LOST,
    MessageKind.SECOND_STEP,
)
"""Kinds whose subject says more than whom they go to, of every grammar there is."""


def test_messages_about_nothing_of_their_kind_stay_visible_as_failed(stage: Stage) -> None:
    """Whatever order it was taken for before: what a message is about is read by its own kind alone."""
    stage.buy()
    stage.settle()
    sent = len(stage.mails())
    kinds = {from_a_newer_version(stage, kind, "nothing:7:2026"): kind for kind in ABOUT_SOMETHING}
    stage.settle(hours=2)
    stage.settle(hours=2)
    found = stage.rows("SELECT id, state, last_error FROM messages WHERE id = ANY(:ids)", ids=list(kinds))
    for number, state, said in found:
        assert (state, "'nothing:7:2026'" in said) == ("failed", True), kinds[number]
    assert len(found) == len(kinds)
    assert stage.waiting(JobKind.SEND_MESSAGE) == []
    assert len(stage.mails()) == sent


def test_a_promotional_kind_goes_to_those_who_agreed_and_to_nobody_else(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = MessageKind.ORDER_CONFIRMATION
    monkeypatch.setattr(kind, "about", replace(kind.about, nature="promotional"))
    stage.programme(confirmation="shopify", next_order_code={"enabled": False})
    bought = {email: stage.buy(email)["id"] for email in ("ana@example.com", "juan@example.com")}
    stage.settle()
    for customer in list(stage.shop.customer.values()):
        if customer["email"] == "ana@example.com":
            stage.town.box.set_consent(stage.shop, customer, "SUBSCRIBED")
    stage.settle(days=2)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        people = conn.exec_driver_sql("SELECT email, id FROM members").all()
        rows = [{"member_id": who, "kind": kind, "subject": f"order:{bought[email]}"} for email, who in people]
        tell_members.tell(conn, shops.get(conn, stage.shop_id), Programme(), rows, stage.clock())
    stage.settle()
    stage.settle(minutes=31)
    said = dict(stage.rows("SELECT s.email, m.last_error FROM messages m JOIN members s ON s.id = m.member_id"))
    assert said == {"ana@example.com": "", "juan@example.com": NO_CONSENT}
    assert (len(stage.mails("ana@example.com")), stage.mails("juan@example.com")) == (1, [])


def from_a_newer_version(stage: Stage, kind: str, subject: str) -> int:
    """A message that is queued, of a kind that this version has never heard of; answers its number."""
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        ana = conn.exec_driver_sql("SELECT id FROM members").scalar_one()
        row = {"shop_id": stage.shop_id, "member_id": ana, "kind": MessageKind.WELCOME, "subject": "member:new"}
        [(number, *_)] = messages.queue(conn, [row], stage.clock())
        conn.exec_driver_sql("UPDATE messages SET kind = %s, subject = %s WHERE id = %s", (kind, subject, number))
        jobs.queue(conn, stage.shop_id, JobKind.SEND_MESSAGE, [number], stage.clock())
    return number


@pytest.mark.parametrize("subject", ["nothing:7:2026", "order:{order}"])
def test_a_message_of_an_unknown_kind_stays_visible_as_failed(stage: Stage, subject: str) -> None:
    order = stage.buy()
    stage.settle()
    sent = len(stage.mails())
    number = from_a_newer_version(stage, "no_such_kind", subject.format(order=order["id"]))
    stage.settle()
    said = "this version of Suki knows no email of the kind “no_such_kind”"
    assert stage.rows("SELECT state, last_error FROM messages WHERE id = :id", id=number) == [("failed", said)]
    assert stage.waiting("send_message") == [("send_message", "failed", 1, said)]
    assert len(stage.mails()) == sent
