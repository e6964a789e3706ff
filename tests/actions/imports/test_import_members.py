"""A file is carried out once, adds who is missing, and can be undone as a whole."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import Engine

from plugin import jobs
from plugin.actions.imports import carry_out_file, check_file, undo_file, upload_file
from plugin.actions.shops.tokens import AdminClients
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.errors import BadInput, Conflict, NotFound
from plugin.settings import Settings
from plugin.store.imports import files
from plugin.store.imports.files import Import
from plugin.store.shops import shops
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
        lambda conn: upload_file.upload(
            conn, shops.get(conn, desk.shop_id), "points.csv", content, note, NOW, shown=False, actor=STAFF
        )
    )


def carry_out(desk: Desk, number: int) -> Import:
    return desk.do(  # type: ignore[no-any-return]
        lambda conn: carry_out_file.carry_out(conn, shops.get(conn, desk.shop_id), number, STAFF, NOW)
    )


def undo(desk: Desk, number: int) -> Import:
    later = NOW + timedelta(hours=1)
    return desk.do(  # type: ignore[no-any-return]
        lambda conn: undo_file.undo(conn, shops.get(conn, desk.shop_id), number, STAFF, later)
    )


def balances(desk: Desk) -> list[tuple[Any, ...]]:
    assert audit_of_points(desk.engine) == []
    return desk.rows("SELECT email, customer_id, state, balance FROM members ORDER BY id")


def test_checking_changes_nothing_and_says_what_would_happen(desk: Desk) -> None:
    number = check(desk, FILE + b"nobody,,5,\n")
    totals = desk.rows(f"SELECT totals, problems FROM imports WHERE id = {number}")[0]
    counted = {"lines": 4, "wrong": 1, "new": 2, "given": 75, "taken": 10, "sum": 65, "known": 1, "changed": 2}
    assert {name: totals[0][name] for name in counted} == counted
    assert (totals[0]["several"], totals[0]["short"], totals[0]["file_lines"]) == (1, 0, 5)
    assert totals[1] == [[6, "“nobody” isn't an email address.", "members.file.email", {"text": "nobody"}, False]]
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
    assert desk.rows("SELECT (SELECT count(*) FROM import_parts), state FROM imports") == [(0, "done")]


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
        carry_out(desk, check(desk, b"email,points\nnobody,5\n"))
    with pytest.raises(NotFound):
        carry_out(desk, 99)
    with pytest.raises(BadInput) as caught:
        check(desk, b"\xff\xfe")
    assert "file" in caught.value.fields
    assert len(balances(desk)) == 1


class Killed(BaseException):
    """As a kill: nothing of ours catches it."""


def long_file(desk: Desk) -> int:
    lines = [f"p{number % 70}@example.com,{5 - number % 7}" for number in range(200)]
    return check(desk, "\n".join(["email,points", *lines]).encode())


def everything(desk: Desk) -> list[Any]:
    assert audit_of_points(desk.engine) == []
    who = "JOIN members m ON m.id = e.member_id ORDER BY 1, 2"
    return [
        desk.rows("SELECT email, balance, debt FROM members ORDER BY email"),
        desk.rows(f"SELECT m.email, e.line, e.points FROM entries e {who}"),
        desk.rows(f"SELECT m.email, e.line, e.note FROM entry_notes e {who}"),
        desk.rows("SELECT state, totals - 'undone_after' FROM imports ORDER BY id"),
        desk.rows("SELECT count(*) FROM import_parts"),
        desk.rows("SELECT count(*) FROM staff_log"),
    ]


@pytest.mark.parametrize("what", ["check", "import", "undo"])
def test_a_long_file_that_is_killed_in_every_step_ends_as_one_that_is_not(
    engine: Engine, settings: Settings, shop: Any, other_shop: Any, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(upload_file, "LINES", 30)
    monkeypatch.setattr(undo_file, "LINES", 30)
    work = Work(engine, AdminClients.of(settings), cast(Mailer, None), lambda: NOW + timedelta(days=1))
    outcomes = []
    for at, dies in ((shop, False), (other_shop, True)):
        desk = Desk(engine, at.id)
        number = long_file(desk)
        deaths = run_to_the_end(work, desk, monkeypatch, dies=dies and what == "check")
        if what == "check":
            assert (deaths > 0) == dies
            outcomes.append(everything(desk))
            continue
        assert carry_out(desk, number).state == "running"
        deaths = run_to_the_end(work, desk, monkeypatch, dies=dies and what == "import")
        if what == "undo":
            assert undo(desk, number).state == "undoing"
            deaths = run_to_the_end(work, desk, monkeypatch, dies=dies)
        assert (deaths > 0) == dies
        outcomes.append(everything(desk))
    assert outcomes[0] == outcomes[1]
    assert outcomes[0][3][0][0] == {"check": "checked", "import": "done", "undo": "undone"}[what]


def run_to_the_end(work: Work, desk: Desk, monkeypatch: pytest.MonkeyPatch, *, dies: bool) -> int:
    """Run the job; a runner that `dies` is killed in its second step, after everything was written, each time."""
    deaths, original = 0, files.change
    while desk.rows("SELECT 1 FROM jobs WHERE kind = 'import_members'"):
        steps = iter(range(1000))

        def change(conn: Any, *args: Any, steps: Any = steps, **values: Any) -> None:
            original(conn, *args, **values)
            if dies and next(steps) == 1:
                raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(files, "change", change)
            try:
                jobs.run(work, desk.shop_id, "import_members")
            except Killed:
                deaths += 1
    return deaths


def test_a_long_file_that_is_canceled_leaves_nothing_and_its_other_lines_are_forgotten(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_file, "LINES", 30)
    monkeypatch.setattr(check_file, "PARTS_AT_ONCE", 9)
    number = long_file(desk)
    assert carry_out(desk, number).state == "running"
    assert {row[-1] for row in balances(desk)} > {0}

    def cancel() -> Import:
        return desk.do(  # type: ignore[no-any-return]
            lambda conn: undo_file.cancel(conn, shops.get(conn, desk.shop_id), number, STAFF, NOW)
        )

    assert (cancel().state, cancel().state) == ("undone", "undone")
    assert {row[-1] for row in balances(desk)} == {0}
    assert desk.rows("SELECT count(*) FROM import_parts") == [(0,)]
    assert undo(desk, number).state == "undone"


def test_a_file_can_be_undone_for_thirty_days(desk: Desk) -> None:
    number = check(desk)
    carry_out(desk, number)

    def at(moment: datetime) -> Import:
        return desk.do(  # type: ignore[no-any-return]
            lambda conn: undo_file.undo(conn, shops.get(conn, desk.shop_id), number, STAFF, moment)
        )

    with pytest.raises(Conflict):
        at(NOW + timedelta(days=30))
    assert at(NOW + timedelta(days=30, seconds=-1)).state == "undone"


def test_a_long_file_says_how_far_it_is_and_is_neither_begun_again_nor_undone_meanwhile(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_file, "LINES", 30)
    monkeypatch.setattr(check_file, "PARTS_AT_ONCE", 9)
    number = long_file(desk)
    file = carry_out(desk, number)
    assert (file.state, file.part, file.parts, file.totals["lines"]) == ("running", 1, 7, 200)
    assert carry_out(desk, number).part == 1
    assert undo(desk, number).state == "running"
    assert desk.rows("SELECT count(*) FROM jobs WHERE kind = 'import_members'") == [(1,)]
