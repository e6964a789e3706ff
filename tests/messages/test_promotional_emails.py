"""Promotional emails: by day, not too often, and only to those who agreed, as was known a day ago. Others are never
held up. The welcome email stands for one that its builder finds to be promotional."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine

from plugin import jobs
from plugin.actions.shops.tokens import AdminClients
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.messages import promotional
from plugin.messages.kind import Kind
from plugin.messages.sending import letters
from plugin.messages.welcome import mail as welcome
from plugin.rules.message_kinds import NO_CONSENT, MessageKind
from plugin.rules.sending import promotional as rules
from plugin.rules.sending.sender import Sender
from plugin.rules.types import CustomerFacts
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.members import customer_facts
from plugin.store.shops import shops
from tests.clients.moody_server import Moody
from tests.conftest import ShopRow, TestDatabase
from tests.messages.waiting import welcomes

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Post:
    """A shop, its mail server, and a clock that a test holds."""

    engine: Engine
    shop_id: int
    server: Moody
    work: Work
    now: list[datetime] = field(default_factory=lambda: [NOON])

    def write(self, *addresses: str) -> list[int]:
        made = welcomes(self.engine, self.shop_id, addresses, self.now[0])
        for address in addresses:
            self.says(address, "subscribed")
        return made

    def again(self, number: int) -> int:
        """Another email to the same member."""
        with shop_transaction(self.engine, self.shop_id) as conn:
            row = conn.exec_driver_sql(
                "INSERT INTO messages (shop_id, member_id, kind, subject, created_at) SELECT shop_id, member_id, kind,"
                " subject || ':' || (SELECT count(*) FROM messages), %(now)s FROM messages WHERE id = %(id)s"
                " RETURNING id",
                {"id": number, "now": self.now[0]},
            )
            made = int(row.scalar_one())
            self.due(conn, made)
        return made

    def due(self, conn: Any, number: int) -> None:
        conn.exec_driver_sql(
            "INSERT INTO jobs (shop_id, kind, subject, not_before) VALUES (%s, 'send_message', %s, %s)",
            (self.shop_id, str(number), self.now[0]),
        )

    def says(self, address: str, consent: str, at: datetime | None = None) -> None:
        with shop_transaction(self.engine, self.shop_id) as conn:
            customer = conn.exec_driver_sql("SELECT customer_id FROM members WHERE email = %s", (address,)).scalar_one()
            facts = {customer: CustomerFacts(frozenset(), consent, 1)}
            customer_facts.save(conn, self.shop_id, facts, at or self.now[0])

    def ordered(self, address: str, order: int, day: str, country: str, region: str = "") -> None:
        with shop_transaction(self.engine, self.shop_id) as conn:
            conn.exec_driver_sql(
                "INSERT INTO order_facts (shop_id, order_id, member_id, day, counts, country, region)"
                " SELECT shop_id, %s, id, %s, true, %s, %s FROM members WHERE email = %s",
                (order, day, country, region, address),
            )

    def set(self, **wanted: Any) -> None:
        with shop_transaction(self.engine, self.shop_id) as conn:
            shops.merge_settings(conn, self.shop_id, {"sending": {"quiet": False, "most": 0} | wanted})

    def run(self, at: datetime | None = None) -> None:
        self.now[0] = at or self.now[0]
        jobs.run(self.work, self.shop_id, "send_message")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with shop_transaction(self.engine, self.shop_id) as conn:
            return [tuple(row) for row in conn.exec_driver_sql(sql)]

    @property
    def states(self) -> list[tuple[str, str]]:
        return [(row[0], row[1]) for row in self.rows("SELECT state, last_error FROM messages ORDER BY id")]

    @property
    def waits(self) -> list[datetime]:
        """Until when the jobs wait."""
        return [row[0] for row in self.rows("SELECT not_before FROM jobs WHERE kind = 'send_message' ORDER BY id")]

    @property
    def taken(self) -> Counter[int]:
        return Counter(int(one.split(".")[2].split("@")[0]) for one in self.server.taken)


@pytest.fixture
def post(engine: Engine, settings: Settings, shop: ShopRow, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    def build(occasion: Any) -> Any:
        promotional.insist(occasion)
        return welcome.build(occasion)

    monkeypatch.setattr("plugin.messages.sending.send.KINDS", {"welcome": Kind(build, welcome.samples)})
    with Moody() as server:
        ours = settings.model_copy(update={"smtp_port": server.port, "smtp_connections": 4})
        with Mailer.from_settings(ours) as mailer:
            now = [NOON]
            work = Work(engine, AdminClients.of(ours), mailer, lambda: now[0])
            made = Post(engine, shop.id, server, work, now)
            made.set()
            yield made


def test_one_at_night_waits_for_the_morning_of_where_the_newest_order_went(post: Post) -> None:
    post.set(quiet=True)
    made = post.write("manila@x.example", "ny@x.example", "la@x.example", "nowhere@x.example")
    post.ordered("manila@x.example", 1, "2026-01-01", "US", "NY")
    post.ordered("manila@x.example", 2, "2026-05-01", "PH")
    post.ordered("ny@x.example", 3, "2026-05-01", "US")
    post.ordered("la@x.example", 4, "2026-05-01", "US", "CA")
    post.run()  # 20:00 in Manila, 7:00 in New York, 4:00 in Los Angeles, noon where the shop is
    assert post.states == [("sent", ""), ("queued", rules.QUIET), ("queued", rules.QUIET), ("sent", "")]
    assert post.waits == [NOON + HOUR, NOON + 4 * HOUR]
    assert post.rows("SELECT DISTINCT attempts FROM jobs") == [(0,)]
    post.run(NOON + HOUR)
    post.run(NOON + 4 * HOUR)
    assert post.taken == Counter(made)
    assert {state for state, _ in post.states} == {"sent"}


def test_others_go_at_night_and_as_often_as_there_is_something_to_say(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugin.messages.sending.send.KINDS", {"welcome": welcome.MAIL})
    post.set(quiet=True, most=1)
    first, second = post.write("ana@x.example", "ben@x.example")
    more = [post.again(first), post.again(first)]
    post.says("ben@x.example", "unsubscribed")
    post.run(NOON + 14 * HOUR)
    assert post.taken == Counter([first, second, *more])
    assert post.rows("SELECT DISTINCT nature FROM messages") == [("transactional",)]


def test_one_too_many_is_left_out_with_the_reason_and_counts_only_what_went(post: Post) -> None:
    post.set(most=2, days=7)
    (first,) = post.write("ana@x.example")
    post.run()
    post.run(NOON + DAY)
    second = post.again(first)
    post.says("ana@x.example", "subscribed")
    post.run(NOON + DAY)
    third = post.again(first)
    post.run(NOON + DAY)
    assert post.states == [("sent", ""), ("sent", ""), ("skipped", rules.TOO_OFTEN)]
    post.now[0] = NOON + 7 * DAY
    post.says("ana@x.example", "subscribed")
    fourth = post.again(first)
    post.run()
    assert post.taken == Counter([first, second, fourth])
    assert third not in post.taken
    assert post.rows("SELECT nature, handed_at FROM messages WHERE state = 'sent' ORDER BY id") == [
        ("promotional", NOON), ("promotional", NOON + DAY), ("promotional", NOON + 7 * DAY)
    ]  # fmt: skip


def test_a_kind_whose_content_still_stands_later_waits_for_room(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MessageKind.WELCOME, "about", replace(MessageKind.WELCOME.about, over_cap="wait"))
    post.set(most=1, days=3)
    (first,) = post.write("ana@x.example")
    post.run()
    second = post.again(first)
    post.run(NOON + HOUR)
    assert post.states == [("sent", ""), ("queued", rules.TOO_OFTEN)]
    assert post.waits == [NOON + 3 * DAY]
    post.now[0] = NOON + 3 * DAY
    post.says("ana@x.example", "subscribed")
    post.run()
    assert post.taken == Counter([first, second])


def test_of_two_to_one_member_in_one_batch_only_as_many_go_as_may(post: Post) -> None:
    post.set(most=1)
    (first,) = post.write("ana@x.example")
    post.again(first)
    post.again(first)
    post.run()
    assert sorted(post.states) == [("sent", ""), ("skipped", rules.TOO_OFTEN), ("skipped", rules.TOO_OFTEN)]
    assert sum(post.taken.values()) == 1


def test_what_was_said_more_than_a_day_ago_is_asked_for_anew_in_one_go(post: Post) -> None:
    made = post.write("ana@x.example", "ben@x.example", "cy@x.example")
    post.says("ana@x.example", "subscribed", NOON - DAY - HOUR)
    post.says("ben@x.example", "subscribed", NOON - DAY - HOUR)
    post.run(NOON + HOUR)
    asked = "SELECT subject FROM jobs WHERE kind = 'fetch_customer' ORDER BY subject"
    assert post.rows(asked) == [("101",), ("102",)]
    assert post.taken == Counter([made[2]])
    assert post.waits == [NOON + HOUR + timedelta(minutes=1)] * 2
    post.says("ana@x.example", "subscribed")
    post.says("ben@x.example", "unsubscribed")
    post.run(NOON + 2 * HOUR)
    assert post.states == [("sent", ""), ("skipped", NO_CONSENT), ("sent", "")]


def test_nobody_waits_for_ever_for_an_answer_that_shopify_does_not_give(post: Post) -> None:
    post.write("ana@x.example")
    post.says("ana@x.example", "subscribed", NOON - 2 * DAY)
    post.run()
    post.rows("UPDATE jobs SET state = 'failed' WHERE kind = 'fetch_customer' RETURNING 1")
    post.run(NOON + timedelta(minutes=31))
    assert post.states == [("skipped", NO_CONSENT)]


def test_an_imported_guest_of_whom_shopify_knows_nothing_gets_none(post: Post) -> None:
    post.write("ana@x.example")
    post.rows("UPDATE members SET customer_id = NULL, state = 'guest' RETURNING 1")
    post.run()
    assert post.states == [("skipped", NO_CONSENT)]
    assert post.taken == Counter()


def test_who_takes_it_back_between_reading_and_handing_over_gets_none(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = post.write("ana@x.example", "ben@x.example")
    drawn = letters.rendered

    def opt_out(*args: Any, **options: Any) -> Any:
        post.says("ben@x.example", "unsubscribed")
        return drawn(*args, **options)

    monkeypatch.setattr(letters, "rendered", opt_out)
    post.run()
    assert post.states == [("sent", ""), ("skipped", NO_CONSENT)]
    assert post.taken == Counter(made[:1])


def test_who_is_just_taking_it_back_is_waited_for(post: Post, database: TestDatabase) -> None:
    post.write("ana@x.example")
    with psycopg.connect(database.superuser_url) as other:
        other.execute("UPDATE customer_facts SET email_consent = 'unsubscribed', consent_at = now()")
        post.run()
        assert post.states == [("queued", "")]
        assert post.taken == Counter()
        other.commit()
    post.run(NOON + HOUR)
    assert post.states == [("skipped", NO_CONSENT)]


def test_the_shared_sender_gives_a_shop_more_room_the_more_it_sells(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "SHARED_A_DAY", 2)
    made = post.write("ana@x.example", "ben@x.example", "cy@x.example")
    post.run()
    assert sorted(post.states) == [("queued", rules.SHARED_FULL), ("sent", ""), ("sent", "")]
    assert post.waits == [NOON + HOUR]
    post.ordered("ana@x.example", 1, "2026-11-19", "PH")
    post.run(NOON + HOUR)
    assert post.taken == Counter(made)


def test_a_sender_of_their_own_has_no_such_bound(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "SHARED_A_DAY", 0)
    made = post.write("ana@x.example")
    with shop_transaction(post.engine, post.shop_id) as conn:
        shops.merge_settings(conn, post.shop_id, {"sender": Sender("rewards@shop.example", "right").stored()})
    post.run()
    assert post.taken == Counter(made)
