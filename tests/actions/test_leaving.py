"""That the app was removed is asked of Shopify: only a refused refresh counts, and erasing waits for 48 hours more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from plugin import jobs
from plugin.actions.shops import leaving
from plugin.cli import main
from plugin.rules.leaving import ASKED_FOR, asked_again_after
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work.job_kinds import JobKind
from sandbox import tokens as sandbox_tokens
from sandbox.shop import people
from tests.actions.stage import Stage

NO_ANSWER = ("token_5xx", "token_403")


def ours(stage: Stage) -> Shop:
    with system_transaction(stage.engine) as conn:
        return shops.get(conn, stage.shop_id)


def pairs(stage: Stage) -> int:
    return int(stage.rows("SELECT count(*) FROM shop_tokens")[0][0])


def forge(stage: Stage, topic: str) -> None:
    """A webhook that is signed and right, and not true."""
    own = {"shop_id": stage.shop.settings["shop_id"], "shop_domain": stage.shop.domain}
    body = people.shop_body(stage.shop) if topic == leaving.REMOVED else own
    stage.town.box.dispatcher.publish(stage.shop, topic, body, stage.clock())


def asked(outcome: str) -> float:
    return REGISTRY.get_sample_value("suki_leavings_total", {"outcome": outcome}) or 0.0


def erasures(stage: Stage) -> list[tuple[object, ...]]:
    return stage.rows("SELECT done_at IS NOT NULL FROM privacy_requests WHERE kind = 'shop/redact' ORDER BY id")


def test_a_shop_whose_refresh_is_refused_has_removed_the_app(stage: Stage) -> None:
    before = asked("removed")
    stage.town.box.uninstall(stage.shop)
    stage.hear()
    assert (ours(stage).state, pairs(stage)) == ("installed", 1)
    stage.settle()
    assert (ours(stage).state, pairs(stage), asked("removed")) == ("uninstalled", 0, before + 1)
    assert stage.waiting(JobKind.LEAVING) == []


@pytest.mark.parametrize("topic", [leaving.REMOVED, leaving.ERASE])
def test_what_is_not_true_changes_nothing_and_is_counted(stage: Stage, topic: str) -> None:
    order = stage.buy()
    stage.settle()
    before, sums = asked("app is there"), stage.sums()
    for _ in range(2):
        forge(stage, topic)
        stage.settle(days=3)
    assert (ours(stage).state, pairs(stage), asked("app is there")) == ("installed", 1, before + 2)
    assert (stage.sums(), erasures(stage), stage.waiting(JobKind.LEAVING)) == (sums, [], [])
    assert stage.redemption(order) == ("reserved", "created", None)


@pytest.mark.parametrize("topic", [leaving.REMOVED, leaving.ERASE])
@pytest.mark.parametrize("trouble", NO_ANSWER)
def test_no_clear_answer_is_asked_again_for_48_hours_and_keeps_the_shop(stage: Stage, trouble: str, topic: str) -> None:
    before = asked("no answer")
    forge(stage, topic)
    stage.town.trouble.set(**{trouble: 1})
    stage.settle()
    for _ in range(47):
        stage.settle(hours=1)
        assert (ours(stage).state, asked("no answer")) == ("installed", before)
        assert [row[:3] for row in stage.waiting(JobKind.LEAVING)] == [(JobKind.LEAVING, "queued", 0)]
    stage.settle(hours=1, minutes=1)
    assert (ours(stage).state, pairs(stage), asked("no answer"), erasures(stage)) == ("installed", 1, before + 1, [])
    ((_, state, _, error),) = stage.waiting(JobKind.LEAVING)
    assert (state, error[:57]) == ("failed", "Shopify didn't confirm within 48 hours that the app was r")


def test_an_answer_that_comes_late_counts(stage: Stage) -> None:
    stage.town.box.uninstall(stage.shop)
    stage.town.trouble.set(token_5xx=1)
    stage.settle()
    stage.settle(hours=40)
    assert ours(stage).state == "installed"
    stage.town.trouble.calm()
    stage.settle(hours=2)
    assert (ours(stage).state, stage.waiting(JobKind.LEAVING)) == ("uninstalled", [])


def test_a_call_refused_with_401_is_not_the_answer(stage: Stage) -> None:
    forge(stage, leaving.REMOVED)
    stage.town.trouble.set(graphql_401=1)
    stage.settle()
    assert (ours(stage).state, pairs(stage)) == ("installed", 1)


def test_a_pair_that_ended_by_itself_or_cannot_be_read_is_no_answer(stage: Stage) -> None:
    sandbox_tokens.revoke_all(stage.shop)
    for broken in ("refresh_expires_at = now()", "refresh_expires_at = now() + interval '1 day', refresh_token = 'x'"):
        stage.rows(f"UPDATE shop_tokens SET {broken} RETURNING 1")
        forge(stage, leaving.REMOVED)
        stage.settle()
        assert (ours(stage).state, pairs(stage)) == ("installed", 1)
        assert [row[1:3] for row in stage.waiting(JobKind.LEAVING)] == [("queued", 0)]


def test_a_merchant_who_opens_the_app_again_before_it_was_asked_has_not_left(stage: Stage) -> None:
    stage.town.box.uninstall(stage.shop)
    stage.hear()
    stage.open_app()
    stage.settle()
    assert (ours(stage).state, pairs(stage)) == ("installed", 1)


def test_a_pair_that_was_replaced_while_shopify_was_asked_is_not_dropped(stage: Stage) -> None:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        refused = shops.tokens(conn, stage.shop_id)
    stage.open_app()
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        assert not leaving.install_shop.uninstall(conn, stage.shop_id, stage.clock(), refused)
    assert (ours(stage).state, pairs(stage)) == ("installed", 1)


def test_a_shop_is_erased_48_hours_after_it_left_and_not_before(stage: Stage) -> None:
    stage.buy()
    stage.town.box.uninstall(stage.shop)
    stage.settle()
    stage.town.box.redact_shop(stage.shop)
    stage.settle(hours=47)
    assert (ours(stage).state, erasures(stage), len(stage.sums())) == ("uninstalled", [(False,)], 1)
    stage.settle(hours=1)
    assert (ours(stage).state, erasures(stage)) == ("redacted", [(True,)])


def test_a_shop_is_never_erased_after_it_came_back_not_even_when_it_leaves_again(stage: Stage) -> None:
    stage.buy()
    stage.town.box.uninstall(stage.shop)
    stage.town.box.redact_shop(stage.shop)
    stage.settle()
    stage.clock.ahead += timedelta(days=1, hours=1)  # opening counts from a day ago
    stage.open_app()
    stage.settle(hours=1)
    stage.town.box.uninstall(stage.shop)
    stage.settle(hours=46)
    assert (ours(stage).state, erasures(stage)) == ("uninstalled", [(True,)])
    assert stage.rows("SELECT result FROM privacy_requests") == [({"came_back": True},)]
    stage.settle(days=20)
    assert (ours(stage).state, stage.rows("SELECT count(*) FROM members WHERE email <> ''")) == ("uninstalled", [(1,)])


def test_a_request_to_erase_a_shop_that_nobody_said_had_left_is_asked_first_and_waits_as_long(stage: Stage) -> None:
    stage.buy()
    stage.settle()
    stage.shop.settings["installed"] = False
    sandbox_tokens.revoke_all(stage.shop)
    stage.town.box.redact_shop(stage.shop)
    stage.settle()
    assert (ours(stage).state, erasures(stage)) == ("uninstalled", [(False,)])
    stage.settle(hours=47)
    assert ours(stage).state == "uninstalled"
    stage.settle(hours=1)
    assert ours(stage).state == "redacted"


def test_a_job_that_erases_too_early_waits_by_itself(stage: Stage) -> None:
    stage.town.box.uninstall(stage.shop)
    stage.settle()
    stage.town.box.redact_shop(stage.shop)
    stage.hear()
    stage.rows("UPDATE jobs SET not_before = now() RETURNING 1")
    stage.settle(hours=1)
    assert (ours(stage).state, erasures(stage)) == ("uninstalled", [(False,)])
    stage.settle(hours=47)
    assert ours(stage).state == "redacted"


def test_a_shop_that_is_gone_for_60_days_is_erased_without_being_asked_for(stage: Stage) -> None:
    stage.buy()
    stage.town.box.uninstall(stage.shop)
    stage.settle()
    stage.clock.ahead += timedelta(days=59)
    assert jobs.erase_long_gone(stage.work) == 0
    stage.clock.ahead += timedelta(days=1)
    assert jobs.erase_long_gone(stage.work) == 1
    assert jobs.erase_long_gone(stage.work) == 1  # twice does no more
    stage.settle()
    assert (ours(stage).state, erasures(stage)) == ("redacted", [(True,)])
    assert jobs.erase_long_gone(stage.work) == 0


def test_an_erasure_that_failed_is_taken_up_again(stage: Stage) -> None:
    stage.town.box.uninstall(stage.shop)
    stage.settle()
    stage.town.box.redact_shop(stage.shop)
    stage.hear()
    stage.rows("UPDATE jobs SET state = 'failed' WHERE kind = 'erase_shop' RETURNING 1")
    stage.clock.ahead += timedelta(days=60)
    assert jobs.erase_long_gone(stage.work) == 1
    stage.settle()
    assert ours(stage).state == "redacted"
    assert stage.rows("SELECT count(*) FROM privacy_requests WHERE done_at IS NULL") == [(0,)]


HEARD = datetime(2026, 11, 20, tzinfo=UTC)


@given(st.timedeltas(min_value=timedelta(), max_value=ASKED_FOR - timedelta(seconds=1)))
def test_it_is_asked_again_in_a_minute_to_an_hour_and_once_more_at_the_end(waited: timedelta) -> None:
    pause = asked_again_after(HEARD, HEARD + waited)
    assert pause is not None
    assert timedelta() < pause <= timedelta(hours=1)
    assert pause >= timedelta(minutes=1) or waited + pause == ASKED_FOR


def test_after_48_hours_it_is_not_asked_again() -> None:
    assert asked_again_after(HEARD, HEARD + ASKED_FOR) is None
    asked_times, moment = 0, HEARD
    while (pause := asked_again_after(HEARD, moment)) is not None:
        asked_times, moment = asked_times + 1, moment + pause
    assert (asked_times, moment - HEARD) == (54, ASKED_FOR)


def test_whoever_runs_the_app_can_say_what_shopify_does_not(
    stage: Stage, live_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugin.cli_staff.load_settings", lambda: live_settings)
    said = partial(CliRunner().invoke, main, ["shops", "left", "--shop", stage.shop.domain])
    stage.town.trouble.set(token_403=1)
    stage.town.box.uninstall(stage.shop)
    stage.town.box.redact_shop(stage.shop)
    stage.settle()
    stage.settle(hours=49)
    assert {row[1] for row in stage.waiting(JobKind.LEAVING)} == {"failed"}
    stage.clock.ahead = timedelta()
    assert "has left. Its data can be erased in 48 hours" in said().output
    assert "doesn't have the app. Nothing was changed" in said().output
    stage.settle(hours=47)
    assert (ours(stage).state, pairs(stage), erasures(stage)) == ("uninstalled", 0, [(False,)])
    stage.settle(hours=2)
    assert (ours(stage).state, stage.waiting(JobKind.LEAVING)) == ("redacted", [])
    answer = CliRunner().invoke(main, ["shops", "left", "--shop", "nobody.myshopify.com"])
    assert (answer.exit_code, "never opened the app" in answer.output) == (1, True)
