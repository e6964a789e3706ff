"""A draft shows shoppers nothing, staff a way to launch, and programs what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import Engine

from plugin.cli import main
from plugin.rules.types import Buyer
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.members import members
from plugin.store.shops import launches, shops
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.session import Browser
from tests.web.shopper.test_shopper import Storefront

NOW = datetime.now(UTC)
MANILA = ZoneInfo("Asia/Manila")
PAGES = ("", "rewards", "history", "earn", "own", "referral", "friends/abc", "step/1/abc", "shopper.js", "nowhere")


@pytest.fixture
def draft(engine: Engine, settings: Settings, shop: ShopRow, app: Flask) -> Browser:
    """Staff of a shop that is not launched; Ana is a customer there, and no test member."""
    make_open(engine, settings, shop)
    with system_transaction(engine) as conn:
        conn.exec_driver_sql("UPDATE shops SET stage = 'draft', launched_at = NULL")
    with shop_transaction(engine, shop.id) as conn:
        members.add(conn, shop.id, [Buyer(customer_id=7, email="ana@example.com", first_name="Ana")], _Joined())
    return Browser(app, settings, shop.domain)


class _Joined(dict[Buyer, datetime]):
    def __missing__(self, _: Buyer) -> datetime:
        return NOW


def ana(engine: Engine, shop: ShopRow) -> int:
    with shop_transaction(engine, shop.id) as conn:
        return members.by_customers(conn, shop.id, [7])[7].id


def state(engine: Engine, shop: ShopRow) -> tuple[str, tuple[str, ...]]:
    with system_transaction(engine) as conn:
        found = shops.get(conn, shop.id)
    return found.stage, found.paused


@pytest.mark.parametrize("customer", ["", "7", "999"])
@pytest.mark.parametrize("path", PAGES)
def test_a_draft_shows_no_shopper_anything(
    draft: Browser, app: Flask, settings: Settings, shop: ShopRow, path: str, customer: str
) -> None:
    answer = Storefront(app, settings, shop.domain, customer).get(f"/proxy/{path}")
    assert answer.status_code == 404
    assert "This page isn&#39;t available" in answer.text
    for word in ("points", "reward", "Sign in", "Ana"):
        assert word not in answer.text.partition("</style>")[2]


def test_a_form_of_a_draft_does_nothing(draft: Browser, app: Flask, settings: Settings, shop: ShopRow) -> None:
    answer = Storefront(app, settings, shop.domain, "7").post("/proxy/rewards/r5", key="x")
    assert (answer.status_code, "isn&#39;t available" in answer.text) == (404, True)


def test_a_test_member_sees_everything(
    draft: Browser, app: Flask, settings: Settings, shop: ShopRow, engine: Engine
) -> None:
    front = Storefront(app, settings, shop.domain, "7")
    assert draft.post(f"/app/members/{ana(engine, shop)}/test", test="yes").status_code == 303
    assert front.get("/proxy/rewards").status_code == 200
    assert "Test member" in draft.page(f"/app/members/{ana(engine, shop)}")
    assert "Ana" in draft.page("/app/settings/launch")
    draft.post(f"/app/members/{ana(engine, shop)}/test")
    assert front.get("/proxy/rewards").status_code == 404


def tried(engine: Engine, shop: ShopRow) -> list[str]:
    with shop_transaction(engine, shop.id) as conn:
        return sorted(one.name for one in launches.test_members(conn, shop.id))


def test_a_test_member_is_chosen_by_a_name_or_an_address_and_from_several_by_a_button(
    draft: Browser, engine: Engine, shop: ShopRow
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        members.add(conn, shop.id, [Buyer(customer_id=8, email="anabel@example.com", first_name="Anabel"),
                                    Buyer(email="anaguest@example.com", first_name="Anaguest")], _Joined())  # fmt: skip
    several = draft.post("/app/settings/launch/try", who="ana")
    assert (several.status_code, "2 customers fit. Choose one." in several.text) == (200, True)
    assert "anaguest" not in several.text
    assert tried(engine, shop) == []
    for fields, expected in (
        ({"member": str(ana(engine, shop))}, ["Ana"]),
        ({"who": "anabel@example.com"}, ["Ana", "Anabel"]),
        ({"who": " Anab "}, ["Ana", "Anabel"]),
        ({"member": str(ana(engine, shop)), "end": "yes"}, ["Anabel"]),
    ):
        assert draft.post("/app/settings/launch/try", **fields).status_code == 303
        assert tried(engine, shop) == expected
    page = draft.page("/app/settings/launch")
    assert "Make Anabel a regular member" in page
    for fields in ({"who": "Nobody"}, {"who": ""}, {"who": "\0"}):
        answer = draft.post("/app/settings/launch/try", **fields)
        assert (answer.status_code, "No member has this name" in answer.text) == (422, True)
    assert draft.post("/app/settings/launch/try", member="987654321").status_code == 404
    assert tried(engine, shop) == ["Anabel"]


def test_no_other_shop_s_member_becomes_a_test_member(
    draft: Browser, other_browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    assert other_browser.post("/app/settings/launch/try", member=str(ana(engine, shop))).status_code == 404
    assert other_browser.post("/app/settings/launch/try", who="Ana").status_code == 422
    assert tried(engine, shop) == []


def test_before_the_launch_staff_read_what_shoppers_will_get_and_what_it_costs(draft: Browser) -> None:
    page = draft.page("/app/settings/launch")
    assert "Members earn 1 point for every $1." in page
    assert "Every buyer gets a 10% code for the next order, valid for 60 days." in page
    assert "At most 10% of what members spend goes back to them." in page
    assert "have nothing to redeem them for" in page
    assert draft.post("/app/start", based_on="1", goods="often", margin="fair", aim="more").status_code == 303
    page = draft.page("/app/settings/launch")
    assert "Points can be redeemed for 2 rewards." in page
    assert "have nothing to redeem them for" not in page


def test_home_and_settings_lead_to_the_launch_which_wants_to_be_confirmed(
    draft: Browser, engine: Engine, shop: ShopRow
) -> None:
    for path in ("/app", "/app/settings"):
        assert "/app/settings/launch" in draft.page(path)
    assert "nothing reaches shoppers" in draft.page("/app")
    unsure = draft.post("/app/settings/launch")
    assert unsure.status_code == 422 and "Select this first." in unsure.text
    assert state(engine, shop) == ("draft", ())
    assert draft.post("/app/settings/launch", confirmed="yes").headers["Location"].startswith("/app?")
    assert state(engine, shop) == ("launched", ())
    assert "nothing reaches shoppers" not in draft.page("/app")
    assert draft.post("/app/settings/launch", confirmed="yes").status_code == 409
    with shop_transaction(engine, shop.id) as conn:
        [(jobs,)] = conn.exec_driver_sql("SELECT array_agg(kind ORDER BY kind) FROM jobs").fetchall()
    assert jobs == ["show_everyone", "show_programme", "tiers"]


@pytest.mark.parametrize(
    "day", ["", "yesterday", "2999-01-01", "1950-01-01", NOW.astimezone(MANILA).date().isoformat()]
)
def test_a_first_day_that_is_not_past_is_refused_and_nothing_is_launched(
    draft: Browser, engine: Engine, shop: ShopRow, day: str
) -> None:
    answer = draft.post("/app/settings/launch", confirmed="yes", counts="day", first_day=day)
    assert (answer.status_code, "Choose a day before today" in answer.text) == (422, True)
    assert state(engine, shop) == ("draft", ())


def test_launching_from_a_past_day_plans_a_run_over_the_orders_since_then(
    draft: Browser, engine: Engine, shop: ShopRow
) -> None:
    day = (NOW - timedelta(days=40)).astimezone(MANILA).date()
    answer = draft.post("/app/settings/launch", confirmed="yes", counts="day", first_day=day.isoformat())
    assert answer.status_code == 303
    assert "/past-orders/" in answer.headers["Location"]
    assert state(engine, shop) == ("launched", ())
    with shop_transaction(engine, shop.id) as conn:
        [(since, until, counts_from)] = conn.exec_driver_sql(
            "SELECT r.since, r.until, (s.settings->>'counts_from')::timestamptz FROM past_runs r"
            " JOIN shops s ON s.id = r.shop_id"
        ).fetchall()
    assert since.astimezone(MANILA).isoformat() == f"{day}T00:00:00+08:00"
    assert until == counts_from
    assert "done=launched" not in draft.post("/app/settings/launch", confirmed="yes").headers.get("Location", "")


def test_what_is_paused_stands_on_home_until_it_is_resumed(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    assert browser.post("/app/settings/launch/pause", what="mails").status_code == 303
    assert state(engine, shop) == ("launched", ("mails",))
    assert "emails are skipped" in browser.page("/app")
    assert "Resume emails" in browser.page("/app/settings/launch")
    browser.post("/app/settings/launch/pause", what="mails", resume="yes")
    assert state(engine, shop) == ("launched", ())
    assert "emails are skipped" not in browser.page("/app")
    assert browser.post("/app/settings/launch/pause", what="everything").status_code == 422
    said = browser.page("/app/activity/staff")
    assert "Paused mails" in said
    assert "Resumed mails" in said


def test_whoever_runs_the_app_can_launch_and_pause(
    draft: Browser, engine: Engine, shop: ShopRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugin.cli_staff.load_settings", lambda: None)
    monkeypatch.setattr("plugin.store.database.db.create_engine", lambda *_, **__: _Kept(engine))
    run = CliRunner()
    assert run.invoke(main, ["shops", "pause", shop.domain, "mails"]).exit_code == 1
    assert run.invoke(main, ["shops", "launch", shop.domain]).output == f"{shop.domain} is launched.\n"
    assert run.invoke(main, ["shops", "pause", shop.domain, "mails"]).output == f"{shop.domain}: mails is paused.\n"
    assert run.invoke(main, ["shops", "show", shop.domain]).output == f"{shop.domain}: launched, paused: mails\n"
    assert run.invoke(main, ["shops", "resume", shop.domain, "mails"]).exit_code == 0
    assert state(engine, shop) == ("launched", ())


class _Kept:
    """The test's own engine, which is not to be closed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def dispose(self) -> None:
        """Nothing."""


def test_launching_again_by_the_store_changes_nothing(engine: Engine, shop: ShopRow) -> None:
    with system_transaction(engine) as conn:
        before = shops.get(conn, shop.id).launched_at
        launches.launch(conn, shop.id, NOW)
        assert shops.get(conn, shop.id).launched_at == before
