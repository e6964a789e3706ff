"""Earn: one list of everything that members earn with; Redeem: the order in which members see the rewards."""

from __future__ import annotations

import re
import threading

import pytest
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from tests.conftest import ShopRow
from tests.web.programme.test_rewards import FIVE_OFF
from tests.web.programme.test_two_tabs import BASE, full, known, opened
from tests.web.session import Browser

__all__ = ["full"]


def rows(page: str) -> list[str]:
    """The names of a list."""
    return re.findall(r"<s-table-row>\s*<s-table-cell><s-link [^>]*>([^<]+)<", page)


def test_the_base_rate_comes_first_and_every_way_is_there_with_its_state(browser: Browser) -> None:
    page = browser.page(BASE)
    assert rows(page) == [
        "Orders", "Account created", "Code for the next order", "Cashback", "Weekend", "Review", "Back"
    ]  # fmt: skip
    assert "1 point for every $1" in page
    assert page.count(">Running</s-badge>") + page.count(">Active</s-badge>") == 5


def test_a_way_is_paused_in_the_list_and_the_list_comes_back(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    for path in ("orders/rules/weekend", "activities/aone", "automatic/atwo"):
        answer = browser.post(f"{BASE}/{path}/pause", based_on="2", back="programme")
        assert answer.headers["Location"].startswith(f"{BASE}?")
        assert "done=saved" in answer.headers["Location"]
    programme = known(engine, shop)[-1].programme
    assert [programme.orders.rules[0].active, programme.activities[0].active, programme.automatic[0].active] == [
        False, False, False
    ]  # fmt: skip
    assert browser.page(BASE).count('accessibilityLabel="Resume') == 3


def test_what_can_be_added_is_chosen_from_cards(browser: Browser) -> None:
    page = browser.page(f"{BASE}/add")
    cards = re.findall(r'<s-clickable href="([^"?]+)', page)
    assert len(cards) == len(re.findall(r"<s-clickable ", page)) > 15
    assert set(cards) == {f"{BASE}/{name}" for name in ("orders/new", "cashback", "activities/new", "automatic/new")}
    assert len(re.findall(r"<s-clickable ", browser.page(f"{BASE}/rewards/add"))) == 11


def test_sorting_rewards_makes_no_version_and_asking_twice_moves_once(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    for one in ("rtwo", "rthree"):
        browser.post(f"{BASE}/rewards", based_on="2", **FIVE_OFF | {"id": one, "name": one})
    before = len(known(engine, shop))
    for _ in range(2):
        assert browser.post(f"{BASE}/rewards/rthree/place", to="1").status_code == 303
    assert rows(browser.page(f"{BASE}/rewards")) == ["Five off", "rthree", "rtwo"]
    browser.post(f"{BASE}/rewards/rtwo/place", to="0")
    assert rows(browser.page(f"{BASE}/rewards")) == ["rtwo", "Five off", "rthree"]
    assert len(known(engine, shop)) == before
    with shop_transaction(engine, shop.id) as conn:
        assert shops.get(conn, shop.id).settings["reward_order"] == ["rtwo", "rone", "rthree"]
    assert browser.post(f"{BASE}/rewards/rnone/place", to="0").status_code == 404
    assert browser.post(f"{BASE}/rewards/rone/place", to="-1").status_code == 404


def test_another_shops_rewards_are_not_sorted(browser: Browser, other_browser: Browser) -> None:
    assert other_browser.post(f"{BASE}/rewards/rone/place", to="0").status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, ()),
        ({"points": "10", "value": "5"}, ("It gives a lot back: 50% of what members spend.",)),
        ({"points": "1", "value": "5"}, ("It is worth more than members spend to earn it (500%).",)),
        (
            {"kind": "percent_off", "value": "100"},
            ("This makes orders free.", "It gives a lot back: 50% of what members spend."),
        ),
        (
            {"kind": "percent_off", "value": "100", "points": "10"},
            ("This makes orders free.", "It is worth more than members spend to earn it (500%)."),
        ),
        ({"kind": "percent_off", "value": "10"}, ()),
        ({"starts_at": "2020-01-01", "ends_at": "2020-02-01"}, ("Its last day has passed.",)),
    ],
)
def test_where_a_reward_is_costly_it_is_said_plainly(
    browser: Browser, change: dict[str, str], words: tuple[str, ...]
) -> None:
    browser.post(f"{BASE}/rewards", based_on="2", **FIVE_OFF | {"id": "rtwo"} | change)
    typed = browser.post(f"{BASE}/rewards/preview", **FIVE_OFF | change)
    for page in (browser.page(f"{BASE}/rewards"), browser.page(f"{BASE}/rewards/rtwo"), typed.text):
        assert [each for each in words if each not in page] == []
        assert "costly" not in page
        assert ("a lot back" in page) == any("a lot back" in each for each in words)


def test_the_preview_shows_what_is_typed_also_where_something_is_wrong(browser: Browser) -> None:
    typed = browser.post(f"{BASE}/rewards/preview", **FIVE_OFF | {"name": "Mug <b>", "points": "60", "value": "x"})
    assert (typed.status_code, "Mug &lt;b&gt;" in typed.text, "60 points" in typed.text) == (200, True, True)
    assert "Members spend" not in typed.text


def test_the_editor_says_what_members_spend_for_a_reward(browser: Browser) -> None:
    page = browser.page(f"{BASE}/rewards/rone")
    assert "Members spend about $100 to earn this. It gives 5% of that back." in page


def test_a_percentage_off_is_priced_by_a_usual_order(browser: Browser) -> None:
    typed = browser.post(f"{BASE}/rewards/preview", **FIVE_OFF | {"kind": "percent_off", "value": "10"}).text
    assert "Members spend about $100 to earn this. On a usual order of $50 it gives 5% of that back." in typed


def test_two_saves_at_the_very_same_time_make_one_version(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    form = opened(browser, "/rewards/rone") | {"points": "90"}
    answers: list[TestResponse] = []
    threads = [
        threading.Thread(target=lambda: answers.append(browser.post(f"{BASE}/rewards", **form))) for _ in range(3)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert ["done=saved" in answer.headers.get("Location", "") for answer in answers] == [True, True, True]
    assert len(known(engine, shop)) == 3
