"""What a member redeemed, as it is told: what can be used apart from what is over, and each thing said once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from plugin.store.database.db import shop_transaction
from tests.conftest import ShopRow
from tests.web.shopper_api.surface import Surface, Theme, refusal

OPEN = {"preparing", "ready", "returning"}
STATES = (
    ("reserved", "wanted", "", "preparing"),
    ("reserved", "created", "", "ready"),
    ("reserved", "unwanted", "undone", "returning"),
    ("reserved", "disabled", "", "used"),
    ("captured", "created", "", "used"),
    ("released", "disabled", "undone", "returned"),
    ("released", "disabled", "not_taken", "returned"),
    ("released", "disabled", "expired", "returned"),
    ("released", "disabled", "creation_failed", "failed"),
    ("released", "disabled", "no_codes", "failed"),
)


def hold(engine: Engine, shop: ShopRow, state: str, code_state: str, why: str, *, expires: str = "30 days") -> int:
    with shop_transaction(engine, shop.id) as conn:
        number: int = conn.exec_driver_sql(
            "INSERT INTO redemptions (id, shop_id, member_id, reward, subject, points, terms, code, state, code_state,"
            " ended_why, created_at, expires_at) SELECT coalesce((SELECT max(id) FROM redemptions), 0) + 1, m.shop_id,"
            " m.id, 'rfive', 'asked:' || m.id || ':' || (SELECT count(*) FROM redemptions), 100,"
            """ '{"kind": "amount_off", "name": "5 off", "value": "5", "currency": "USD"}',"""
            f" 'SUKI-' || (SELECT count(*) FROM redemptions), '{state}', '{code_state}', '{why}', now(),"
            f" now() + interval '{expires}' FROM members m WHERE m.customer_id = 7 RETURNING id"
        ).scalar_one()
    return number


def test_each_state_says_so_once_and_ends_only_while_it_can_be_used(
    surface: Surface, theme: Theme, engine: Engine, opened: ShopRow
) -> None:
    made = {hold(engine, opened, *each[:3]): each for each in STATES}
    for number, (_, _, why, state) in made.items():
        one = surface.json(f"/held/{number}")
        assert (one["state"], one["ends"] is not None) == (state, state in ("preparing", "ready")), one
        assert bool(one["code"]) == (state == "ready")
        assert bool(one["more"]) == (state == "failed" or why == "not_taken"), one
        assert theme.ask(f"/held/{number}").json == one
    failed = surface.json(f"/held/{max(made) - 1}")
    assert failed["more"] == failed["text"] == "We couldn't create the code for 5 off. You got 100 stars back."
    assert not failed["releasable"] and failed["why"]["code"] == "held_failed"


def test_what_can_be_used_and_what_is_over_are_asked_for_apart(
    surface: Surface, engine: Engine, opened: ShopRow
) -> None:
    made = [hold(engine, opened, *each[:3]) for each in STATES]
    late = hold(engine, opened, "reserved", "created", "", expires="-1 day")
    found = {only: surface.json("/held", only=only)["held"] for only in ("open", "over")}
    assert {one["state"] for one in found["open"]} == OPEN
    assert [one["id"] for one in found["open"]] == sorted(made[:3], reverse=True)
    assert [one["id"] for one in found["over"]] == [late, *sorted(made[3:], reverse=True)]
    assert surface.json("/held")["held"] == sorted(sum(found.values(), []), key=lambda one: -one["id"])
    assert refusal(surface.get("/held", only="all"))[:2] == (422, "invalid")


def test_an_open_code_below_many_that_are_over_is_found_and_pages_leave_nothing_out(
    surface: Surface, engine: Engine, opened: ShopRow
) -> None:
    oldest = hold(engine, opened, "reserved", "created", "")
    with shop_transaction(engine, opened.id) as conn:
        conn.exec_driver_sql(
            "INSERT INTO redemptions (id, shop_id, member_id, reward, subject, points, terms, code, state, code_state,"
            " ended_why, created_at) SELECT r.id + n, r.shop_id, r.member_id, r.reward, r.subject || '.' || n, 100,"
            " r.terms, r.code || n, 'released', 'disabled', 'undone', now()"
            " FROM redemptions r, generate_series(1, 65) n"
        )
    listed = surface.json("/held", only="open")
    assert ([one["id"] for one in listed["held"]], listed["before"]) == ([oldest], None)
    pages, before = [], ""
    while True:
        page = surface.json("/held", only="over", **({"before": before} if before else {}))
        pages.append([one["id"] for one in page["held"]])
        if page["before"] is None:
            break
        before = str(page["before"])
    assert [len(each) for each in pages] == [30, 30, 5]
    assert sum(pages, []) == list(range(oldest + 65, oldest, -1))


@pytest.mark.parametrize("day", [datetime(2026, 1, 1, tzinfo=UTC)])
def test_a_gift_without_points_gives_none_back(
    surface: Surface, engine: Engine, opened: ShopRow, day: datetime
) -> None:
    number = hold(engine, opened, "released", "disabled", "creation_failed")
    with shop_transaction(engine, opened.id) as conn:
        conn.exec_driver_sql("UPDATE redemptions SET points = 0, created_at = %s", (day,))
    one = surface.json(f"/held/{number}")
    assert (one["state"], one["text"], one["more"]) == ("returned", "Returned", "")
