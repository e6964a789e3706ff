"""Each file of somebody else goes all the way: looked at, carried out, added up in the database, and taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.imports import upload_file
from plugin.actions.imports.check_file import shown_of
from plugin.rules.imports import choices
from plugin.rules.programme import Programme
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests.actions.imports.test_moving_in import House
from tests.actions.points.test_adjust_points import NOW, STAFF
from tests.rules.imports.foreign_files import EXPECTED, FOLDER, apart, points_of

SMALL = sorted(name for name in EXPECTED if EXPECTED[name]["lines"] <= 100)


@pytest.fixture
def house(engine: Engine, shop: Any) -> House:
    return House(engine, shop.id)


def choose(house: House, number: int, name: str) -> None:
    """As the merchant would: the app they come from, and what nobody can guess."""
    said, file = EXPECTED[name], house.file(number)
    chosen = choices.guess(file.headings, shown_of(file), said["source"])
    columns = {**chosen.columns, **{key: file.headings.index(at) for key, at in apart(name).columns.items()}}
    points_as = "add" if said["duplicates"]["policy"] == "sum" else "set"
    levels = [Tier(key=f"t{at}", name=tier, enter=10**8 + at) for at, tier in enumerate(said["tiers"])]
    rules = Programme(below_zero="negative", tiers=Tiers(metric="points", window="lifetime", levels=tuple(levels)))
    with shop_transaction(house.engine, house.shop_id) as conn:
        programmes.add(conn, house.shop_id, rules, "test", "", NOW)
        wanted = replace(chosen, columns=columns, points_as=points_as)
        upload_file.choose(conn, shops.get(conn, house.shop_id), number, wanted, STAFF, NOW)


@pytest.mark.parametrize("name", SMALL)
def test_what_a_file_adds_up_to_is_what_the_shop_has_then_and_all_of_it_goes_back(house: House, name: str) -> None:
    said, differs = EXPECTED[name], apart(name)
    number = house.upload((FOLDER / name).read_bytes())
    choose(house, number, name)
    totals = house.file(number).totals
    assert house.rows("SELECT FROM members") == [], "a look changes nothing"
    file = house.carry_out(number)
    assert (file.state, file.totals["given"] - file.totals["taken"]) == ("done", totals["given"] - totals["taken"])
    alone = sum(key == "members.file.no_account" for _, _, key, *_ in file.problems)
    [(people, points, left)] = house.rows(
        "SELECT count(*), sum(balance)::bigint, count(*) FILTER (WHERE state = 'left') FROM members"
    )
    assert people == said["members"] + differs.members - alone
    assert left == said["excluded"] + differs.excluded - alone
    assert points == totals["given"] - totals["taken"]
    if not alone:
        assert points == points_of(name)
    born, brought = "SELECT count(*) FROM member_profiles WHERE birth_month > 0", "SELECT FROM referral_aliases"
    if not said["duplicates"]["repeated_lines"]:
        assert (totals.get("birthdays", 0), totals.get("referrals", 0)) == (
            house.rows(born)[0][0],
            len(house.rows(brought)),
        )
    house.undo(number)
    assert house.rows("SELECT DISTINCT balance FROM members") == [(0,)]
    assert (house.rows(brought), house.rows(born), house.state()[2]) == ([], [(0,)], [])
