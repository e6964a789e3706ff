"""An email of a kind that is in no list is refused when it is written, and stays visible when it is found."""

from __future__ import annotations

import pytest

from plugin.actions.members import tell_members
from plugin.errors import UnknownKind
from plugin.rules.message_kinds import MessageKind
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.work import jobs, messages
from plugin.store.work.job_kinds import JobKind
from tests.actions.stage import Stage


def test_an_unknown_kind_cannot_be_written_down(stage: Stage) -> None:
    row = {"shop_id": stage.shop_id, "member_id": 1, "kind": "birthday", "subject": "birthday:7:2026"}
    with pytest.raises(UnknownKind), shop_transaction(stage.engine, stage.shop_id) as conn:
        messages.queue(conn, [row], stage.clock())
    with pytest.raises(UnknownKind), shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        tell_members.tell(conn, shop, Programme(), [row], stage.clock())
    assert stage.rows("SELECT FROM messages") == []
    assert stage.waiting() == []


def from_a_newer_version(stage: Stage, kind: str, subject: str) -> int:
    """A message that is queued, of a kind that this version has never heard of; answers its number."""
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        ana = conn.exec_driver_sql("SELECT id FROM members").scalar_one()
        row = {"shop_id": stage.shop_id, "member_id": ana, "kind": MessageKind.WELCOME, "subject": "member:new"}
        [(number, *_)] = messages.queue(conn, [row], stage.clock())
        conn.exec_driver_sql("UPDATE messages SET kind = %s, subject = %s WHERE id = %s", (kind, subject, number))
        jobs.queue(conn, stage.shop_id, JobKind.SEND_MESSAGE, [number], stage.clock())
    return number


@pytest.mark.parametrize("subject", ["birthday:7:2026", "order:{order}", "member:1", ""])
def test_a_message_of_an_unknown_kind_stays_visible_as_failed(stage: Stage, subject: str) -> None:
    order = stage.buy()
    stage.settle()
    sent = len(stage.mails())
    number = from_a_newer_version(stage, "birthday", subject.format(order=order["id"]))
    stage.settle()
    said = "this version of Suki knows no email of the kind “birthday”"
    assert stage.rows("SELECT state, last_error FROM messages WHERE id = :id", id=number) == [("failed", said)]
    assert stage.waiting("send_message") == [("send_message", "failed", 1, said)]
    assert len(stage.mails()) == sent
