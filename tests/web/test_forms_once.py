"""A form that is sent twice at once, or again because its answer was lost, does what it does once."""

from __future__ import annotations

import html as entities
import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from sqlalchemy import Engine
from werkzeug.test import TestResponse

from plugin.rules.tiers.tier_rules import PRESETS
from plugin.store.database.db import shop_transaction
from plugin.web.admin.frame.layout import KEPT
from plugin.web.forms.tiers import form_of
from tests.conftest import ShopRow
from tests.web.programme.test_programme_page import shown_fields
from tests.web.programme.test_tiers import buy
from tests.web.programme.test_ways import FIVE_OFF
from tests.web.session import Browser

FILLED = {
    "/app/messages/mailings/new": {
        "name": "May", "texts.en.subject": "Hello", "texts.en.title": "Hi", "texts.en.body": "Hi",
    },
    "/app/settings/automation": {"name": "Till", "scope": "report"},
    "/app/members/views": {"name": "Best"},
    "/app/members/1/adjust": {"points": "20", "note": "Sorry", "sure": "yes"},
    "/app/members/tiers": {"who": "1", "note": "Friends"},
    "/app/programme/codes": {"name": "Fair", "count": "10", "prefix": "FAIR"},
    "/app/programme/rewards": FIVE_OFF,
    "/app/programme/activities": {"name": "Follow", "points": "5", "word": "story"},
    "/app/programme/automatic": {"name": "Gift", "points": "5"},
    "/app/programme/orders/rule": {"name": "Double"},
    "/app/programme/referrals/block": {"value": "spam.example", "note": "x"},
}  # fmt: skip
"""What is typed into forms that come empty."""
UNLIKE = ("/app/activity/deliveries/retry", "/app/settings/sending/domain/check")
"""Asks somebody else, who is not there in this test."""
MOST_PAGES = 100
SAME = ({200}, {303}, {404}, {409}, {422}, {200, 303})
"""The last: a key, which is shown to whoever came first alone."""


def kind_of(address: str) -> str:
    path = re.sub(r"(?<=/emails/)\w+", "…", urlsplit(address).path)
    return re.sub(r"/(?:\d+|[ram][0-9a-f]{10}|rule-[0-9a-f]+|rone)(?=/|$)", "/…", path)


def forms(page: str) -> list[tuple[str, dict[str, str]]]:
    """The address of each form of a page, with what it would send."""
    found = re.findall(r'<form method="post" action="([^"]+)"[^>]*>(.*?)</form>', page, re.DOTALL)
    return [(entities.unescape(address), shown_fields(inside)) for address, inside in found]


def pages(browser: Browser) -> Iterator[str]:
    """Every kind of page that links lead to, from Home on."""
    waiting, seen = ["/app"], {"/app"}
    while waiting:
        answer = browser.get(waiting.pop(0))
        if answer.status_code != 200 or "html" not in answer.content_type:
            continue
        yield answer.text
        for href in map(entities.unescape, re.findall(r'href="(/app[^"]*)"', answer.text)):
            own = {name: text for name, text in parse_qsl(urlsplit(href).query) if name not in KEPT}
            kind = f"{kind_of(href)} {own.get('kind')} {own.get('trigger')}"
            if kind not in seen and ".csv" not in href and len(seen) < MOST_PAGES:
                seen.add(kind)
                waiting.append(f"{urlsplit(href).path}?{urlencode(own)}")


def acts(engine: Engine, shop: ShopRow) -> Counter[tuple[str, ...]]:
    """What staff did, and what there is of what forms make."""
    with shop_transaction(engine, shop.id) as conn:
        log = conn.exec_driver_sql("SELECT action, subject FROM staff_log").all()
        made = {
            name: conn.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()
            for name in ("entries", "mailings", "api_keys", "member_views", "imports", "redemptions", "messages",
                         "programme_versions", "past_runs", "code_sets", "bulk_acts", "tier_batches")
        }  # fmt: skip
    return Counter(map(tuple, log)) + Counter({(name,): count for name, count in made.items()})


def at_once(browser: Browser, address: str, fields: Mapping[str, str], times: int = 2) -> list[TestResponse]:
    """The answers to a form that is sent several times at the same moment."""
    answers: list[TestResponse] = []
    start = threading.Barrier(times)

    def send() -> None:
        start.wait()
        answers.append(browser.post(address, **fields))

    threads = [threading.Thread(target=send) for _ in range(times)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return answers


def filled(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    """A shop with something of each kind."""
    buy(engine, shop, "350.00")
    browser.post("/app/programme/rewards", based_on="1", **FIVE_OFF)
    browser.post("/app/programme/tiers", based_on="2", **form_of(PRESETS["yearly_spend"]))


def test_every_form_sent_twice_at_once_does_what_it_does_once(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    filled(browser, engine, shop)
    tried: dict[str, int] = {}
    waiting = list(pages(browser))
    for page in waiting:
        for address, shown in forms(page):
            kind = kind_of(address)
            if tried.get(kind) in (200, 303) or kind in UNLIKE:
                continue
            fields = shown | FILLED.get(urlsplit(address).path, {})
            before = acts(engine, shop)
            answers = at_once(browser, address, fields)
            statuses = {answer.status_code for answer in answers}
            assert statuses in SAME, (address, [(each.status_code, each.text[:300]) for each in answers])
            tried[kind] = max(statuses)
            if tried[kind] == 200:
                waiting.append(answers[0].text)  # it asks once more before it does anything
            if statuses == {303}:
                assert answers[0].headers["Location"] == answers[1].headers["Location"]
            assert [
                what for what, count in (acts(engine, shop) - before).items() if count > 1 and len(what) > 1
            ] == [], kind
            more = {what[0]: count for what, count in (acts(engine, shop) - before).items() if len(what) == 1}
            assert not {name: count for name, count in more.items() if count > 1 and name != "messages"}, (kind, more)
    done = {kind for kind, status in tried.items() if status == 303}
    assert len(done) > 30, tried
    assert {"/app/settings/automation", "/app/messages/mailings/new", "/app/members/…/adjust/carry-out"} <= done, tried


def test_a_lost_answer_is_given_again_and_a_page_of_its_own_is_another_form(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    filled_in = {"name": "Till", "scope": "report"}
    for keys in (1, 2):
        [(address, _)] = forms(browser.page("/app/settings/automation"))[:1]
        answers = [browser.post(address, **filled_in) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 303, 303]
        assert {answer.headers.get("Location", "").split("?")[0] for answer in answers[1:]} == {
            "/app/settings/automation"
        }
        assert acts(engine, shop)[("api_keys",)] == keys


def test_what_was_refused_may_be_sent_again(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    address, _ = forms(browser.page("/app/settings/automation"))[0]
    assert browser.post(address, name="", scope="report").status_code == 422
    assert browser.post(address, name="Till", scope="report").status_code == 200
    assert acts(engine, shop)[("api_keys",)] == 1


def test_the_mark_of_another_shops_form_says_nothing_of_it(
    browser: Browser, other_browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    address, _ = forms(browser.page("/app/settings/automation"))[0]
    mark = dict(parse_qsl(urlsplit(address).query))["once"]
    browser.post(address, name="Till", scope="report")
    theirs = other_browser.post(f"/app/settings/automation?once={mark}", name="", scope="report")
    assert theirs.status_code == 422
    assert acts(engine, shop)[("api_keys",)] == 1
