"""Codes that Shopify never finishes, or no longer knows of: asked for ever less often, and not without end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from plugin import jobs
from plugin.actions.codes import code_batches, fill_codes
from plugin.store.codes import code_sets
from plugin.store.codes.code_sets import Call
from plugin.store.database.db import shop_transaction
from plugin.store.work.jobs import Job
from plugin.store.work.jobs import one as job_on
from plugin.store.work.jobs import retry as retry_jobs
from plugin.web.forms import code_batch
from tests.actions.stage import Stage

FORM = {"name": "Flyer", "count": "600", "kind": "amount", "value": "5", "valid_days": "30", "prefix": "fly"}


@pytest.fixture
def batch(stage: Stage) -> int:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        wanted = code_batch.read(FORM, "USD")
        return code_batches.make(conn, stage.shop_id, wanted, "", "staff:1", stage.clock())


def job(stage: Stage, batch: int) -> Job | None:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        return job_on(conn, stage.shop_id, "make_codes", str(batch))


def trouble_of(stage: Stage) -> tuple[str, str]:
    """The set's state, and what is said of it."""
    state, error = stage.rows("SELECT state, last_error FROM code_sets")[0]
    return state, error


def polls(stage: Stage, batch: int, span: timedelta) -> list[float]:
    """Carry out whatever is due for so long; answers how many seconds lay between one look and the next."""
    waits: list[float] = []
    until = stage.clock() + span
    while (found := job(stage, batch)) and found.state == "queued" and stage.clock() < until:
        assert found.not_before is not None
        waits.append(max(0.0, (found.not_before - stage.clock()).total_seconds()))
        stage.clock.ahead += timedelta(seconds=waits[-1] + 0.001)
        jobs.run_due(stage.work)
    return waits


def test_the_first_looks_are_quick_and_later_ones_ever_rarer(stage: Stage) -> None:
    at = stage.clock()
    two = [Call(1, 250, "sent", "gid", at), Call(251, 500, "sent", "gid", at + timedelta(seconds=1))]
    waits = [fill_codes.wait_seconds(two, at + timedelta(seconds=seconds)) for seconds in (1, 1.1, 11, 61, 301, 86400)]
    assert waits == pytest.approx([0.02, 0.02, 1, 6, 15, 15])


def test_what_shopify_never_finishes_is_asked_about_ever_less_often_and_is_no_error_at_first(
    stage: Stage, batch: int
) -> None:
    stage.town.trouble.set(bulk_never_done=1)
    polls(stage, batch, timedelta(minutes=4))
    found = job(stage, batch)
    assert found is not None
    assert (found.state, found.attempts, found.last_error) == ("queued", 0, "")
    assert trouble_of(stage) == ("filling", "")
    waits = polls(stage, batch, timedelta(minutes=10))
    assert len(waits) < 60
    assert max(waits) <= fill_codes.LONGEST_WAIT_SECONDS
    assert trouble_of(stage) == ("filling", "Shopify takes long to make these codes.")


def test_after_an_hour_it_is_asked_for_once_more_and_then_all_is_well(stage: Stage, batch: int) -> None:
    stage.town.trouble.set(bulk_never_done=1)
    polls(stage, batch, timedelta(minutes=10))
    stage.town.trouble.calm()
    polls(stage, batch, timedelta(minutes=55))
    stage.settle()
    assert trouble_of(stage) == ("ready", "")
    assert stage.rows("SELECT state, made_again FROM code_calls ORDER BY first") == [("done", 1)] * 3
    assert stage.rows("SELECT count(*) FROM set_codes WHERE state = 'there'") == [(600,)]
    assert stage.waiting("make_codes") == []


def test_what_shopify_never_knows_of_is_asked_for_five_times_more_and_then_staff_are_told(
    stage: Stage, batch: int
) -> None:
    stage.town.trouble.set(bulk_forgotten=1)
    waits = polls(stage, batch, timedelta(hours=1))
    found = job(stage, batch)
    assert found is not None
    assert (found.state, found.last_error) == ("failed", trouble_of(stage)[1])
    assert "never finished 250 of the codes" in found.last_error
    assert 0 < sum(waits) < 120
    assert len(stage.shop.bulk) <= 3 * 6
    stage.town.trouble.calm()
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        assert retry_jobs(conn, stage.shop_id, [found.id], stage.clock()) == 1
    stage.settle()
    assert trouble_of(stage) == ("ready", "")
    assert stage.rows("SELECT code FROM set_codes WHERE state <> 'there'") == []


def test_a_creation_that_is_not_known_for_a_moment_is_not_made_twice(stage: Stage, batch: int) -> None:
    stage.town.trouble.set(bulk_forgotten=1)
    polls(stage, batch, timedelta(seconds=5))
    stage.town.trouble.calm()
    stage.settle()
    assert trouble_of(stage) == ("ready", "")
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        assert code_sets.open_calls(conn, stage.shop_id, batch) == []
    assert len(stage.shop.bulk) == 3
