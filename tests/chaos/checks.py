"""What is looked at when the dust has settled. Each check asserts; some answer counts for the report."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import orjson
import psycopg
import zstandard
from psycopg.rows import dict_row

from sandbox.local import Sandbox
from sandbox.shop.discounts import status
from sandbox.state import now
from tests.chaos import oracle
from tests.chaos.history import NEW_CUSTOMERS, Story, Webhook
from tests.chaos.oracle import Terms

OWN_PREFIX = "suki:"
MESSAGE_ID = re.compile(r"<suki\.(\d+)\.(\d+)@")


@dataclass(frozen=True)
class Ledger:
    """The database as its keeper sees it: every shop's rows."""

    url: str

    def rows(self, query: str, *values: object) -> list[dict[str, object]]:
        """All rows."""
        with psycopg.connect(self.url, autocommit=True, row_factory=dict_row) as conn:
            return conn.execute(query, values).fetchall()

    def pairs(self, query: str, *values: object) -> dict[object, object]:
        """The first column to the second."""
        return dict(tuple(row.values()) for row in self.rows(query, *values))

    def run(self, statement: str) -> None:
        """One statement."""
        with psycopg.connect(self.url, autocommit=True) as conn:
            conn.execute(statement)


def nothing_acknowledged_is_lost(ledger: Ledger, webhooks: list[Webhook], accepted: set[str]) -> None:
    """Every 200 is stored, once, byte for byte; and nothing that nobody sent.

    When a quarter of an hour is over, bodies lose what nothing needs any more: they are of the same thing still.
    """
    sent = {webhook.id: webhook for webhook in webhooks}
    stored = ledger.rows(
        "SELECT webhook_id, topic, body, body_state FROM deliveries WHERE NOT starts_with(webhook_id, %s)", OWN_PREFIX
    )
    unpack = zstandard.ZstdDecompressor().decompress
    assert accepted <= {row["webhook_id"] for row in stored}
    assert len(stored) == len({row["webhook_id"] for row in stored}) == len(sent)
    whole = [row for row in stored if row["body_state"] == "whole"]
    changed = [row["webhook_id"] for row in whole if unpack(row["body"], 2**24) != sent[row["webhook_id"]].body]
    assert changed == []
    for row in stored:
        if row["body_state"] == "stripped" and not sent[row["webhook_id"]].malformed:
            left, was = (orjson.loads(one) for one in (unpack(row["body"], 2**24), sent[row["webhook_id"]].body))
            assert left.get("id") == was.get("id") and left.keys() <= was.keys(), row["webhook_id"]


def only_malformed_ones_failed(ledger: Ledger, webhooks: list[Webhook]) -> int:
    """What could not be processed is kept, visible, and is what nobody can process."""
    failed = ledger.rows("SELECT d.webhook_id, i.state, i.last_error FROM inbox i JOIN deliveries d"
                         " ON d.shop_id = i.shop_id AND d.id = i.delivery_id")  # fmt: skip
    malformed = {webhook.id for webhook in webhooks if webhook.malformed}
    assert {row["webhook_id"]: row["state"] for row in failed} == dict.fromkeys(malformed, "failed")
    assert {row["last_error"] for row in failed} <= {"the body is not JSON"}
    return len(failed)


def ledger_equals_oracle(ledger: Ledger, shop_id: int, story: Story, terms: Terms) -> int:
    """Points per order and per person; answers how many points there are."""
    orders = ledger.pairs(
        "SELECT split_part(subject, ':', 2)::bigint, sum(points)::bigint FROM entries WHERE shop_id = %s"
        " AND starts_with(subject, 'order:') GROUP BY 1 HAVING sum(points) <> 0", shop_id)  # fmt: skip
    assert orders == oracle.order_points(story, terms)
    people = ledger.pairs(
        "SELECT coalesce(customer_id::text, email_key), balance FROM members WHERE shop_id = %s AND state <> 'merged'"
        " AND balance <> 0", shop_id)  # fmt: skip
    assert people == oracle.holdings(story, terms)
    assert ledger.rows("SELECT FROM members WHERE shop_id = %s AND state = 'merged' AND balance <> 0", shop_id) == []
    return sum(oracle.holdings(story, terms).values())


def codes_exist_once(ledger: Ledger, shop_id: int, story: Story) -> Counter[str]:
    """One code per redemption that wants one, none other; every order that surely brings one has one."""
    redemptions = ledger.rows("SELECT id, subject, code, code_state FROM redemptions WHERE shop_id = %s", shop_id)
    tags = {f"suki-redemption-{shop_id}-{row['id']}": row for row in redemptions}
    in_shop = list(story.shop.discount.values())
    assert len(in_shop) == len({tag for discount in in_shop for tag in discount["tags"]})
    assert all(len(discount["tags"]) == len(discount["codes"]) == 1 for discount in in_shop)
    made = {discount["tags"][0]: discount["codes"][0]["code"] for discount in in_shop}
    assert made.keys() <= tags.keys(), "a code that no redemption asked for"
    assert all(tags[tag]["code"] == code for tag, code in made.items())
    states = Counter(str(row["code_state"]) for row in redemptions)
    assert set(states) <= {"created", "disabled"}
    assert all(tag in made for tag, row in tags.items() if row["code_state"] == "created")
    live = {discount["tags"][0] for discount in in_shop if status(discount, now()) == "ACTIVE"}
    assert live == {tag for tag, row in tags.items() if row["code_state"] == "created"}
    _right_orders({str(row["subject"]) for row in redemptions}, story)
    return states


def _right_orders(subjects: set[str], story: Story) -> None:
    assert {f"order:{key}" for key in story.always_paid} <= subjects <= {f"order:{key}" for key in story.fresh}


def mails_arrived_once(ledger: Ledger, shop_id: int, story: Story, terms: Terms, box: Sandbox) -> Counter[str]:
    """Every message that was sent is in the mailbox exactly once; an unknown one at most once; no other is."""
    messages = ledger.rows("SELECT id, kind, subject, state, last_error FROM messages WHERE shop_id = %s", shop_id)
    states = {int(str(row["id"])): str(row["state"]) for row in messages}
    arrived = Counter(number for shop, number in _mails(box) if shop == shop_id)
    assert {number for number, count in arrived.items() if count > 1} == set(), "a mail was sent twice"
    assert set(states.values()) <= {"sent", "unknown", "skipped"}
    assert [number for number, state in states.items() if state == "sent" and number not in arrived] == []
    assert [number for number in arrived if states.get(number) not in ("sent", "unknown")] == []
    _right_orders({str(row["subject"]) for row in messages if row["kind"] == "order_confirmation"}, story)
    welcomes = sum(row["kind"] == "welcome" for row in messages)
    assert welcomes == (NEW_CUSTOMERS if terms.welcome else 0)
    counts = Counter(states.values())
    counts["unknown: killed"] = sum("worker stopped" in str(row["last_error"]) for row in messages)
    counts["unknown: arrived"] = sum(states[number] == "unknown" for number in arrived)
    return counts


def _mails(box: Sandbox) -> list[tuple[int, int]]:
    found = []
    for mail in box.post.list(limit=100_000):
        match = MESSAGE_ID.match(str(mail.message["Message-ID"]))
        assert match is not None, "a mail that is not ours"
        found.append((int(match[1]), int(match[2])))
    return found


def events_arrived_in_order(ledger: Ledger, shop_id: int, taken: list[tuple[int, int | None]]) -> int:
    """Every event of the shop was taken by its endpoint, and those of a member first in their order; answers how many
    there were."""
    happened = {row["id"] for row in ledger.rows("SELECT id FROM events WHERE shop_id = %s", shop_id)}
    first = list(dict.fromkeys(taken))
    assert {number for number, _ in first} == happened
    for member in {member for _, member in first} - {None}:
        numbers = [number for number, whose in first if whose == member]
        assert numbers == sorted(numbers), f"member {member} was told out of order"
    states = ledger.pairs("SELECT state, count(*) FROM outgoing_webhooks WHERE shop_id = %s GROUP BY 1", shop_id)
    assert states == {"sent": len(happened)}
    return len(happened)
