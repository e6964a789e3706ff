"""A big shop: what an order costs when the ledger is long, and how fast the panel's pages are."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

import requests

from bench.orders import CUSTOMER, ORDER, Example
from bench.place import Database, Place
from bench.processing import fill_inbox
from bench.table import Line
from sandbox.signing import id_token
from webhooks.inbox import BATCH, process_shop

ENTRIES, MEMBERS = 1_000_000, 100_000
DOMAIN = "big.myshopify.com"
BATCHES = 12
MOST_TIMES, PAGE_MS, PAGE_KB = 1.2, 150, 100
LOOKS = 40
INDEXES = ("entries_created", "lots_of_member", "lots_maturing", "order_views_member", "order_views_placed")
FILL = (
    """INSERT INTO entries (id, shop_id, member_id, kind, points, subject, line, programme_version, effective_at,
         reason, actor, created_at)
       SELECT n, {shop}, {first} + n % {members}, 'earned', 20 + n % 200, 'order:' || ({order} - n), 1, 1,
         now() - n * interval '1 minute', '{{"order": "#1", "reasons": []}}', 'suki', now() - n * interval '1 minute'
       FROM generate_series(1, {entries}) n""",
    """INSERT INTO lots (id, shop_id, member_id, entry_id, points, points_left, available_at, announced)
       SELECT id, shop_id, member_id, id, points, points, effective_at, true FROM entries ORDER BY id""",
    """INSERT INTO order_views (shop_id, order_id, member_id, name, updated_at, triggered_at, placed_at, view,
         posted, financial_status, total_minor, deserved)
       SELECT shop_id, {order} - id, member_id, '#' || id, effective_at, effective_at, effective_at,
         '{{"name": "a small stand-in for the stored order"}}', jsonb_build_object(member_id, jsonb_build_array(
         points, 1, 0)), 'paid', points * 100, points FROM entries ORDER BY id DESC""",
    """UPDATE members m SET balance = s.points FROM (SELECT member_id, sum(points) AS points FROM entries
         GROUP BY 1) s WHERE m.id = s.member_id""",
    """SELECT setval(pg_get_serial_sequence('entries', 'id'), {entries}),
         setval(pg_get_serial_sequence('lots', 'id'), {entries})""",
)
MEMBERS_ONLY = """INSERT INTO members (shop_id, customer_id, email, email_key, first_name, last_name, joined_at,
    last_activity_at) SELECT {shop}, {customer} + n, 'buyer-' || n || '@example.com', 'buyer-' || n || '@example.com',
    'Ana' || n, 'Reyes' || n % 1000, now() - interval '2 years', now() - n * interval '1 minute'
    FROM generate_series(0, {members} - 1) n ORDER BY n"""


def measure(place: Place, example: Example, entries: int, members: int) -> list[Line]:
    """Everything that needs a big shop."""
    big = make(place, "suki_big", entries, members)
    return [cost_at_size(place, example, big, members, entries), *pages(place, big, members)]


def make(place: Place, name: str, entries: int, members: int) -> tuple[Database, int]:
    """A database with one shop and its members, and so many entries, each of an order of its own."""
    database = place.second_database(name)
    shop = place.shop(DOMAIN, database)
    numbers = {"shop": shop, "order": ORDER, "customer": CUSTOMER, "members": members, "entries": entries}
    database.run(MEMBERS_ONLY.format(**numbers))
    if entries:
        numbers["first"] = database.ask("SELECT min(id) FROM members")
        _fill(database, numbers)
    database.run("VACUUM ANALYZE", "CHECKPOINT")
    return database, shop


def _fill(database: Database, numbers: dict[str, int]) -> None:
    """Set by set; secondary indexes are built at the end, as a restore does."""
    names = ", ".join(f"'{name}'" for name in INDEXES)
    again = database.ask(f"SELECT array_agg(indexdef) FROM pg_indexes WHERE indexname IN ({names})")
    database.run(*(f"DROP INDEX {name}" for name in INDEXES))
    database.run(*(statement.format(**numbers) for statement in FILL))
    database.run(*again)


def cost_at_size(place: Place, example: Example, big: tuple[Database, int], members: int, entries: int) -> Line:
    """The same orders of the same members, in turn, in a long ledger and in an empty one."""
    sides = {"big": big, "empty": make(place, "suki_empty", 0, members)}
    for database, _ in sides.values():
        fill_inbox(database.url, DOMAIN, example, BATCHES * BATCH, members)
        database.run("ANALYZE inbox, deliveries")
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(BATCHES):
        for name, (database, shop) in sides.items():
            started = time.perf_counter()
            taken = process_shop(database.engine, shop, datetime.now(UTC))
            seconds[name].append((time.perf_counter() - started) / taken * 1000)
    middle = {name: statistics.median(each[1:]) for name, each in seconds.items()}
    times = middle["big"] / middle["empty"]
    return Line(
        f"cost of an order at {entries:,} entries, against an empty ledger",
        f"{times:.2f} ×",
        f"≤ {MOST_TIMES:g} ×",
        times <= MOST_TIMES,
        f"{middle['big']:.2f} s against {middle['empty']:.2f} s per 1,000 orders; {members:,} members in both",
        {"times": times, "seconds_per_1000": middle, "entries": entries, "members": members},
    )


def pages(place: Place, big: tuple[Database, int], members: int) -> list[Line]:
    """Pages of the panel, asked for one after the other; what counts is the answer's last byte."""
    database = big[0]
    first = database.ask("SELECT min(id) FROM members")
    addresses: dict[str, Callable[[int], str]] = {
        "Home": lambda _: "/app",
        "Members": lambda _: "/app/members",
        "Members, searched": lambda look: f"/app/members?q=buyer-{look * 97 % members}",
        "one member": lambda look: f"/app/members/{first + look * 7919 % members}",
    }
    with place.web(database) as web:
        return [_page(place, web.port, name, [address(look) for look in range(LOOKS)], members)
                for name, address in addresses.items()]  # fmt: skip


def _page(place: Place, port: int, name: str, paths: list[str], members: int) -> Line:
    times, sizes = [], []
    with requests.Session() as session:
        for place_in_row, path in enumerate([paths[0], paths[0], *paths]):
            headers = {"Authorization": f"Bearer {id_token('bench', place.secret, DOMAIN)}"}
            started = time.perf_counter()
            answer = session.get(f"http://127.0.0.1:{port}{path}", headers=headers, timeout=30)
            if place_in_row >= 2:
                times.append((time.perf_counter() - started) * 1000)
            answer.raise_for_status()
            sizes.append(len(answer.content) / 1000)
    slowest = statistics.quantiles(times, n=20)[-1]
    return Line(
        f"panel, {name}: 95th percentile at {members:,} members",
        f"{slowest:.0f} ms, {max(sizes):.0f} KB",
        f"≤ {PAGE_MS} ms, ≤ {PAGE_KB} KB",
        slowest <= PAGE_MS and max(sizes) <= PAGE_KB,
        numbers={"p95_ms": slowest, "kilobytes": max(sizes), "members": members},
    )
