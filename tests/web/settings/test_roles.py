"""Who may do what: a viewer changes nothing by any form, managers have a daily sum, owners say who is what."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from werkzeug.routing import Rule

from plugin.actions.shops import staff_roles
from plugin.rules.access.roles import ROLES, Role
from plugin.settings import Settings
from plugin.store.database import migrate
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.shops import api_keys, shops, staff
from plugin.store.shops.staff import Account
from plugin.store.tables import metadata
from plugin.store.work import activity_pages
from plugin.web import surfaces
from plugin.web.auth import declared_by
from tests.conftest import ShopRow
from tests.web.figures import add_members, people
from tests.web.session import STAFF, Browser

NOW = datetime.now(UTC)
Person = Callable[[str, Role], Browser]
FORMS = re.compile(r'<form method="post".*?</form>', re.DOTALL)
SENDS = re.compile(r'<(?:s-button|button)\b[^>]*type="submit"[^>]*>')


@pytest.fixture
def person(browser: Browser, app: Flask, engine: Engine, settings: Settings, shop: ShopRow) -> Person:
    """Somebody of the shop's staff, with a role."""

    def someone(account: str, role: Role) -> Browser:
        with shop_transaction(engine, shop.id) as conn:
            staff.keep(conn, shop.id, Account(account, role, "", "", None, NOW))
        return Browser(app, settings, shop.domain, account)

    return someone


def digest(engine: Engine, shop: ShopRow) -> dict[str, str]:
    """Of everything that the shop can see, table by table."""
    found = {}
    with shop_transaction(engine, shop.id) as conn:
        for table in metadata.sorted_tables:
            rows = sorted(map(repr, conn.execute(select(table)).fetchall()))
            found[table.name] = f"{len(rows)} {hashlib.sha256(repr(rows).encode()).hexdigest()}"
    return found


def roles(engine: Engine, shop: ShopRow) -> dict[str, str]:
    with shop_transaction(engine, shop.id) as conn:
        return {one.id: one.role for one in staff.all_of(conn, shop.id)}


def addresses(app: Flask, method: str) -> list[tuple[str, Role]]:
    """The panel's addresses that take this method, with the least role they declare."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            said = declared_by(app.view_functions[rule.endpoint])
            if said is not None and said.kind == "session" and method in rule.methods:
                found.append((_address(rule), said.role or "viewer"))
    return found


def _address(rule: Rule) -> str:
    """An address of the route; whatever is there does not matter to who may ask."""
    words = {"reward_id": "r1", "rule_id": "a1", "activity_id": "a1", "key": "k", "anything": "x"}
    for what in ("members", "pause", "done"):
        with suppress(ValueError):  # the route knows other words
            built = rule.build({name: {**words, "what": what}.get(name, 1) for name in rule.arguments})
            if built is not None:
                return str(built[1])
    raise AssertionError(rule)


def add(engine: Engine, shop: ShopRow, first: int = 1) -> int:
    """A member."""
    return add_members(engine, shop.id, people(1, first))[0].id


def points_of(engine: Engine, shop: ShopRow, member_id: int) -> int:
    with shop_transaction(engine, shop.id) as conn:
        found = members.get(conn, shop.id, member_id)
    assert found is not None
    return found.balance


@pytest.mark.parametrize("role", ["viewer", "manager"])
def test_a_form_above_the_role_is_refused_and_changes_no_row(
    person: Person, app: Flask, engine: Engine, shop: ShopRow, role: Role
) -> None:
    someone = person("70000001", role)
    before = digest(engine, shop)
    refused = [path for path, least in addresses(app, "POST") if ROLES.index(least) > ROLES.index(role)]
    assert len(refused) >= {"viewer": 45, "manager": 2}[role]
    for path in refused:
        answer = someone.post(path, points="50", note="x", role="owner", key="0" * 32, name="x", sure="yes")
        assert answer.status_code == 403, path
        said = "This caller has no access" if surfaces.asked(path) else "Your role doesn&#39;t allow this"
        assert said in answer.text
    assert digest(engine, shop) == before


def test_every_form_is_above_a_viewer(app: Flask) -> None:
    asks = ["/staff/v1/customers/1/cart"]  # a question with a body, which changes nothing
    assert [path for path, least in addresses(app, "POST") if least == "viewer"] == asks


def test_files_of_personal_data_are_not_for_viewers(person: Person, app: Flask, engine: Engine, shop: ShopRow) -> None:
    viewer = person("70000001", "viewer")
    before = digest(engine, shop)
    files = [path for path, least in addresses(app, "GET") if least != "viewer"]
    assert {path for path in files if ".csv" in path} == {path for path, _ in addresses(app, "GET") if ".csv" in path}
    for path in files:
        assert viewer.get(path).status_code == 403, path
        assert viewer.client.head(path, headers=viewer._headers()).status_code == 403, path
    assert "/app/settings/data/1" in files
    assert digest(engine, shop) == before


def test_a_form_from_an_account_that_nobody_knows_is_a_viewers_and_leaves_no_row(
    browser: Browser, app: Flask, engine: Engine, settings: Settings, shop: ShopRow
) -> None:
    before = digest(engine, shop)
    assert Browser(app, settings, shop.domain, "70000009").post("/app/settings/automation", name="x").status_code == 403
    assert digest(engine, shop) == before


def test_a_viewer_sees_every_page_and_nothing_to_press(
    person: Person, app: Flask, engine: Engine, shop: ShopRow
) -> None:
    member_id = add(engine, shop)
    viewer, owner = person("70000001", "viewer"), person("70000002", "owner")
    pressed = 0
    for path in [path for path, least in addresses(app, "GET") if least == "viewer"] + [f"/app/members/{member_id}"]:
        shown = viewer.get(path)
        if shown.status_code != 200:
            continue
        sends = [one for form in FORMS.findall(shown.text) for one in SENDS.findall(form)]
        assert [one for one in sends if " disabled" not in one] == [], path
        assert "data-saves" not in shown.text
        assert "<s-button data-download" not in shown.text
        assert ("You can view this page but not change it" in shown.text) == bool(sends or "disabled" in shown.text), (
            path
        )
        pressed += len([one for form in FORMS.findall(owner.get(path).text) for one in SENDS.findall(form)])
    assert pressed > 15
    viewer.page("/app/programme")


class TestGivingRoles:
    def test_an_owner_changes_a_role_and_it_counts_at_once(
        self, browser: Browser, person: Person, engine: Engine, shop: ShopRow
    ) -> None:
        nico = person("70000001", "viewer")
        assert "Change role" in browser.page("/app/settings/staff")
        browser.page("/app/settings/staff/70000001")
        assert browser.post("/app/settings/staff/70000001", role="manager").status_code == 303
        assert roles(engine, shop) == {STAFF: "owner", "70000001": "manager"}
        assert nico.post("/app/settings/automation", name="Till", scope="read").status_code == 200
        assert "Changed the role" in browser.page("/app/activity/staff")

    def test_the_last_owner_cannot_step_down(self, browser: Browser, engine: Engine, shop: ShopRow) -> None:
        for role in ("viewer", "manager"):
            answer = browser.post(f"/app/settings/staff/{STAFF}", role=role)
            assert answer.status_code == 422
            assert "Your shop needs at least one owner" in answer.text
        assert roles(engine, shop) == {STAFF: "owner"}

    def test_with_two_owners_one_may_and_both_at_once_may_not(
        self, browser: Browser, person: Person, engine: Engine, shop: ShopRow
    ) -> None:
        other = person("70000001", "owner")
        start = threading.Barrier(2)
        answers: list[int] = []

        def step_down(who: Browser) -> None:
            start.wait()
            answers.append(who.post(f"/app/settings/staff/{who.account}", role="viewer").status_code)

        both = [threading.Thread(target=step_down, args=(who,)) for who in (browser, other)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert sorted(answers) == [303, 422]
        assert sorted(roles(engine, shop).values()) == ["owner", "viewer"]

    @pytest.mark.parametrize(("account", "role", "status"), [("99", "owner", 404), ("70000001", "king", 422)])
    def test_what_is_not_there_is_not_given(
        self, browser: Browser, person: Person, engine: Engine, shop: ShopRow, account: str, role: str, status: int
    ) -> None:
        person("70000001", "viewer")
        assert browser.post(f"/app/settings/staff/{account}", role=role).status_code == status
        assert roles(engine, shop)["70000001"] == "viewer"

    def test_another_shops_account_is_not_touched(
        self, browser: Browser, other_browser: Browser, engine: Engine, other_shop: ShopRow
    ) -> None:
        with shop_transaction(engine, other_shop.id) as conn:
            staff.keep(conn, other_shop.id, Account("70000005", "manager", "", "", None, NOW))
        assert browser.post("/app/settings/staff/70000005", role="viewer").status_code == 404
        assert roles(engine, other_shop)["70000005"] == "manager"


class TestCorrections:
    def correct(self, who: Browser, member_id: int, points: int, key: str = "a") -> int:
        path = f"/app/members/{member_id}/adjust/carry-out"
        return who.post(path, points=str(points), note="why", kind="adjusted", key=key * 32).status_code

    def test_a_manager_has_a_sum_a_day_and_an_owner_has_none(
        self, browser: Browser, person: Person, engine: Engine, shop: ShopRow
    ) -> None:
        member_id, nico = add(engine, shop), person("70000001", "manager")
        assert self.correct(nico, member_id, 3000, "a") == 303
        assert self.correct(nico, member_id, 3000, "a") == 303  # the same form again
        assert self.correct(nico, member_id, -2001, "b") == 403
        assert self.correct(nico, member_id, -2000, "c") == 303
        assert self.correct(nico, member_id, 1, "d") == 403
        assert points_of(engine, shop, member_id) == 1000
        assert self.correct(browser, member_id, 50_000, "e") == 303
        assert points_of(engine, shop, member_id) == 51_000

    def test_the_form_says_so_before(self, person: Person, engine: Engine, shop: ShopRow) -> None:
        member_id, nico = add(engine, shop), person("70000001", "manager")
        answer = nico.post(f"/app/members/{member_id}/adjust", points="5001", note="why", kind="adjusted")
        assert answer.status_code == 422
        assert "You can give or take up to 5,000 points a day" in answer.text

    def test_two_clicks_at_once_are_two(self, person: Person, engine: Engine, shop: ShopRow) -> None:
        first, second = add(engine, shop), add(engine, shop, 2)
        nico, start, answers = person("70000001", "manager"), threading.Barrier(4), list[int]()

        def click(number: int) -> None:
            start.wait()
            answers.append(self.correct(nico, (first, second)[number % 2], 2000, str(number)))

        clicks = [threading.Thread(target=click, args=(number,)) for number in range(4)]
        for one in clicks:
            one.start()
        for one in clicks:
            one.join()
        assert sorted(answers) == [303, 303, 403, 403]
        assert points_of(engine, shop, first) + points_of(engine, shop, second) == 4000

    def test_undoing_counts_too(self, browser: Browser, person: Person, engine: Engine, shop: ShopRow) -> None:
        member_id, nico = add(engine, shop), person("70000001", "manager")
        assert self.correct(browser, member_id, -6000) == 303
        with shop_transaction(engine, shop.id) as conn:
            entry = conn.exec_driver_sql("SELECT id FROM entries").scalar_one()
        assert nico.post(f"/app/members/{member_id}/undo/{entry}").status_code == 403
        assert points_of(engine, shop, member_id) == -6000

    def test_the_sum_begins_anew_with_the_day_of_the_shop(self, engine: Engine, shop: ShopRow, person: Person) -> None:
        person("70000001", "manager")
        day = NOW.date()
        with shop_transaction(engine, shop.id) as conn:
            found = shops.get(conn, shop.id)
            staff_roles.count_correction(conn, found, "70000001", -5000, day)
            known = staff.get(conn, shop.id, "70000001")
            assert known is not None
            assert staff_roles.left_today(known, found, day) == 0
            assert staff_roles.left_today(known, found, day + timedelta(days=1)) == 5000
            staff_roles.count_correction(conn, found, "70000001", 5000, day + timedelta(days=1))

    def test_only_owners_change_the_sum(self, browser: Browser, person: Person, engine: Engine, shop: ShopRow) -> None:
        nico, member_id = person("70000001", "manager"), add(engine, shop)
        assert nico.post("/app/settings/staff", corrections_a_day="9000").status_code == 403
        assert browser.post("/app/settings/staff", corrections_a_day="-1").status_code == 422
        assert browser.post("/app/settings/staff", corrections_a_day="10,000").status_code == 303
        assert self.correct(nico, member_id, 9000) == 303
        assert browser.post("/app/settings/staff", corrections_a_day="0").status_code == 303
        assert self.correct(nico, member_id, 1, "b") == 403


def test_a_shop_that_was_there_before_roles_keeps_whoever_did_something(engine: Engine, shop: ShopRow) -> None:
    file = next((Path(migrate.__file__).parents[1] / "migrations" / "versions").glob("*_staff.py"))
    known = re.search(r'KNOWN = """\n(.*?)"""', file.read_text(), re.DOTALL)
    assert known is not None
    with shop_transaction(engine, shop.id) as conn:
        activity_pages.note_staff_act(conn, shop.id, "staff:5", "save_brand", "", {}, NOW)
        activity_pages.note_staff_act(conn, shop.id, "cli", "save_brand", "", {}, NOW)
        api_keys.add(conn, shop.id, "till", b"x", "x", "staff:6", NOW)
        conn.exec_driver_sql(known[1].replace("%", "%%"))
    assert roles(engine, shop) == {"5": "manager", "6": "manager"}
