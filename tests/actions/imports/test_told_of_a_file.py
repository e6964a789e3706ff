"""The email about a file that was imported, as it arrives; or none, once the file was undone."""

from __future__ import annotations

import pytest

from plugin.actions.imports import carry_out_file, undo_file, upload_file
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from tests.actions.stage import Stage

FILE = b"email,points balance\nana@example.com,1250\nben@example.com,\n"


def bring(stage: Stage, *, tell: bool, shown: bool = True) -> int:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop, now = shops.get(conn, stage.shop_id), stage.clock()
        number = upload_file.upload(conn, shop, "smile.csv", FILE, "Moved here", now, shown=shown, actor="staff:1")
        carry_out_file.carry_out(conn, shop, number, "staff:1", now, tell=tell)
    return number


@pytest.mark.parametrize("shown", [True, False])
def test_the_email_says_how_many_points_and_the_note_where_it_is_shown(stage: Stage, shown: bool) -> None:
    bring(stage, tell=True, shown=shown)
    stage.settle(minutes=6)
    [mail] = stage.mails("")
    assert mail.recipients == ["ana@example.com"]
    assert "1,250" in mail.subject and ("Moved here" in mail.part("plain")) == shown


def test_of_a_file_that_was_undone_nobody_hears(stage: Stage) -> None:
    number = bring(stage, tell=True)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        undo_file.undo(conn, shops.get(conn, stage.shop_id), number, "staff:1", stage.clock())
    stage.settle(minutes=6)
    assert stage.mails("") == []
    assert [state for (state,) in stage.rows("SELECT state FROM messages")] == ["skipped"]


def test_nobody_is_told_unless_it_was_chosen(stage: Stage) -> None:
    bring(stage, tell=False)
    stage.settle(minutes=6)
    assert (stage.mails(""), stage.rows("SELECT FROM messages")) == ([], [])
