"""How fast the list of members answers at a big shop: any combination of filters, any sort, deep pages, searches."""

from __future__ import annotations

import random
import statistics
import time
from urllib.parse import urlencode

import requests

from bench import big
from bench.place import Database, Place
from bench.table import Line
from sandbox.signing import id_token

ASKED, WARM, PAGE_MS, PAGE_KB = 120, 5, 150, 100
SPREAD = (
    # A few big groups, some small ones, and one that is rare; every fifth is a guest.
    """UPDATE member_facets SET
         tier = (ARRAY['', '', '', '', 'bronze', 'bronze', 'silver', 'gold'])[1 + hash % 8],
         language = (ARRAY['en', 'en', 'en', 'fil', 'th', 'de'])[1 + hash / 8 % 6],
         consent = (ARRAY['subscribed', 'subscribed', 'not_subscribed', '', 'unsubscribed'])[1 + hash / 48 % 5],
         source = CASE WHEN hash % 1000 = 7 THEN 'imported' ELSE (ARRAY['order', 'joined', 'order', 'invited'])
           [1 + hash / 240 % 4] END,
         state = CASE WHEN hash / 960 % 5 = 0 THEN 'guest' ELSE 'member' END,
         orders = hash / 4800 % 4, points = hash / 19200 % 5000,
         last_order_on = CASE WHEN hash / 4800 % 4 = 0 THEN DATE '1970-01-01'
           ELSE current_date - (hash / 7 % 900) END
       FROM (SELECT member_id AS id, abs(hashint8(member_id)) AS hash FROM member_facets) AS h
       WHERE member_id = h.id""",
    "VACUUM ANALYZE member_facets, member_names",
)
CHOICES: dict[str, tuple[str, ...]] = {
    "who": ("", "guest", "invited", "all"),
    "tier": ("", "", "bronze", "silver", "gold", "none"),
    "points_from": ("", "", "4900", "100"),
    "points_to": ("", "", "5", "3000"),
    "ordered_within": ("", "", "7", "90"),
    "idle": ("", "", "365", "890"),
    "bought": ("", "", "never", "once", "again"),
    "source": ("", "", "imported", "order", "unknown"),
    "language": ("", "", "fil", "en", "unknown"),
    "consent": ("", "", "subscribed", "unsubscribed", "unknown"),
    "sort": ("activity", "points", "ordered", "joined"),
    "way": ("", "up"),
}
SEARCHES = {
    "the beginning of an address": lambda n, members: f"buyer-{n * 97 % members}",
    "a word within an address": lambda n, members: f"{n * 97 % members}@example",
    "the middle of a word": lambda n, members: f"uyer-{n * 97 % members}@",
    "what nobody has": lambda n, members: f"zq{n}xj",
}


def measure(place: Place, members: int) -> list[Line]:
    """Combinations drawn by dice that always fall the same, then searches."""
    database, _ = big.make(place, "suki_members", 0, members)
    database.run(*SPREAD)
    dice = random.Random(12)
    drawn = [{name: dice.choice(values) for name, values in CHOICES.items()} for _ in range(ASKED + WARM)]
    paths = ["/app/members?" + urlencode({k: v for k, v in one.items() if v}) for one in drawn]
    lines = [_line(place, database, "Members, any filters and sort", paths, members)]
    for name, text in SEARCHES.items():
        asked = [f"/app/members?{urlencode({'q': text(n, members)})}" for n in range(20 + WARM)]
        lines.append(_line(place, database, f"Members, search for {name}", asked, members))
    return lines


def _line(place: Place, database: Database, name: str, paths: list[str], members: int) -> Line:
    times: list[tuple[float, str]] = []
    sizes = []
    with place.web(database) as web, requests.Session() as session:
        for number, path in enumerate(paths):
            headers = {"Authorization": f"Bearer {id_token('bench', place.secret, big.DOMAIN)}"}
            started = time.perf_counter()
            answer = session.get(f"http://127.0.0.1:{web.port}{path}", headers=headers, timeout=60)
            if number >= WARM:
                times.append(((time.perf_counter() - started) * 1000, path))
            answer.raise_for_status()
            sizes.append(len(answer.content) / 1000)
    taken = [each for each, _ in times]
    slowest, worst = statistics.quantiles(taken, n=20)[-1], max(times)
    return Line(
        f"{name}: 95th percentile at {members:,} members",
        f"{slowest:.0f} ms, {statistics.median(taken):.0f} ms in the middle",
        f"≤ {PAGE_MS} ms",
        slowest <= PAGE_MS and max(sizes) <= PAGE_KB,
        f"the slowest {worst[0]:.0f} ms: {worst[1]}; the longest page {max(sizes):.0f} kB",
        {"p95_ms": slowest, "median_ms": statistics.median(taken), "members": members, "kb": max(sizes)},
    )
