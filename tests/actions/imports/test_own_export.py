"""Whatever members are called and hold, their export comes back and changes nothing: not the second time either."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from tests.actions.imports.test_moving_in import House
from tests.actions.points.test_adjust_points import NOW
from tests.reached import reach, reaches

ODD = (
    "=1+1", "+63 917", "-Ana", "@home", "'quoted", "''twice", 'say "hi"', "a,b;c|d\te", "two\nlines", "Null",
    "N/A", "-", "0", "none", "Jr.", "Reyes, Ana", "محمد", "สมชาย ใจดี", "美咲", "Ольга", "Ægir", "🌸 Bella",
    "ＦＵＬＬ", "ﬁne", "e\u0301", "\u200bhidden", "\u202eright", " spaces  inside ", "O’Brien", "1234", "12-24",
    '=HYPERLINK("x")', "true",
)  # fmt: skip
NAMES = st.sampled_from(ODD) | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
PEOPLE = st.lists(
    st.tuples(
        NAMES, NAMES, st.integers(-900, 2_000_000), st.booleans(), st.sampled_from(["", "en", "de", "pt-BR", "th"])
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture
def house(engine: Engine, shop: Any) -> House:
    return House(engine, shop.id)


rounds = iter(range(10**6))


@reaches(guests=0.2)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=PEOPLE)
def test_an_export_of_anybody_comes_back_without_change(house: House, people: list[Any]) -> None:
    at = next(rounds)
    buyers = [
        Buyer(None if guest else 10_000 * (at + 1) + number, f"Who{at}.{number}+x@Example.com", first, last, language)
        for number, (first, last, _, guest, language) in enumerate(people)
    ]
    with shop_transaction(house.engine, house.shop_id) as conn:
        members.add(conn, house.shop_id, buyers, dict.fromkeys(buyers, NOW))
    by_id = "".join(
        f"{buyer.customer_id or ''},{'' if buyer.customer_id else buyer.email},{one[2]}\n"
        for buyer, one in zip(buyers, people, strict=True)
    )
    house.carry_out(house.upload(f"customer id,email,points balance\n{by_id}".encode()))
    if any(one[3] for one in people):
        reach("guests")
    before, entries = house.state(), house.rows("SELECT count(*) FROM entries")
    for _ in range(2):
        again = house.upload(house.export())
        file = house.file(again)
        assert (file.choices["source"], file.state, file.problems) == ("suki", "checked", [])
        assert [file.totals[name] for name in ("given", "taken", "changed", "new", "wrong")] == [0, 0, 0, 0, 0]
        house.carry_out(again)
        assert (house.state(), house.rows("SELECT count(*) FROM entries")) == (before, entries)
