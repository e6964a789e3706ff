"""A kind of email is an entry in the list, a folder, and its texts: whatever of it is missing is found here."""

from __future__ import annotations

from typing import get_args

import pytest

from plugin.actions import tell_members
from plugin.clients.mail_templates import FOLDER
from plugin.clients.mail_texts import catalogue
from plugin.errors import UnknownKind
from plugin.rules.formats import LANGUAGES
from plugin.rules.message_kinds import LABELS, Confirmation, MessageKind, kind_of
from plugin.rules.programme import Programme
from plugin.store import jobs, messages, shops
from plugin.store.database.db import shop_transaction
from tests.actions.stage import Stage

NO_KINDS = {"parts", "shopify_snippet"}
CONFIRMATIONS: tuple[Confirmation, ...] = get_args(Confirmation)


def test_every_kind_has_a_folder_and_every_folder_a_kind() -> None:
    folders = {folder.name for folder in FOLDER.iterdir() if folder.is_dir()} - NO_KINDS
    assert folders == set(MessageKind)
    for kind in MessageKind:
        files = {file.name for file in (FOLDER / kind).iterdir()}
        assert files == {"subject.liquid", "body.mjml", "body.txt"}, kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_its_texts_in_every_language(language: str) -> None:
    missing = [kind for kind in MessageKind if not any(key.startswith(f"{kind}.") for key in catalogue(language))]
    assert missing == []


def test_staff_can_tell_the_kinds_apart() -> None:
    assert len(set(LABELS.values())) == len(MessageKind)
    assert all(kind.about.gone for kind in MessageKind)


def test_a_kind_that_is_in_no_list_is_refused_by_name() -> None:
    with pytest.raises(UnknownKind, match="birthday"):
        kind_of("birthday")


def test_an_unknown_kind_cannot_be_written_down(stage: Stage) -> None:
    row = {"shop_id": stage.shop_id, "member_id": 1, "kind": "birthday", "subject": "birthday:7:2026"}
    with pytest.raises(UnknownKind), shop_transaction(stage.engine, stage.shop_id) as conn:
        messages.queue(conn, [row], stage.clock())
    with pytest.raises(UnknownKind), shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        tell_members.tell(conn, shop, Programme(), [row], stage.clock())
    assert stage.rows("SELECT FROM messages") == []
    assert stage.waiting() == []


def test_no_mail_silences_what_nobody_asked_for() -> None:
    """Decision 0019, and what Suki does not say where Shopify confirms the orders."""
    silent = {setting: {kind for kind in MessageKind if not kind.goes_with(setting)} for setting in CONFIRMATIONS}
    assert silent["ours"] == set()
    assert silent["shopify"] == {MessageKind.ORDER_CONFIRMATION, MessageKind.WELCOME}
    asked = {"code_ready", "points_expiring", "reward_done", "referral_code", "second_step"}
    assert silent["none"] == set(MessageKind) - asked


def test_who_has_left_gets_the_links_they_ask_for_and_nothing_else() -> None:
    assert [kind for kind in MessageKind if kind.about.after_leaving] == [MessageKind.SECOND_STEP]


def from_a_newer_version(stage: Stage, kind: str, subject: str) -> int:
    """A message that is queued, of a kind that this version has never heard of; answers its number."""
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        ana = conn.exec_driver_sql("SELECT id FROM members").scalar_one()
        row = {"shop_id": stage.shop_id, "member_id": ana, "kind": MessageKind.WELCOME, "subject": "member:new"}
        [(number, *_)] = messages.queue(conn, [row], stage.clock())
        conn.exec_driver_sql("UPDATE messages SET kind = %s, subject = %s WHERE id = %s", (kind, subject, number))
        jobs.queue(conn, stage.shop_id, "send_message", [number], stage.clock())
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
