"""Staff give, take and undo, each once, within what the programme allows, and everything stays in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from plugin.actions.points import adjust_points
from plugin.actions.points.adjust_points import Adjustment
from plugin.actions.points.audit import audit
from plugin.errors import BadInput, NotFound
from plugin.rules.programme import Programme
from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.versions import programmes
from plugin.web.forms.members import correction

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
STAFF = "staff:88"


class Desk:
    """One member, and staff who work on them."""

    def __init__(self, engine: Engine, shop_id: int, **rules: Any) -> None:
        self.engine, self.shop_id = engine, shop_id
        ana = Buyer(customer_id=7, email="ana@example.com", verified=True)
        with shop_transaction(engine, shop_id) as conn:
            programmes.add(conn, shop_id, Programme(**rules), "test", "", NOW)
            members.add(conn, shop_id, [ana], {ana: NOW})
            self.member = members.by_customers(conn, shop_id, [7])[7].id

    def do(self, call: Callable[[Connection], Any]) -> Any:
        with shop_transaction(self.engine, self.shop_id) as conn:
            return call(conn)

    def adjust(self, points: int, key: str = "0", kind: str = "adjusted") -> Any:
        asked = Adjustment(self.member, key * 32, kind, points, "a late parcel", shown=False)  # type: ignore[arg-type]
        return self.do(lambda conn: adjust_points.adjust(conn, self.shop_id, asked, STAFF, NOW))

    def undo(self, entry: int) -> Any:
        return self.do(lambda conn: adjust_points.undo(conn, self.shop_id, self.member, entry, STAFF, NOW))

    def spend(self, points: int, subject: str = "redemption:1") -> None:
        def post(conn: Connection) -> None:
            accounts = Ledger(conn, self.shop_id, [self.member])
            accounts.post([Entry(self.member, "spent", -points, subject, 1, NOW, "shopper")], NOW)
            accounts.write()

        self.do(post)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.do(lambda conn: [tuple(row) for row in conn.exec_driver_sql(sql)])  # type: ignore[no-any-return]

    @property
    def entries(self) -> list[tuple[Any, ...]]:
        return self.rows("SELECT kind, points FROM entries ORDER BY id")

    @property
    def balance(self) -> int:
        assert audit_of_points(self.engine) == []
        return int(self.rows("SELECT balance FROM members")[0][0])


def audit_of_points(engine: Engine) -> list[str]:
    """Everything but the redemptions, which these tests do without."""
    return [words for words in audit(engine) if "redemption" not in words]


@pytest.fixture
def desk(engine: Engine, shop: object) -> Desk:
    return Desk(engine, shop.id)  # type: ignore[attr-defined]


def test_a_correction_is_an_entry_with_a_note_and_in_the_staff_log(desk: Desk) -> None:
    done = desk.adjust(50)
    assert (done.before, done.points, done.after) == (0, 50, 50)
    assert (desk.balance, desk.entries) == (50, [("adjusted", 50)])
    assert desk.rows("SELECT note, shown FROM entry_notes") == [("a late parcel", False)]
    assert desk.rows("SELECT actor, action FROM staff_log") == [(STAFF, "adjust_points")]


def test_two_clicks_at_once_are_one_correction(desk: Desk) -> None:
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: desk.adjust(50), range(8)))
    assert sum(one is not None for one in done) == 1
    assert (desk.balance, len(desk.rows("SELECT id FROM staff_log"))) == (50, 1)


def test_an_undo_happens_once_even_at_once(desk: Desk) -> None:
    desk.adjust(50)
    entry = desk.rows("SELECT id FROM entries")[0][0]
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: desk.undo(entry), range(8)))
    assert sum(one is not None for one in done) == 1
    assert (desk.balance, desk.entries) == (0, [("adjusted", 50), ("undone", -50)])


def test_undoing_what_was_taken_fills_the_same_lots_again(desk: Desk) -> None:
    desk.adjust(30, "a", "gift")
    desk.adjust(-50, "b")
    assert desk.balance == -20
    desk.undo(desk.rows("SELECT max(id) FROM entries")[0][0])
    assert desk.balance == 30
    assert desk.rows("SELECT points, points_left FROM lots ORDER BY id") == [(30, 30), (20, 0)]
    assert desk.rows("SELECT debt FROM members") == [(0,)]


def test_what_was_given_and_spent_is_owed_when_it_is_undone(desk: Desk) -> None:
    desk.adjust(50)
    desk.spend(40)
    desk.undo(1)
    assert desk.balance == -40


def test_where_the_rules_stop_at_zero_no_more_is_taken_than_is_there(engine: Engine, shop: object) -> None:
    desk = Desk(engine, shop.id, below_zero="clamp")  # type: ignore[attr-defined]
    desk.adjust(30, "a")
    assert desk.adjust(-50, "b").points == -30
    with pytest.raises(BadInput, match="nothing to remove"):
        desk.adjust(-1, "c")
    assert (desk.balance, len(desk.entries)) == (0, 2)
    with pytest.raises(BadInput):
        desk.undo(1)
    assert desk.undo(2).points == 30


def test_only_corrections_can_be_undone_and_only_of_this_member(desk: Desk) -> None:
    desk.adjust(50)
    desk.spend(10)
    for entry in (2, 99):
        with pytest.raises(NotFound):
            desk.undo(entry)
    with pytest.raises(NotFound):
        desk.do(lambda conn: adjust_points.undo(conn, desk.shop_id, desk.member + 1, 1, STAFF, NOW))


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ({}, {"points", "note"}),
        ({"points": "0", "note": "x"}, {"points"}),
        ({"points": "1.5", "note": "x"}, {"points"}),
        ({"points": "9999999", "note": "x"}, {"points"}),
        ({"points": "٣", "note": "x"}, {"points"}),
        ({"points": "-5", "note": "x", "kind": "gift"}, {"points"}),
        ({"points": "5", "note": "x" * 301}, {"note"}),
    ],
)
def test_a_wrong_form_names_its_fields(form: dict[str, str], fields: set[str]) -> None:
    with pytest.raises(BadInput) as caught:
        correction.read(1, "0" * 32, form)
    assert set(caught.value.fields) == fields


def test_a_minus_as_it_is_printed_and_grouping_are_understood() -> None:
    assert correction.read(1, "", {"points": "−1,500", "note": "x"}).points == -1500


def test_a_form_without_a_key_of_ours_does_nothing(desk: Desk) -> None:
    with pytest.raises(BadInput, match="page has expired"):
        desk.adjust(5, "z")
    assert desk.entries == []
