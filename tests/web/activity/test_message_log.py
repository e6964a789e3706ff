"""The log of emails: by state, kind, language and member, with the reason in words; another shop's are never in it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.messages.sending.letters import BROKEN
from plugin.rules.sending import promotional
from plugin.store.database.db import shop_transaction
from plugin.store.sending import clicks
from plugin.store.work import jobs, message_log
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.message_log import Wanted
from plugin.store.work.one_mail import PART_OF
from tests.conftest import ShopRow
from tests.web.session import Browser

PAGE = "/app/messages"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def member(engine: Engine, shop: ShopRow, email: str, first: str) -> int:
    with shop_transaction(engine, shop.id) as conn:
        row = conn.exec_driver_sql(
            "INSERT INTO members (shop_id, email, email_key, first_name, state, joined_at, last_activity_at)"
            " VALUES (%s, %s, %s, %s, 'guest', %s, %s) RETURNING id",
            (shop.id, email, email, first, NOW, NOW),
        )
        return int(row.scalar_one())


def message(engine: Engine, shop: ShopRow, member_id: int, subject: str, **values: Any) -> int:
    row = {"shop_id": shop.id, "member_id": member_id, "kind": "welcome", "state": "sent", "language": "en",
           "subject": f"test:{subject}", "mail_subject": subject, **values}  # fmt: skip
    with shop_transaction(engine, shop.id) as conn:
        places = ", ".join(f"%({name})s" for name in row)
        found = conn.exec_driver_sql(f"INSERT INTO messages ({', '.join(row)}) VALUES ({places}) RETURNING id", row)
        return int(found.scalar_one())


@pytest.fixture
def people(engine: Engine, shop: ShopRow) -> tuple[int, int]:
    ana, ben = member(engine, shop, "ana@example.com", "Ana"), member(engine, shop, "ben@example.com", "Ben")
    message(engine, shop, ana, "One")
    message(engine, shop, ana, "Two", kind="tier_reached", language="fil")
    message(engine, shop, ben, "Three", language="fil")
    message(engine, shop, ben, "Four", kind="tier_reached", state="skipped", last_error=promotional.TOO_OFTEN)
    message(engine, shop, ben, "Five", state="queued", last_error=promotional.QUIET)
    message(engine, shop, ben, "Six", last_error=BROKEN)
    return ana, ben


def shown(browser: Browser, **asked: str) -> list[str]:
    html = browser.page(PAGE, **asked)
    return [name for name in ("One", "Two", "Three", "Four", "Five", "Six") if f">{name}</s-link>" in html]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["One", "Two", "Three", "Six"]),
        ({"state": "all"}, ["One", "Two", "Three", "Four", "Five", "Six"]),
        ({"state": "all", "kind": "tier_reached"}, ["Two", "Four"]),
        ({"language": "fil"}, ["Two", "Three"]),
        ({"language": "fil", "kind": "welcome"}, ["Three"]),
        ({"q": "ana"}, ["One", "Two"]),
        ({"q": "BEN@example.com", "state": "skipped"}, ["Four"]),
        ({"q": "nobody"}, []),
        ({"kind": "no such kind"}, ["One", "Two", "Three", "Six"]),
        ({"language": "xx"}, []),
        ({"state": "no such state"}, ["One", "Two", "Three", "Six"]),
    ],
)
@pytest.mark.usefixtures("people")
def test_each_filter_and_all_together(browser: Browser, asked: dict[str, str], found: list[str]) -> None:
    assert shown(browser, **asked) == found


def test_one_members_emails_are_a_click_away_from_their_page(browser: Browser, people: tuple[int, int]) -> None:
    link = re.search(r'href="([^"]+)">All emails to this member', browser.page(f"/app/members/{people[0]}"))
    assert link is not None and f"member={people[0]}" in link[1] and "state=all" in link[1]
    assert shown(browser, member=str(people[0]), state="all") == ["One", "Two"]
    assert "Emails to <s-link" in browser.page(PAGE, member=str(people[0]))


@pytest.mark.usefixtures("people")
def test_the_reason_is_said_in_words(browser: Browser) -> None:
    assert "The member got as many promotional emails as you allow." in browser.page(PAGE, state="skipped")
    assert "It waits for the end of the quiet hours." in browser.page(PAGE, state="queued")
    assert "publish it again" in browser.page(PAGE, state="sent")


def test_one_that_went_with_another_says_so_and_leads_there_and_one_that_waits_says_until_when(
    engine: Engine, shop: ShopRow, people: tuple[int, int], browser: Browser
) -> None:
    leader = message(engine, shop, people[0], "Leader")
    message(engine, shop, people[0], "Part", state="skipped", part_of=leader, last_error=PART_OF)
    waits = message(engine, shop, people[0], "Waits", state="queued")
    with shop_transaction(engine, shop.id) as conn:
        jobs.queue(conn, shop.id, JobKind.SEND_MESSAGE, [waits], NOW)
    html = browser.page(PAGE, state="skipped", member=str(people[0]))
    assert "Part of another email</s-badge>" in html and ">Skipped</s-badge>" not in html
    assert f"before={leader + 1}" in html
    assert browser.page(PAGE, state="queued", member=str(people[0])).count("Will be sent at ") == 1


@pytest.mark.usefixtures("people")
def test_tabs_keep_the_filters_and_only_languages_that_went_are_offered(browser: Browser) -> None:
    html = browser.page(PAGE, kind="welcome", language="fil", q="ben")
    tab = re.search(r'href="([^"]*state=skipped[^"]*)"', html)
    assert tab is not None
    assert all(part in tab[1] for part in ("kind=welcome", "language=fil", "q=ben"))
    assert "Filipino</s-option>" in html and "English</s-option>" in html and "German" not in html


def test_a_shop_without_emails_says_so(browser: Browser) -> None:
    assert "No emails yet" in browser.page(PAGE, state="all")
    assert "No emails found" in browser.page(PAGE, state="all", kind="welcome")


def test_pages_go_on_where_the_last_one_ended(engine: Engine, shop: ShopRow, other_shop: ShopRow) -> None:
    ana, other = member(engine, shop, "ana@example.com", "Ana"), member(engine, other_shop, "x@example.com", "X")
    made = [message(engine, shop, ana, f"Number {n}") for n in range(message_log.PAGE + 3)]
    message(engine, other_shop, other, "Not ours")
    with shop_transaction(engine, shop.id) as conn:
        first = message_log.page(conn, shop.id, Wanted(state="sent"), None)
        rest = message_log.page(conn, shop.id, Wanted(state="sent"), first[message_log.PAGE - 1].id)
        nobody = message_log.page(conn, shop.id, Wanted(member_ids=()), None)
    assert [one.id for one in [*first[: message_log.PAGE], *rest]] == made[::-1]
    assert nobody == []


def test_clicks_are_shown_where_they_were_counted(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    number = message(engine, shop, member(engine, shop, "ana@example.com", "Ana"), "One")
    assert "click" not in browser.page(PAGE)
    with shop_transaction(engine, shop.id) as conn:
        for _ in range(2):
            clicks.count(conn, shop.id, number, "clicks", NOW)
    assert "2 clicks" in browser.page(PAGE)
