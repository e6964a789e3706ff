"""A member's timeline: entries and events in one list, nothing twice, nothing left out, in the order of time."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import Engine

from plugin.actions.points import write_points
from plugin.actions.record_event import record
from plugin.rules.events import (
    Event,
    MemberJoined,
    MemberLeft,
    PointsUsable,
    RewardRedeemed,
    RewardReturned,
    TierReached,
)
from plugin.rules.names import staff_log
from plugin.store.database.db import shop_transaction
from plugin.store.members import bulk_acts
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.work import messages
from plugin.store.work.activity_pages import note_staff_act
from plugin.store.work.messages import Outcome
from tests.conftest import ShopRow
from tests.web.figures import NOW, add_members, earned, give, people
from tests.web.session import Browser


def timeline(html: str) -> list[str]:
    """The words of each line, from the top."""
    section = html[html.index('<s-section heading="Timeline">') : html.index('<s-section heading="Orders">')]
    return [words.strip() for words in re.findall(r'<span class="entry-words">([^<]*)</span>', section)]


def everything(html: str) -> list[str]:
    """The same, also of what leads somewhere."""
    section = html[html.index('<s-section heading="Timeline">') : html.index('<s-section heading="Orders">')]
    found = re.findall(r'<span class="entry-words">(.*?)</span>', section)
    return [re.sub(r"<[^>]+>", "", words).strip() for words in found]


SHOWN = ("points", "events", "orders", "emails", "staff")


def test_entries_from_before_the_first_event_and_events_after_it_are_one_list(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    (ana,) = add_members(engine, shop.id, people(1))
    with shop_transaction(engine, shop.id) as conn:
        give(conn, shop.id, [earned(ana.id, 10, 1)])
    later = NOW + timedelta(seconds=1)
    with shop_transaction(engine, shop.id) as conn:
        record(conn, shop.id, [Event(MemberLeft(), "", ana.id)], later)
        accounts = Ledger(conn, shop.id, [ana.id])
        accounts.post([Entry(ana.id, "earned", 5, "order:2", 1, later, "suki", reason={"order": "#2"})], later)
        write_points.write(accounts, later)
        happened = [
            Event(PointsUsable(1, 5), "", ana.id),
            Event(TierReached("gold", "", "order", told=True), "", ana.id),
            Event(RewardRedeemed(1, "r1", 5, held=False), "", ana.id),
            Event(RewardReturned(1, "r1", 5), "", ana.id),
        ]
        record(conn, shop.id, happened, later + timedelta(seconds=1))
    assert timeline(browser.page(f"/app/members/{ana.id}")) == [
        "Reached gold",
        "5 points became available",
        "Earned with order #2",
        "Left the programme",
        "Earned with order #1",
    ]


def test_each_line_is_on_one_page_only(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    (ana,) = add_members(engine, shop.id, people(1))
    for number in range(1, 61):
        at = NOW + timedelta(minutes=number)
        with shop_transaction(engine, shop.id) as conn:
            accounts = Ledger(conn, shop.id, [ana.id])
            named = {"order": f"#{number}"}
            accounts.post([Entry(ana.id, "earned", 5, f"order:{number}", 1, at, "suki", reason=named)], at)
            write_points.write(accounts, at)
            record(conn, shop.id, [Event(PointsUsable(number, number), "", ana.id)], at)
    first = browser.page(f"/app/members/{ana.id}")
    older = re.search(r'before=(\d+)[^"]*">Older', first)
    assert older is not None
    second = timeline(browser.page(f"/app/members/{ana.id}", before=older[1]))
    lines = timeline(first) + second
    assert sorted(lines) == sorted(
        [f"Earned with order #{n}" for n in range(1, 61)]
        + [f"{n} points became available" if n > 1 else "1 point became available" for n in range(1, 61)]
    )
    assert len(timeline(first)) == 100


def test_who_has_events_and_no_entry_has_a_timeline(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    (ana,) = add_members(engine, shop.id, people(1))
    with shop_transaction(engine, shop.id) as conn:
        record(conn, shop.id, [Event(MemberJoined(guest=False), "", ana.id)], NOW)
    assert timeline(browser.page(f"/app/members/{ana.id}")) == ["Joined the programme"]


def test_what_takes_points_names_its_email_and_what_became_of_it(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    (ana,) = add_members(engine, shop.id, people(1))
    with shop_transaction(engine, shop.id) as conn:
        give(conn, shop.id, [earned(ana.id, 10, 1)])
        accounts = Ledger(conn, shop.id, [ana.id])
        accounts.post([Entry(ana.id, "taken_back", -4, "order:1", 2, NOW, "suki", reason={"order": "#1"})], NOW)
        write_points.write(accounts, NOW)
        (number,) = conn.exec_driver_sql("SELECT message_id FROM entries WHERE points < 0").scalars().all()
    assert emails(browser.page(f"/app/members/{ana.id}")) == ["Points taken back: Waiting"]
    with shop_transaction(engine, shop.id) as conn:
        messages.end(conn, shop.id, [Outcome(number, "skipped", "there is no address to send to")], NOW)
    known = emails(browser.page(f"/app/members/{ana.id}"))
    assert known == ["Points taken back: Skipped. We don&#39;t have an email address."]


def emails(html: str) -> list[str]:
    """Which emails the entries name, and what became of each."""
    return [f"{kind}: {state}" for kind, state in re.findall(r"Email “([^”]+)” of [^:]+: ([^<]+)</li>", html)]


def test_what_is_counted_late_stands_where_it_happened(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    (ana,) = add_members(engine, shop.id, people(1))
    with shop_transaction(engine, shop.id) as conn:
        record(conn, shop.id, [Event(MemberLeft(), "", ana.id)], NOW - timedelta(days=30))
        give(conn, shop.id, [earned(ana.id, 10, 1, effective_at=NOW - timedelta(days=400)), earned(ana.id, 20, 2)])
    said = timeline(browser.page(f"/app/members/{ana.id}"))
    assert said == ["Earned with order #2", "Left the programme", "Earned with order #1"]


def test_what_staff_did_to_one_member_says_who_and_their_note_and_nothing_of_others(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    ana, ben = add_members(engine, shop.id, people(2))
    browser.post(f"/app/members/{ana.id}/birthday", birth_month="5", birth_day="17")
    with shop_transaction(engine, shop.id) as conn:
        for member in (ana, ben):
            note = {"tier": "gold", "note": f"For {member.id}"}
            note_staff_act(conn, shop.id, "staff:88", "set_tier", str(staff_log.Member(member.id)), note, NOW)
        note_staff_act(conn, shop.id, "staff:88", "redeem_for_member", "Free tour", {"member": ana.id}, NOW)
        note_staff_act(conn, shop.id, "staff:88", "adjust_points", "", {"member": ana.id}, NOW)
        note_staff_act(conn, shop.id, "staff:88", "save_brand", "", {"member": int(f"{ana.id}0")}, NOW)
    name, page = ana.name, f"/app/members/{ana.id}"
    said = [
        f"Redeemed for {name}: Free tour, by staff member …88",
        f"Set the tier of {name}, by staff member …88: “For {ana.id}”",
    ]
    shown = everything(browser.page(page, show="staff"))
    assert sorted(shown[-2:]) == said
    assert [one.partition(", by")[0] for one in shown[:-2]] == [f"Set the birthday of {name}"]
    assert [line for line in everything(browser.page(page)) if "staff member" in line and line in said] != []
    assert everything(browser.page(page, show="emails")) == []


def test_orders_emails_and_acts_on_many_stand_in_it_and_each_can_be_shown_alone(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    ana, ben = add_members(engine, shop.id, people(2))
    with shop_transaction(engine, shop.id) as conn:
        give(conn, shop.id, [earned(ana.id, 10, 1)])
        for member, name in ((ana, "#1002"), (ben, "#1003")):
            conn.exec_driver_sql(
                "INSERT INTO order_views (shop_id, order_id, member_id, name, placed_at, total_minor)"
                " VALUES (%s, %s, %s, %s, %s, 5000)",
                (shop.id, member.id, member.id, name, NOW - timedelta(hours=1)),
            )
            row = {"shop_id": shop.id, "member_id": member.id, "kind": "welcome", "subject": f"member:{member.id}"}
            messages.queue(conn, [{**row, "state": "queued", "last_error": ""}], NOW)
        bulk_acts.add(conn, shop.id, "a" * 32, "tag", {"tag": "x", "how": "add"}, [ana.id], 1, "staff:88", NOW)
        number = conn.exec_driver_sql("SELECT id FROM bulk_acts").scalar_one()
        bulk_acts.note(conn, shop.id, number, [bulk_acts.Outcome(ana.id)])
    page = f"/app/members/{ana.id}"
    said = {show: everything(browser.page(page, **({"show": show} if show else {}))) for show in ("", *SHOWN)}
    assert said["orders"] == ["Placed order #1002: $50.00"]
    assert said["emails"] == ["Email: Welcome (Waiting)"]
    assert said["staff"] == [f"Among the people of bulk action {number}, by staff member …88"]
    assert said["points"] == ["Earned with order #1"]
    assert sorted(said[""]) == sorted(sum((said[show] for show in SHOWN), []))
