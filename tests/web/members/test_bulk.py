"""From the list to an act on many and back: ticked or all that match, looked at first, begun once, undone."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin import jobs
from plugin.actions.shops.tokens import AdminClients
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.rules.types import Buyer
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from tests.conftest import ShopRow
from tests.web.figures import LATER, add_members, people
from tests.web.session import STAFF, Browser

BULK = "/app/members/many"
POINTS = {"act": "points", "points": "25", "kind": "gift", "note": "For the delay", "shown": "yes"}


def hidden(html: str) -> dict[str, Any]:
    """The fields that a form carries on; ids as a list."""
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html):
        found.setdefault(name, []).append(value)
    return {name: values if name == "id" else values[-1] for name, values in found.items()}


def run(engine: Engine, settings: Settings, shop: ShopRow) -> None:
    work = Work(engine, AdminClients.of(settings), Mailer.from_settings(settings), lambda: LATER)
    while jobs.run(work, shop.id, "bulk_act"):
        pass


def balances(engine: Engine, shop: ShopRow) -> list[tuple[str, int]]:
    with shop_transaction(engine, shop.id) as conn:
        return [tuple(row) for row in conn.exec_driver_sql("SELECT email, balance FROM members ORDER BY email")]


def test_all_that_match_not_just_the_page_get_it_once_and_give_it_back(
    browser: Browser, engine: Engine, settings: Settings, shop: ShopRow
) -> None:
    add_members(engine, shop.id, [*people(60), Buyer(None, "guest@example.com")])
    listed = browser.page("/app/members")
    assert "60 people" in listed and "All 60 people in this list" in listed
    terms = browser.post(BULK, **hidden(listed), whom="all", act="points")
    assert terms.status_code == 200 and "For 60 people" in terms.text
    look = browser.post(f"{BULK}/check", **(hidden(terms.text) | POINTS | {"tell": "yes"}))
    assert look.status_code == 200, look.text[:900]
    assert "Apply to 60 people" in look.text and "+1,500" in look.text and "They are told by email." in look.text
    there = {browser.post(f"{BULK}/carry-out", **hidden(look.text)).headers["Location"] for _ in range(2)}
    [page] = {re.sub(r"\?.*", "", one) for one in there}
    assert "In progress" in browser.page(page) and "data-refresh" in browser.page(page)
    run(engine, settings, shop)
    assert balances(engine, shop) == [("guest@example.com", 0), *((f"p{n:04}@example.com", 25) for n in range(1, 61))]
    assert "Done" in browser.page(page) and "data-refresh" not in browser.page(page)
    assert "Undo for 60 people" in browser.post(f"{page}/undo").text
    assert balances(engine, shop)[1][1] == 25
    for _ in range(2):
        assert browser.post(f"{page}/undo", sure="yes").status_code == 303
    run(engine, settings, shop)
    assert {points for _, points in balances(engine, shop)} == {0}
    assert "Undone" in browser.page(page)
    assert "Give 25 points to each" in browser.page(BULK)
    log = browser.page("/app/activity/staff")
    assert (log.count("Started bulk action"), log.count("Undid bulk action")) == (1, 1)


def test_only_the_ticked_get_it_and_a_filter_is_kept_on_the_way(
    browser: Browser, engine: Engine, settings: Settings, shop: ShopRow
) -> None:
    known = add_members(engine, shop.id, people(4))
    ids = [str(one.id) for one in known[1:3]]
    terms = browser.post(BULK, whom="ticked", act="points", id=ids, points_to="10", sort="points")
    assert "For 2 people" in terms.text and "points_to=10" in terms.text
    look = browser.post(f"{BULK}/check", **(hidden(terms.text) | POINTS))
    assert "They are not told by email." in look.text
    browser.post(f"{BULK}/carry-out", **hidden(look.text))
    run(engine, settings, shop)
    assert [points for _, points in balances(engine, shop)] == [0, 25, 25, 0]


@pytest.mark.parametrize(
    ("act", "fields", "wrong"),
    [
        ("points", {"points": "many", "note": "x"}, "points"),
        ("points", {"points": "5", "note": ""}, "note"),
        ("points", {"points": "-5", "note": "x", "kind": "gift"}, "points"),
        ("tag", {"tag": "a,b"}, "tag"),
        ("tag", {"tag": " "}, "tag"),
        ("tier", {"tier": "gone"}, "tier"),
        ("reward", {"reward": "gone"}, "reward"),
    ],
)
def test_a_wrong_term_is_named_and_nothing_begins(
    browser: Browser, engine: Engine, shop: ShopRow, act: str, fields: dict[str, str], wrong: str
) -> None:
    [one] = add_members(engine, shop.id, people(1))
    answer = browser.post(f"{BULK}/check", whom="ticked", id=[str(one.id)], act=act, **fields)
    assert answer.status_code == 422
    if act in ("points", "tag"):
        assert re.search(rf'name="{wrong}"[^>]* error="', answer.text)
    with shop_transaction(engine, shop.id) as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM bulk_acts").scalar_one() == 0


@pytest.mark.parametrize("sent", [{"whom": "ticked", "act": "points"}, {"whom": "all", "act": "nonsense"}])
def test_nobody_chosen_or_nothing_to_do_leads_back_to_the_list(browser: Browser, sent: dict[str, str]) -> None:
    answer = browser.post(BULK, **sent)
    assert answer.status_code == 422
    assert "Select at least one person" in answer.text or "Choose what to do." in answer.text


def test_the_export_holds_whom_the_filter_leaves_or_the_ticked(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    known = add_members(engine, shop.id, [*people(3), Buyer(None, "guest@example.com")])

    def emails(**query: Any) -> list[str]:
        answer = browser.get("/app/members/list.csv", **query)
        rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
        return [row["email"] for row in rows]

    assert emails() == ["p0001@example.com", "p0002@example.com", "p0003@example.com"]
    assert emails(who="guest") == ["guest@example.com"]
    assert emails(id=[str(known[1].id)]) == ["p0002@example.com"]
    terms = browser.post(BULK, whom="all", act="export", who="guest", up_to="999")
    assert re.search(r'data-download="[^"]*list\.csv[^"]*who=guest', terms.text)


def test_a_viewer_is_offered_no_act_and_refused_each(
    browser: Browser, engine: Engine, settings: Settings, shop: ShopRow, app: Any
) -> None:
    [one] = add_members(engine, shop.id, people(1))
    browser.page("/app/members")
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("UPDATE staff SET role = 'viewer' WHERE account = %s", (STAFF,))
    viewer = Browser(app, settings, shop.domain)
    listed = viewer.page("/app/members")
    assert "begin_bulk" not in listed and 'name="act"' not in listed and 'type="submit" disabled' not in listed
    assert "Save view" not in listed
    for path, fields in {
        BULK: {"whom": "all", "act": "points"}, f"{BULK}/check": {}, f"{BULK}/carry-out": {}, "/app/members/views": {},
    }.items():  # fmt: skip
        assert viewer.post(path, **fields).status_code == 403
    assert viewer.get("/app/members/list.csv").status_code == 403
    assert one.balance == 0


def test_another_shops_act_is_not_found(
    browser: Browser, other_browser: Browser, engine: Engine, other_shop: ShopRow
) -> None:
    [one] = add_members(engine, other_shop.id, people(1))
    look = other_browser.post(f"{BULK}/check", whom="ticked", id=[str(one.id)], **POINTS)
    page = re.sub(r"\?.*", "", other_browser.post(f"{BULK}/carry-out", **hidden(look.text)).headers["Location"])
    other_browser.page(page)
    assert browser.get(page).status_code == 404
    assert browser.post(f"{page}/undo", sure="yes").status_code == 404
    assert browser.post(f"{page}/stop").status_code == 404
    assert "No bulk actions yet" in browser.page(BULK)
