"""Facts that went wrong: found by a sample, corrected by a rebuild; a rebuild that is stopped goes on."""

from __future__ import annotations

import itertools
import random
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine
from structlog.testing import capture_logs

from plugin.actions.reports import rebuild_facts, recount_facts, refresh_stats
from plugin.cli import main
from plugin.rules.retention.counted_by import under_way
from plugin.store.database.db import shop_transaction
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job
from tests import payloads
from tests.actions.reports.town import NOW, Town
from tests.conftest import TestDatabase
from tests.test_settings import GOOD

JOB = Job(1, 1, JobKind.RECOUNT_FACTS, "sample", {}, 1, 0, NOW)


@pytest.fixture
def town(engine: Engine) -> Town:
    """Nine orders of three customers, on nine days."""
    made = Town.new(engine, "Asia/Manila", "USD")
    made.tell("orders/paid", *(order(number) for number in range(1, 10)))
    made.refresh()
    return made


def order(number: int, **more: Any) -> dict[str, Any]:
    at = f"2026-03-{number:02}T10:00:00Z"
    whose = payloads.customer(number % 3 + 1, email=f"{number % 3}@example.com")
    return payloads.order(number, customer=whose, created_at=at, processed_at=at, updated_at=at, **more)


def later(day: int) -> dict[str, str]:
    return {"updated_at": f"2026-03-{day}T00:00:00Z"}


def spoil(town: Town, *statements: str) -> None:
    """Something changes what is kept, past everything that keeps it."""
    with shop_transaction(town.engine, town.shop_id) as conn:
        for statement in statements:
            conn.exec_driver_sql(statement)


def differences(of: str) -> float:
    return float(recount_facts.fact_differences.labels(of)._value.get())


def test_a_rebuild_corrects_whatever_is_wrong_and_removes_what_is_nobodys(town: Town) -> None:
    right = town.everything()
    spoil(
        town, "UPDATE order_facts SET net_minor = 1, counts = false, why_not = 'test' WHERE order_id = 3",
        "DELETE FROM order_facts WHERE order_id = 5", "DELETE FROM order_items WHERE order_id = 6",
        "UPDATE order_items SET product_id = 9 WHERE order_id = 7",
        f"INSERT INTO order_facts (shop_id, order_id, day, why_not) SELECT {town.shop_id}, n, '2026-01-01', 'test'"
        " FROM unnest(ARRAY[98, 99]) n", "UPDATE member_stats SET orders = 7, months = 1",
        f"INSERT INTO member_months SELECT {town.shop_id}, '2020-01-01', min(id), 1, 1, 1 FROM members",
    )  # fmt: skip
    assert town.everything() != right
    assert town.rebuild(most=2) == 6
    assert town.everything() == right
    assert town.rebuild() == 0


def test_a_rebuild_that_is_stopped_anywhere_goes_on_where_it_was(town: Town) -> None:
    right = town.everything()
    spoil(town, "UPDATE order_facts SET net_minor = 1", "DELETE FROM member_stats")
    rebuild_facts.begin(town.engine, town.shop_id)
    seen = []
    for _ in range(20):  # each time the process ends after one step
        steps = rebuild_facts.steps(town.engine, town.shop_id, lambda: town.now, most=2)
        if (at := next(steps, None)) is None:
            break
        seen.append((at.stage, at.orders, at.members))
        steps.close()
    assert seen == [
        ("orders", 2, 0), ("orders", 4, 0), ("orders", 6, 0), ("orders", 8, 0), ("members", 9, 0), ("members", 9, 2),
        ("over", 9, 3),
    ]  # fmt: skip
    assert town.everything() == right
    assert under_way(town.shop().settings) is None


def test_what_arrives_in_the_middle_of_a_rebuild_is_not_lost(town: Town) -> None:
    rebuild_facts.begin(town.engine, town.shop_id)
    steps = rebuild_facts.steps(town.engine, town.shop_id, lambda: town.now, most=2)
    next(steps)
    town.tell(
        "orders/updated", order(1) | {"cancelled_at": "2026-03-20T00:00:00Z", "updated_at": "2026-03-20T00:00:00Z"}
    )
    town.tell("orders/paid", order(30, total_price="1.00"), order(10))
    assert [at.stage for at in steps][-1] == "over"
    town.refresh()
    assert town.facts()[1][2] == "cancelled"
    kept = town.everything()
    assert len(town.facts()) == 11
    assert (town.rebuild(), town.everything()) == (0, kept)


def test_another_zone_and_another_currency_are_followed_without_being_asked(town: Town) -> None:
    town.tell("orders/paid", order(10) | {"processed_at": "2026-02-28T17:00:00Z"})
    town.refresh()
    assert town.facts()[10][1] == date(2026, 3, 1)
    town.describe(timezone="America/New_York")
    town.refresh()
    assert town.facts()[10][1] == date(2026, 2, 28)
    assert town.stats()[town.member(2)][0] == date(2026, 2, 28)
    assert town.months()[town.member(2), date(2026, 2, 1)] == (1, 1, 4995)
    town.describe(currency="EUR")
    town.tell("orders/paid", order(11) | {"currency": "EUR"})
    town.refresh()
    assert {row[5] for row in town.stats().values()} == {0, 4995}, "euros and dollars are never added"
    assert sum(row[3] for row in town.stats().values()) == 11


def test_a_shop_that_moves_and_moves_back_counts_no_order_in_the_wrong_place(town: Town) -> None:
    """What comes in between is counted in the zone that all the others are counted in."""
    town.describe(timezone="America/New_York")
    town.tell("orders/paid", order(10) | {"processed_at": "2026-02-28T17:00:00Z"})
    town.describe(timezone="Asia/Manila")
    town.refresh()
    assert town.facts()[10][1] == date(2026, 3, 1)


def test_an_order_from_before_all_others_moves_the_months_of_everybody(town: Town) -> None:
    assert {row[6] for row in town.stats().values()} == {1}
    town.tell("orders/paid", order(12) | {"processed_at": "2025-12-05T10:00:00Z"})
    town.refresh()
    assert sorted(row[6] for row in town.stats().values()) == [0b1000, 0b1000, 0b1001]
    town.tell("orders/paid", order(13) | {"processed_at": "2020-12-05T10:00:00Z"})
    town.refresh()
    march, december = 1 << 0, 1 << 60  # the 64th month is the first of the second word
    assert sorted(row[6:8] for row in town.stats().values()) == [(0, march), (1, march), (december, march)]


def test_whoever_is_forgotten_stays_a_number_and_goes_from_nowhere_to_nowhere(town: Town) -> None:
    town.tell("orders/paid", order(10, shipping_address={"country_code": "ph", "province_code": "CEB"}))
    town.refresh()
    ana, stats = town.member(2), town.stats()
    assert town.facts()[10][7:] == ("PH", "CEB")
    town.erase(2)
    town.refresh()
    assert town.facts()[10] == (ana, date(2026, 3, 10), "", "USD", 4995, 4995, 0, "", "")
    assert town.stats() == stats
    kept = town.everything()
    town.tell(
        "orders/updated", order(10, shipping_address={"country_code": "PH"}) | {"updated_at": "2026-03-30T00:00:00Z"}
    )
    assert (town.everything(), town.rebuild(), town.everything()) == (kept, 0, kept)


def test_where_an_order_goes_is_the_latest_word_whatever_comes_first(town: Town) -> None:
    """What is fetched does not say it, and takes nothing away."""
    told = [
        order(20, shipping_address={"country_code": "PH", "province_code": "CEB"}),
        order(20, billing_address={"country_code": "US", "province_code": "CA"}) | later(25),
        order(20) | later(26),
        order(20, shipping_address={"country_code": "Mars"}) | later(27),
    ]  # fmt: skip
    for number, turn in enumerate(itertools.permutations(range(4))):
        town.tell("orders/updated", *(told[one] | {"id": 100 + number} for one in turn))
    assert {town.facts()[100 + number][7:] for number in range(24)} == {("US", "CA")}


def test_a_sample_that_is_right_says_so(town: Town) -> None:
    with capture_logs() as logs:
        recount_facts.carry_out(town.work(), town.shop(), JOB)
    found = recount_facts.last(town.shop())
    assert found is not None and (found.wrong_orders, found.wrong_members) == (0, 0)
    assert found.orders >= 9 and found.members >= 3
    assert [line for line in logs if line["event"] == "facts_differed"] == []
    assert recount_facts.found_wrong_since(town.shop(), NOW) is None


def test_a_sample_that_is_wrong_is_corrected_said_counted_and_has_everything_computed_anew(town: Town) -> None:
    right = town.everything()
    spoil(town, "UPDATE order_facts SET net_minor = 7 WHERE order_id = 9", "UPDATE member_stats SET days = 9")
    before = differences("orders"), differences("members")
    with capture_logs() as logs:
        recount_facts.carry_out(town.work(), town.shop(), JOB)
    (said,) = [line for line in logs if line["event"] == "facts_differed"]
    assert said["wrong_orders"] == 1 and said["wrong_members"] >= 3
    assert (differences("orders"), differences("members")) == (before[0] + 1, before[1] + said["wrong_members"])
    assert town.facts() == right[0]
    wrong = recount_facts.found_wrong_since(town.shop(), NOW)
    assert wrong is not None and wrong.wrong_orders == 1
    assert town.rows(f"SELECT subject FROM jobs WHERE kind = '{JobKind.REBUILD_FACTS}'") == [("all",)]
    town.refresh()
    assert town.everything() == right


def test_the_places_of_a_sample_reach_from_the_first_to_the_last(town: Town) -> None:
    class Dice(random.Random):
        place = 0.0

        def random(self) -> float:
            return self.place

    for place, number in ((0.0, 1), (0.9999, 8)):
        spoil(town, f"UPDATE order_facts SET net_minor = 7 WHERE order_id = {number}")
        dice = Dice()
        dice.place = place
        assert recount_facts.sample(town.work(), town.shop_id, dice).wrong_orders == 1


def test_an_order_that_is_somebody_elses_by_now_is_counted_for_them_alone(town: Town) -> None:
    first, other = town.member(2), town.member(3)
    assert (town.stats()[first][3], town.stats()[other][3]) == (3, 3)
    whose = payloads.customer(3, email="2@example.com")
    town.tell("orders/updated", order(1) | {"customer": whose, "email": "2@example.com"} | later(30))
    town.refresh()
    assert (town.stats()[first][3], town.stats()[other][3]) == (2, 4)
    assert town.rebuild() == 0


def test_marks_are_taken_once_and_nobody_is_left_out(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh_stats, "A_STEP", 2)
    spoil(town, "DELETE FROM member_stats")
    assert town.rows("SELECT count(*) FROM stats_dirty") == [(0,)]
    town.tell("orders/updated", *(order(n) | {"test": True} | later(30) for n in range(1, 7)))
    assert town.rows("SELECT count(*) >= 3 FROM stats_dirty") == [(True,)]
    town.refresh()
    assert {row[3] for row in town.stats().values()} == {1}
    assert town.rows("SELECT count(*) FROM stats_dirty") == [(0,)]


def test_the_same_order_told_again_marks_nobody(town: Town) -> None:
    town.tell("orders/updated", *(order(number) for number in range(1, 10)))
    assert town.rows("SELECT count(*) FROM stats_dirty") == [(0,)]


def test_an_operator_has_one_shop_or_all_computed_anew(
    town: Town, database: TestDatabase, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in {**GOOD, "DATABASE_URL": database.url}.items():
        monkeypatch.setenv(name, value)
    domain, right = town.shop().domain, town.everything()
    other = Town.new(town.engine, "UTC", "USD")
    spoil(town, "UPDATE order_facts SET net_minor = 1 WHERE order_id < 4")
    answer = CliRunner().invoke(main, ["facts", "rebuild", "--shop", domain])
    assert (answer.exit_code, answer.output) == (0, f"{domain}: 9 orders, 3 of them corrected; 3 members\n")
    assert town.everything() == right
    both = CliRunner().invoke(main, ["facts", "rebuild"]).output.splitlines()
    assert both == [
        f"{domain}: 9 orders, 0 of them corrected; 3 members",
        f"{other.shop().domain}: 0 orders, 0 of them corrected; 0 members",
    ]
    nowhere = CliRunner().invoke(main, ["facts", "rebuild", "--shop", "nowhere.myshopify.com"])
    assert nowhere.exit_code == 1 and "nowhere.myshopify.com" in nowhere.output
