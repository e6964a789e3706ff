"""Acts on many members: each once, whatever is killed; stopped, undone as a whole, told or not."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy import Engine

from plugin import jobs
from plugin.actions.bulk import for_many, points_for_many
from plugin.actions.shops.tokens import AdminClients
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.rules.types import Buyer
from plugin.settings import Settings
from plugin.store.members import bulk_acts, member_list, members
from plugin.store.members.member_list import Wanted
from plugin.store.shops import shops
from tests.actions.points.test_adjust_points import NOW, STAFF, Desk, audit_of_points

POINTS = {"points": 25, "kind": "gift", "note": "For the delay", "shown": True, "tell": True}


class Killed(BaseException):
    """As a kill: nothing of ours catches it."""


class Crowd(Desk):
    """Staff, and seventy members and guests with some points."""

    def __init__(self, engine: Engine, settings: Settings, shop_id: int, **rules: Any) -> None:
        super().__init__(engine, shop_id, **rules)
        self.work = Work(engine, AdminClients.of(settings), cast(Mailer, None), lambda: NOW + timedelta(minutes=1))
        people = [Buyer(None if n % 5 == 0 else 100 + n, f"p{n}@example.com") for n in range(69)]
        self.do(lambda conn: members.add(conn, shop_id, people, dict.fromkeys(people, NOW)))

    def begin(self, act: str, terms: dict[str, Any], whom: Any, key: str = "a") -> int:
        def it(conn: Any) -> int:
            return for_many.begin(
                conn, shops.get(conn, self.shop_id), key * 32, act, terms, whom, 70, STAFF, NOW
            )[0]  # fmt: skip

        return int(self.do(it))

    def turn(self, call: Any, number: int) -> bool:
        return bool(self.do(lambda conn: call(conn, shops.get(conn, self.shop_id), number, STAFF, NOW)))

    def run(self, monkeypatch: pytest.MonkeyPatch, dies: bool = False) -> int:
        """The job to its end; a runner that `dies` is killed in its second step, after everything was written."""
        deaths, forwards, backwards = 0, bulk_acts.get_on, bulk_acts.get_back
        while self.rows("SELECT FROM jobs WHERE kind = 'bulk_act'"):
            steps = iter(range(1000))

            def dying(original: Any, steps: Any = steps) -> Any:
                def get_on(*args: Any) -> None:
                    original(*args)
                    if dies and next(steps) == 1:
                        raise Killed

                return get_on

            with monkeypatch.context() as patch:
                patch.setattr(for_many, "A_STEP", 9)
                patch.setattr(bulk_acts, "get_on", dying(forwards))
                patch.setattr(bulk_acts, "get_back", dying(backwards))
                try:
                    jobs.run(self.work, self.shop_id, "bulk_act")
                except Killed:
                    deaths += 1
        return deaths

    def act(self, number: int) -> tuple[Any, ...]:
        sql = f"SELECT state, done, left_out, undone FROM bulk_acts WHERE id = {number}"
        return self.rows(sql)[0]

    def messages(self) -> list[tuple[Any, ...]]:
        return self.rows("SELECT kind, state, last_error, count(*) FROM messages GROUP BY 1, 2, 3 ORDER BY 1, 2, 3")


@pytest.fixture
def crowd(engine: Engine, settings: Settings, shop: Any) -> Crowd:
    return Crowd(engine, settings, shop.id)


@pytest.mark.parametrize("what", ["do", "undo"])
def test_killed_in_every_step_everybody_gets_it_once_as_without(
    engine: Engine, settings: Settings, shop: Any, other_shop: Any, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    outcomes = []
    for at, dies in ((shop, False), (other_shop, True)):
        crowd = Crowd(engine, settings, at.id)
        number = crowd.begin("points", POINTS, Wanted())
        deaths = crowd.run(monkeypatch, dies=dies and what == "do")
        if what == "undo":
            assert crowd.turn(for_many.undo, number)
            deaths = crowd.run(monkeypatch, dies=dies)
        assert (deaths > 0) == dies
        outcomes.append(
            [
                crowd.act(number),
                crowd.rows("SELECT m.email, e.kind, e.points FROM entries e JOIN members m ON m.id = e.member_id"
                           " ORDER BY 1, e.id"),
                crowd.rows("SELECT count(*), sum(balance) FROM members"),
                crowd.messages(),
                crowd.rows("SELECT note, shown, count(*) FROM entry_notes GROUP BY 1, 2"),
            ]
        )  # fmt: skip
        assert audit_of_points(engine) == []
    assert outcomes[0] == outcomes[1]
    done, sums = outcomes[0][0], outcomes[0][2]
    assert (done, sums) == (
        (("done", 70, 0, 0), [(70, 70 * 25)]) if what == "do" else (("undone", 70, 0, 70), [(70, 0)])
    )
    back = [("points_taken_back", "queued", "", 70)] if what == "undo" else []
    assert outcomes[0][3] == [("points_given", "queued", "", 70), *back]


def test_whoever_fits_the_filter_gets_it_and_nobody_else_also_where_the_act_moves_them_out_of_it(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(4)
    spread = {row[0]: dice.randint(0, 30) for row in crowd.rows("SELECT id FROM members")}
    for member, points in spread.items():
        crowd.rows(f"UPDATE members SET balance = 0 + {points}, debt = 0 WHERE id = {member} RETURNING id")
    newest = max(spread)
    wanted = Wanted(who="member", points_to=20, up_to=newest - 3)
    expected = set(crowd.do(lambda conn: member_list.numbers(conn, crowd.shop_id, wanted, 0, 999)))
    crowd.begin("points", POINTS, wanted)
    late = Buyer(999, "late@example.com")
    crowd.do(lambda conn: members.add(conn, crowd.shop_id, [late], {late: NOW}))
    crowd.run(monkeypatch)
    assert {row[0] for row in crowd.rows("SELECT member_id FROM entries")} == expected
    assert 0 < len(expected) < 60


def test_the_same_form_is_carried_out_once_and_the_ticked_are_all_that_get_it(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticked = [row[0] for row in crowd.rows("SELECT id FROM members ORDER BY id LIMIT 3")]
    first, again = (crowd.begin("points", POINTS, [*ticked, ticked[0], 10**12]) for _ in range(2))
    assert first == again
    crowd.run(monkeypatch)
    assert crowd.rows("SELECT member_id, sum(points) FROM entries GROUP BY 1 ORDER BY 1") == [(n, 25) for n in ticked]
    assert crowd.act(first) == ("done", 3, 1, 0)
    assert crowd.rows("SELECT action FROM staff_log") == [("begin_bulk_act",)]


def test_who_is_not_to_be_told_has_a_message_that_says_why_none_went(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = crowd.begin("points", POINTS | {"tell": False}, Wanted(who="guest"))
    crowd.run(monkeypatch)
    crowd.turn(for_many.undo, number)
    crowd.run(monkeypatch)
    assert crowd.messages() == [("points_given", "skipped", "staff chose not to tell the member", 14)]
    assert crowd.rows("SELECT FROM jobs WHERE kind = 'send_message'") == []


def test_where_the_rules_stop_at_zero_nothing_is_taken_that_is_not_there(
    engine: Engine, settings: Settings, shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = Crowd(engine, settings, shop.id, below_zero="clamp")
    crowd.adjust(10)
    number = crowd.begin("points", POINTS | {"points": -25, "kind": "adjusted"}, Wanted())
    crowd.run(monkeypatch)
    assert (crowd.act(number), crowd.rows("SELECT sum(balance) FROM members")) == (("done", 1, 69, 0), [(0,)])
    assert crowd.do(lambda conn: bulk_acts.left_out(conn, crowd.shop_id, number)) == {"nothing_to_take": 69}
    crowd.turn(for_many.undo, number)
    crowd.run(monkeypatch)
    assert crowd.rows("SELECT sum(balance) FROM members") == [(10,)]
    assert crowd.messages() == [("points_given", "queued", "", 1), ("points_taken_back", "queued", "", 1)]


def test_what_is_stopped_stays_as_far_as_it_came_and_can_be_undone(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = crowd.begin("points", POINTS, Wanted())
    crowd.do(lambda conn: for_many.step(conn, crowd.shop_id, number, STAFF, NOW, 9))
    assert crowd.turn(for_many.stop, number)
    assert not crowd.turn(for_many.stop, number)
    crowd.run(monkeypatch)
    assert crowd.act(number) == ("stopped", 9, 0, 0)
    assert crowd.turn(for_many.undo, number)
    assert not crowd.turn(for_many.undo, number)
    crowd.run(monkeypatch)
    assert crowd.act(number) == ("undone", 9, 0, 9)
    assert crowd.rows("SELECT sum(balance) FROM members") == [(0,)]


def test_what_was_undone_by_itself_is_not_undone_twice(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    number = crowd.begin("points", POINTS, [crowd.member])
    crowd.run(monkeypatch)
    crowd.undo(crowd.rows("SELECT id FROM entries")[0][0])
    crowd.turn(for_many.undo, number)
    crowd.run(monkeypatch)
    assert (crowd.act(number), crowd.entries) == (("undone", 1, 0, 0), [("gift", 25), ("undone", -25)])
    act = crowd.do(lambda conn: bulk_acts.get(conn, crowd.shop_id, number))
    assert crowd.rows("SELECT subject FROM entries LIMIT 1")[0][0] == str(points_for_many.subject_of(act, crowd.member))
