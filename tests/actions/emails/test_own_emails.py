"""Staff make an email their own: drafts, versions, two at once, and what another shop sees of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from plugin.actions.emails import publish_email, save_draft
from plugin.actions.emails.save_draft import Began
from plugin.errors import BadInput, Conflict, NotFound
from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.design import Block, Design, Override
from plugin.rules.message_kinds import MessageKind
from plugin.store.database.db import shop_transaction
from plugin.store.emails import drafts, versions
from plugin.store.work import activity_pages
from tests.conftest import ShopRow

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
KIND = MessageKind.WELCOME
ANA, BEN = "staff:1", "staff:2"
FRESH = Began()
FOOTER = Block(id="footer", type=BlockType.FOOTER)
MINE = Design(texts={"en": {"subject": Override(text="Hello there", was="abc")}}, blocks=(FOOTER,))
THEIRS = replace(MINE, texts={})


def save(conn: Connection, shop: ShopRow, design: Design, began: Began = FRESH, who: str = ANA, **more: bool) -> int:
    return save_draft.save_draft(conn, shop.id, KIND, design, began, who, NOW, **more)


def publish(conn: Connection, shop: ShopRow, design: Design, wrong: dict[str, str] | None = None) -> int:
    began = save_draft.standing(conn, shop.id, KIND).began
    return publish_email.publish(conn, shop.id, KIND, began, design, wrong or {}, "a note", ANA, NOW)


def acts(conn: Connection, shop: ShopRow) -> list[tuple[str, str]]:
    return [(act.action, act.subject) for act in activity_pages.staff_acts(conn, shop.id, None)][::-1]


def test_a_draft_is_kept_and_nothing_of_it_is_sent_before_it_is_published(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        assert save_draft.standing(conn, shop.id, KIND).content is None
        save(conn, shop, MINE)
        assert save_draft.standing(conn, shop.id, KIND).content == MINE
        assert versions.published(conn, shop.id) == {}
        assert publish(conn, shop, MINE) == 1
        assert versions.published(conn, shop.id) == {"welcome": MINE}
        assert drafts.all_of(conn, shop.id) == {}
        assert acts(conn, shop) == [("save_email_draft", "Welcome"), ("publish_email", "Welcome")]


def test_what_has_errors_is_not_published_and_the_last_good_one_stays(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        save(conn, shop, MINE)
        publish(conn, shop, MINE)
        save(conn, shop, THEIRS, save_draft.standing(conn, shop.id, KIND).began)
        with pytest.raises(BadInput) as error:
            publish(conn, shop, THEIRS, {"footer": "no way to unsubscribe"})
        assert error.value.fields == {"footer": "no way to unsubscribe"}
        assert error.value.message == "Fix 1 problem before you publish."
        assert versions.published(conn, shop.id) == {"welcome": MINE}
        assert save_draft.standing(conn, shop.id, KIND).content == THEIRS


def test_of_two_at_once_the_second_is_told_and_what_they_save_over_can_be_brought_back(
    engine: Engine, shop: ShopRow
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        began = save_draft.standing(conn, shop.id, KIND).began
        save(conn, shop, MINE, began)
        with pytest.raises(Conflict, match="Someone else changed this email"):
            save(conn, shop, THEIRS, began, BEN)
        assert save_draft.standing(conn, shop.id, KIND).content == MINE
        save(conn, shop, THEIRS, began, BEN, over=True)
        assert save_draft.standing(conn, shop.id, KIND).content == THEIRS
        assert save_draft.undo(conn, shop.id, KIND, save_draft.standing(conn, shop.id, KIND).began, BEN, NOW)
        assert save_draft.standing(conn, shop.id, KIND).content == MINE


def test_whoever_began_before_somebody_published_is_told_too(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        began = save_draft.standing(conn, shop.id, KIND).began
        save(conn, shop, MINE, began)
        publish(conn, shop, MINE)
        for refused in (
            lambda: save(conn, shop, THEIRS, began, BEN),
            lambda: save_draft.undo(conn, shop.id, KIND, began, BEN, NOW),
        ):
            with pytest.raises(Conflict):
                refused()
        assert save_draft.standing(conn, shop.id, KIND).draft is None


def test_what_was_checked_is_published_and_nothing_else(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        with pytest.raises(NotFound):
            publish(conn, shop, MINE)
        save(conn, shop, MINE)
        with pytest.raises(Conflict):
            publish(conn, shop, THEIRS)
        assert versions.of_kind(conn, shop.id, KIND) == []


def test_undo_brings_back_what_the_last_saving_took_the_place_of_and_undone_twice_it_is_there_again(
    engine: Engine, shop: ShopRow
) -> None:
    def undo() -> bool:
        return save_draft.undo(conn, shop.id, KIND, save_draft.standing(conn, shop.id, KIND).began, ANA, NOW)

    with shop_transaction(engine, shop.id) as conn:
        assert undo() is False
        save(conn, shop, MINE)
        assert undo() is True
        assert save_draft.standing(conn, shop.id, KIND).content is None
        assert undo() is True
        assert save_draft.standing(conn, shop.id, KIND).content == MINE


def test_saving_what_is_there_changes_nothing_and_one_sitting_is_one_line_of_the_log(
    engine: Engine, shop: ShopRow
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        assert save_draft.save_draft(conn, shop.id, KIND, None, Began(), ANA, NOW) == 0
        first = save(conn, shop, MINE)
        began = Began(first, 0)
        assert save(conn, shop, MINE, began) == first
        second = save(conn, shop, THEIRS, began)
        assert second != first
        assert acts(conn, shop) == [("save_email_draft", "Welcome")]
        save(conn, shop, MINE, Began(second, 0), BEN)
        assert len(acts(conn, shop)) == 2


def test_a_draft_is_discarded_and_what_is_sent_stays(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        assert save_draft.discard(conn, shop.id, KIND, Began(), ANA, NOW) is False
        save(conn, shop, MINE)
        publish(conn, shop, MINE)
        revision = save(conn, shop, THEIRS, Began(0, 1))
        with pytest.raises(Conflict):
            save_draft.discard(conn, shop.id, KIND, Began(revision - 1, 1), ANA, NOW)
        assert save_draft.discard(conn, shop.id, KIND, Began(revision, 1), ANA, NOW) is True
        assert drafts.all_of(conn, shop.id) == {}
        assert versions.published(conn, shop.id) == {"welcome": MINE}


def test_an_earlier_version_is_restored_as_a_new_one_and_the_default_as_none(engine: Engine, shop: ShopRow) -> None:
    def restore(number: int, wrong: dict[str, str]) -> int:
        return publish_email.restore(conn, shop.id, KIND, number, wrong, "", BEN, NOW)

    with shop_transaction(engine, shop.id) as conn:
        for number, design in ((1, MINE), (2, THEIRS)):
            save(conn, shop, design, save_draft.standing(conn, shop.id, KIND).began)
            assert publish(conn, shop, design) == number
        assert restore(1, {}) == 3
        assert versions.published(conn, shop.id) == {"welcome": MINE}
        with pytest.raises(BadInput):
            restore(2, {"email": "broken by now"})
        with pytest.raises(NotFound):
            restore(9, {})
        assert publish_email.reset_to_default(conn, shop.id, KIND, "", BEN, NOW) == 4
        assert versions.published(conn, shop.id) == {}
        assert publish_email.reset_to_default(conn, shop.id, KIND, "", BEN, NOW) is None
        known = versions.of_kind(conn, shop.id, KIND)
        assert [(one.number, one.content, one.author) for one in known] == [
            (4, None, BEN),
            (3, MINE, BEN),
            (2, THEIRS, ANA),
            (1, MINE, ANA),
        ]
        assert known[-1].note == "a note"


def test_resetting_throws_a_draft_away_without_a_version_where_the_default_is_sent(
    engine: Engine, shop: ShopRow
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        save(conn, shop, MINE)
        assert publish_email.reset_to_default(conn, shop.id, KIND, "", ANA, NOW) == 0
        assert (drafts.all_of(conn, shop.id), versions.of_kind(conn, shop.id, KIND)) == ({}, [])


def test_another_shop_sees_neither_drafts_nor_versions(engine: Engine, shop: ShopRow, other_shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        save(conn, shop, MINE)
        publish(conn, shop, MINE)
        save(conn, shop, THEIRS, Began(0, 1))
    with shop_transaction(engine, other_shop.id) as conn:
        assert versions.published(conn, shop.id) == {}
        assert drafts.all_of(conn, shop.id) == {}
        assert save_draft.standing(conn, other_shop.id, KIND).content is None


@pytest.mark.parametrize("change", ["UPDATE email_versions SET note = 'x'", "DELETE FROM email_versions"])
def test_a_published_version_is_never_changed_while_the_shop_is_there(
    engine: Engine, shop: ShopRow, change: str
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        versions.add(conn, shop.id, KIND, MINE, ANA, "", NOW)
    with pytest.raises(IntegrityError, match="never changed"), shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql(change)


def test_the_log_notes_a_draft_again_after_an_hour(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        began = Began(save(conn, shop, MINE), 0)
        later = NOW + timedelta(hours=1, seconds=1)
        save_draft.save_draft(conn, shop.id, KIND, THEIRS, began, ANA, later)
        assert len(acts(conn, shop)) == 2
