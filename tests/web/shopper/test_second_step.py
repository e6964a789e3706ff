"""What the storefront's signature is not enough for: a link by mail, for 15 minutes, once, and for one account only."""

from __future__ import annotations

import html
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.actions.members import leave_programme, own_data, second_step
from plugin.actions.work.work import Work
from plugin.app import create_app
from plugin.jobs import run
from plugin.rules.members.second_step import PURPOSES
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.web.current import KEY
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.programme.test_rewards import member_with
from tests.web.second_steps import asked, confirmed, newest_link
from tests.web.shopper.test_money_rewards import CODE, card_of, offer
from tests.web.shopper.test_shopper import Storefront

REFUSED = "It was already used, is more than 15 minutes old, or was sent for another account."


@pytest.fixture
def front(app: Flask, engine: Engine, settings: Settings, shop: ShopRow) -> Storefront:
    make_open(engine, settings, shop)
    offer(engine, shop)
    member_with(engine, shop, 500)
    return Storefront(app, settings, shop.domain, "7")


def rows(engine: Engine, shop: ShopRow, sql: str) -> list[tuple[Any, ...]]:
    with shop_transaction(engine, shop.id) as conn:
        return [tuple(row) for row in conn.exec_driver_sql(sql)]


def gathered(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    """Have the member's data put together, and the worker do it."""
    assert front.post("/proxy/own/data", key=front.key("/proxy/own")).status_code == 200
    held = front.client.application.extensions[KEY]
    run(Work(engine, held.clients, None, lambda: datetime.now(UTC)), shop.id, "export_customer")  # type: ignore[arg-type]


def test_a_code_is_shown_once_and_only_behind_the_link(
    front: Storefront, engine: Engine, settings: Settings, shop: ShopRow
) -> None:
    made = card_of(engine, settings, shop, 1)
    sent = asked(front, "code", redemption=str(made.id))
    assert (sent.status_code, "Check your email" in sent.text) == (200, True)
    path = newest_link(front, engine, shop)
    for _ in range(3):  # mail scanners open links, and use nothing up
        page = front.get(path)
        assert (page.status_code, "ABCD" in page.text) == (200, False)
    shown = front.post(path, key=front.key(path))
    assert "ABCD 2345 EFGH 6789" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    for answer in (front.get(path), front.post(path, key=front.key("/proxy/own"))):
        assert (answer.status_code, REFUSED in html.unescape(answer.text)) == (422, True)
        assert "ABCD" not in answer.text
    assert CODE not in front.get().text.lower().replace(" ", "")


def test_of_two_clicks_at_once_one_counts(front: Storefront, engine: Engine, settings: Settings, shop: ShopRow) -> None:
    made = card_of(engine, settings, shop, 1)
    asked(front, "code", redemption=str(made.id))
    path, key = newest_link(front, engine, shop), front.key("/proxy/own")

    def click(_: int) -> bool:
        one = Storefront(front.client.application, settings, shop.domain, "7")
        return "ABCD" in one.post(path, key=key).text

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(click, range(4))) == 1


def test_another_customer_another_shop_and_nobody_are_refused_and_use_nothing_up(
    front: Storefront, engine: Engine, settings: Settings, shop: ShopRow, other_shop: ShopRow
) -> None:
    asked(front, "leave")
    path, key = newest_link(front, engine, shop), front.key("/proxy/own")
    make_open(engine, settings, other_shop)
    member_with(engine, other_shop, 1)
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("INSERT INTO members (shop_id, customer_id, state) VALUES (%s, 8, 'member')", (shop.id,))
    app = front.client.application
    for other in (Storefront(app, settings, shop.domain, "8"), Storefront(app, settings, other_shop.domain, "7")):
        for answer in (other.get(path), other.post(path, key=other.key("/proxy/own")), other.post(path, key=key)):
            assert (answer.status_code, REFUSED in html.unescape(answer.text)) == (422, True)
    nobody = Storefront(app, settings, shop.domain, "").get(path)
    assert (nobody.status_code, "Sign in first" in nobody.text, "t valid" in nobody.text) == (422, True, False)
    assert rows(engine, shop, "SELECT used_at FROM second_steps") == [(None,)]
    assert front.post(path, key=front.key(path)).status_code == 200


@pytest.mark.parametrize("change", ["mark", "number", "cut", "purpose", "key"])
def test_a_link_that_was_changed_is_refused(
    front: Storefront, engine: Engine, settings: Settings, shop: ShopRow, change: str
) -> None:
    made = card_of(engine, settings, shop, 1)
    asked(front, "code", redemption=str(made.id))
    first = newest_link(front, engine, shop)
    asked(front, "leave")
    second = newest_link(front, engine, shop)
    key = front.key("/proxy/own")
    if change == "mark":
        path = first.rpartition("/")[0] + "/" + "0" * 40
    elif change == "number":  # the mark of one link with the number of another
        path = second.rpartition("/")[0] + "/" + first.rpartition("/")[2]
    elif change == "cut":
        path = first[:-1]
    elif change == "purpose":  # whoever can write to the database cannot turn one link into another
        rows(engine, shop, "UPDATE second_steps SET purpose = 'leave' WHERE purpose = 'code' RETURNING 1")
        path = first
    else:
        path, key = first, "0" * 48
    answer = front.post(path, key=key)
    assert (answer.status_code, "ABCD" in answer.text) == (422, False)
    assert rows(engine, shop, "SELECT count(*) FROM second_steps WHERE used_at IS NOT NULL") == [(0,)]
    assert rows(engine, shop, "SELECT state FROM members") == [("member",)]
    assert front.get("/proxy/step/99999999999999999999/x").status_code == 422


def test_after_fifteen_minutes_it_is_over(front: Storefront, engine: Engine, settings: Settings, shop: ShopRow) -> None:
    asked(front, "leave")
    path, key = newest_link(front, engine, shop), front.key("/proxy/own")
    number, mark = path.split("/")[-2:]
    [(asked_at,)] = rows(engine, shop, "SELECT asked_at FROM second_steps")
    for seconds, stands in ((0, True), (15 * 60 - 1, True), (15 * 60, False), (3600, False)):
        at = asked_at + timedelta(seconds=seconds)
        with shop_transaction(engine, shop.id) as conn:
            step = second_step.find(conn, shops.get(conn, shop.id), settings, int(number), mark, 7, at)
        assert (step is not None) == stands
    rows(engine, shop, "UPDATE second_steps SET ends_at = now() RETURNING 1")
    answer = front.post(path, key=key)
    assert (answer.status_code, REFUSED in html.unescape(answer.text)) == (422, True)
    assert rows(engine, shop, "SELECT state, used_at FROM members, second_steps") == [("member", None)]


def test_a_link_of_the_former_key_works_and_one_of_a_strangers_key_does_not(
    front: Storefront, engine: Engine, settings: Settings, shop: ShopRow
) -> None:
    asked(front, "leave")
    path = newest_link(front, engine, shop)
    fresh, secret = "A" * 43 + "=", type(settings.encryption_keys)
    both = secret(f"{fresh},{settings.encryption_keys.get_secret_value()}")
    for keys, status in ((secret(fresh), 422), (both, 200)):
        with_keys = settings.model_copy(update={"encryption_keys": keys})
        assert Storefront(create_app(with_keys, engine), with_keys, shop.domain, "7").get(path).status_code == status


def test_the_page_says_the_same_whether_we_hold_an_address_or_not(
    front: Storefront, engine: Engine, shop: ShopRow
) -> None:
    answers = set()
    for email in ("ana@example.com", ""):
        rows(engine, shop, f"UPDATE members SET email = '{email}', email_key = '{email}' RETURNING 1")
        answer = asked(front, "leave")
        answers.add((answer.status_code, answer.text))
        assert "ana@example.com" not in answer.text
    ((status, text),) = answers
    assert status == 200
    assert "check the email address in your account" in text


def test_an_address_in_the_request_is_never_written_to(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    asked(front, "leave", email="mallory@example.org", to="mallory@example.org", member="2", customer="8")
    assert rows(engine, shop, "SELECT member_id, customer_id, purpose FROM second_steps") == [(1, 7, "leave")]
    everything = rows(engine, shop, "SELECT s::text || m::text FROM second_steps s, messages m")
    assert "mallory" not in str(everything)


def test_three_mails_an_hour_and_no_more_even_at_once(
    front: Storefront, engine: Engine, settings: Settings, shop: ShopRow
) -> None:
    key = front.key("/proxy/own")

    def ask(_: int) -> int:
        one = Storefront(front.client.application, settings, shop.domain, "7")
        return one.post("/proxy/own/link/leave", key=key).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(ask, range(6))) == [200] * 3 + [429] * 3
    assert rows(engine, shop, "SELECT count(*) FROM messages WHERE kind = 'second_step'") == [(3,)]


@pytest.mark.parametrize("purpose", ["code", "data", "gold", "leave "])
def test_there_is_no_link_for_what_is_not_there_or_not_theirs(
    front: Storefront, engine: Engine, settings: Settings, shop: ShopRow, purpose: str
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("INSERT INTO members (shop_id, customer_id, state) VALUES (%s, 8, 'member')", (shop.id,))
    made = card_of(engine, settings, shop, 1)
    other = Storefront(front.client.application, settings, shop.domain, "8")
    for number in (str(made.id), "0", "x", "9" * 30, "-1"):
        assert asked(other, purpose, redemption=number).status_code == 404
    assert other.get(f"/proxy/own/code/{made.id}").status_code == 404
    assert other.get("/proxy/own/code/99999999999999999999").status_code == 404
    assert rows(engine, shop, "SELECT count(*) FROM second_steps") == [(0,)]


def test_own_data_is_gathered_confirmed_and_opened_once(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    assert "Prepare my data" in front.get("/proxy/own").text
    gathered(front, engine, shop)
    gathered(front, engine, shop)  # twice is once
    assert "Your file is ready" in front.get("/proxy/own").text
    answer = confirmed(front, engine, shop, "data")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/json", "no-store")
    assert "attachment" in answer.headers["Content-Disposition"]
    told = {part["section"]: part["rows"] for part in answer.get_json()}
    assert told["members"][0]["email"] == "ana@example.com"
    assert told["entries"][0]["points"] == 500
    assert not told.keys() & own_data.WITHHELD
    assert "Prepare my data" in front.get("/proxy/own").text
    assert rows(engine, shop, "SELECT kind, opened_by FROM privacy_requests") == [("shopper/data_request", "member:1")]


def test_staff_see_that_data_was_taken_along_and_not_the_data(
    front: Storefront, engine: Engine, shop: ShopRow, browser: Any
) -> None:
    gathered(front, engine, shop)
    page = browser.page("/app/settings/data")
    assert "Customer downloaded their data" in page
    assert "/app/settings/data/1" not in page
    assert browser.get("/app/settings/data/1").status_code == 404


def test_two_at_once_want_the_file_and_a_link_outlives_it_by_nothing(
    front: Storefront, engine: Engine, shop: ShopRow
) -> None:
    gathered(front, engine, shop)
    asked(front, "data")
    first = newest_link(front, engine, shop)
    asked(front, "data")
    second = newest_link(front, engine, shop)
    assert front.post(first, key=front.key(first)).mimetype == "application/json"
    again = front.post(second, key=front.key(second))
    assert (again.status_code, again.mimetype) == (422, "application/liquid")


def test_leaving_is_confirmed_and_coming_back_is_not(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    page = front.get("/proxy/own").text
    assert "earn points, even if you rejoin later" in page
    answer = confirmed(front, engine, shop, "leave")
    assert "You&#39;ve left the programme." in answer.text
    assert rows(engine, shop, "SELECT state, balance FROM members") == [("left", 500)]
    assert "You&#39;ve left the programme." in front.get("/proxy/rewards").text
    assert front.get("/proxy/rewards/rcard").status_code == 404
    assert front.post("/proxy/rewards/rcard", key=front.key("/proxy/own")).status_code in (404, 422)
    assert front.get("/proxy/friends").status_code in (200, 404)
    back = front.post("/proxy/own/back", key=front.key("/proxy/own"))
    assert "Welcome back." in back.text
    assert rows(engine, shop, "SELECT state, balance FROM members") == [("member", 500)]
    assert rows(engine, shop, "SELECT count(*) FROM absences WHERE back_at > left_at") == [(1,)]
    with shop_transaction(engine, shop.id) as conn:
        assert not leave_programme.come_back(conn, shops.get(conn, shop.id), 1, datetime.now(UTC))


def test_profiling_is_objected_to_and_allowed_again_without_a_link(
    front: Storefront, engine: Engine, shop: ShopRow
) -> None:
    for objects, shown in (("yes", "opted out of these gifts"), ("no", "use my purchases for this")):
        answer = front.post("/proxy/own/profiling", key=front.key("/proxy/own"), objects=objects)
        assert shown in answer.text
        assert rows(engine, shop, "SELECT no_profiling FROM members") == [(objects == "yes",)]
    assert front.post("/proxy/own/profiling", key="0" * 48, objects="yes").status_code == 422
    assert rows(engine, shop, "SELECT no_profiling FROM members") == [(False,)]


@pytest.mark.parametrize(
    "path", ["/proxy/own/data", "/proxy/own/back", "/proxy/own/profiling", "/proxy/own/link/leave"]
)
def test_nobodys_forms_change_nothing(
    front: Storefront, engine: Engine, settings: Settings, shop: ShopRow, path: str
) -> None:
    nobody = Storefront(front.client.application, settings, shop.domain, "")
    assert nobody.post(path, key="x").status_code == 404
    assert front.post(path, key="0" * 48).status_code == 422
    left = "SELECT (SELECT count(*) FROM second_steps), (SELECT count(*) FROM privacy_requests)"
    assert rows(engine, shop, left) == [(0, 0)]


def test_pages_work_without_scripts_and_say_it_in_filipino(front: Storefront) -> None:
    page = front.get("/proxy/own", locale="fil")
    assert "Data at membership mo" in page.text
    assert "<script" not in page.text
    assert page.text.count("<form") == page.text.count('name="key"') == 4
    assert not {"Set-Cookie", "Location"} & set(page.headers.keys())


def test_every_purpose_is_tried_here() -> None:
    assert set(PURPOSES) == {"code", "data", "leave"}
