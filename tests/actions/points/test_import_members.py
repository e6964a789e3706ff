"""A file is carried out once, adds who is missing, and can be undone as a whole."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.points import import_members
from plugin.errors import BadInput, NotFound
from plugin.store.imports import Import
from tests.actions.points.test_adjust_points import NOW, STAFF, Desk, audit_of_points

FILE = (
    b"email,customer id,points,note\nANA@example.com,,50,A late parcel\nnew@example.com,,20,\n,9,5,\n"
    b"ana@example.com,,-10,\n"
)


@pytest.fixture
def desk(engine: Engine, shop: object) -> Desk:
    return Desk(engine, shop.id)  # type: ignore[attr-defined]


def check(desk: Desk, content: bytes = FILE, note: str = "Moved here") -> int:
    return desk.do(  # type: ignore[no-any-return]
        lambda conn: import_members.check(
            conn, desk.shop_id, "points.csv", content, note, NOW, shown=False, actor=STAFF
        )
    )


def carry_out(desk: Desk, number: int) -> Import:
    return desk.do(lambda conn: import_members.carry_out(conn, desk.shop_id, number, STAFF, NOW))  # type: ignore[no-any-return]


def undo(desk: Desk, number: int) -> Import:
    later = NOW + timedelta(hours=1)
    return desk.do(lambda conn: import_members.undo(conn, desk.shop_id, number, STAFF, later))  # type: ignore[no-any-return]


def balances(desk: Desk) -> list[tuple[Any, ...]]:
    assert audit_of_points(desk.engine) == []
    return desk.rows("SELECT email, customer_id, state, balance FROM members ORDER BY id")


def test_checking_changes_nothing_and_says_what_would_happen(desk: Desk) -> None:
    number = check(desk, FILE + b"nobody,,5,\n")
    totals = desk.rows(f"SELECT totals, problems FROM imports WHERE id = {number}")[0]
    columns = {"email": "email", "customer_id": "customer id", "points": "points", "note": "note"}
    counted = {"lines": 4, "wrong": 1, "new": 2, "given": 75, "taken": 10, "ignored": []}
    assert totals[0] == counted | {"several": 1, "short": 0, "columns": columns}
    assert totals[1] == [[6, "“nobody” is not an e-mail address"]]
    assert balances(desk) == [("ana@example.com", 7, "member", 0)]


def test_it_is_carried_out_once_however_often_it_is_confirmed(desk: Desk) -> None:
    number = check(desk)
    with ThreadPoolExecutor(6) as pool:
        states = {one.state for one in pool.map(lambda _: carry_out(desk, number), range(6))}
    assert states == {"done"}
    assert balances(desk) == [
        ("ana@example.com", 7, "member", 40),
        ("new@example.com", None, "guest", 20),
        ("", 9, "member", 5),
    ]
    assert desk.rows("SELECT line, note FROM entry_notes ORDER BY line") == [
        (2, "A late parcel"), (3, "Moved here"), (4, "Moved here"), (5, "Moved here"),
    ]  # fmt: skip
    assert desk.rows("SELECT rows, state FROM imports") == [([], "done")]


def test_undoing_posts_counter_entries_once_and_keeps_the_members(desk: Desk) -> None:
    number = check(desk)
    carry_out(desk, number)
    for _ in range(2):
        assert undo(desk, number).state == "undone"
    assert [row[3] for row in balances(desk)] == [0, 0, 0]
    assert desk.rows("SELECT sum(points) FROM entries WHERE line < 1000000") == [(65,)]
    assert carry_out(desk, number).state == "undone"


def test_a_line_that_was_undone_by_itself_is_not_undone_twice(desk: Desk) -> None:
    number = check(desk)
    carry_out(desk, number)
    desk.undo(desk.rows("SELECT id FROM entries WHERE line = 2")[0][0])
    undo(desk, number)
    assert [row[3] for row in balances(desk)] == [0, 0, 0]


def test_where_the_rules_stop_at_zero_a_file_takes_only_what_is_there(engine: Engine, shop: object) -> None:
    desk = Desk(engine, shop.id, below_zero="clamp")  # type: ignore[attr-defined]
    number = check(desk, b"email,points\nana@example.com,30\nana@example.com,-50\n")
    assert carry_out(desk, number).totals["taken"] == 30
    assert balances(desk)[0][3] == 0
    second = check(desk, b"email,points\nana@example.com,30\n")
    carry_out(desk, second)
    desk.spend(25)
    undo(desk, second)
    assert balances(desk)[0][3] == 0


def test_a_file_without_a_good_line_and_a_file_that_is_gone_do_nothing(desk: Desk) -> None:
    with pytest.raises(BadInput):
        carry_out(desk, check(desk, b"email\nnobody\n"))
    with pytest.raises(NotFound):
        carry_out(desk, 99)
    with pytest.raises(BadInput) as caught:
        check(desk, b"\xff\xfe")
    assert "file" in caught.value.fields
    assert len(balances(desk)) == 1
