"""Acknowledgements: durable ones against Shopify's Express package, against verifying only, and at a calm pace."""

from __future__ import annotations

import shutil
import statistics
import subprocess
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from bench import load, orders
from bench.load import Burst
from bench.orders import Example
from bench.place import Place, processor_seconds
from bench.table import Line, not_measured

ROUNDS = 3
SECONDS = 5.0
BODIES = 1000
PACE, PACE_SECONDS, MOST_MS = 300, 20.0, 50
TIMES_PEER, SHARE_OF_BARE = 5.0, 0.8
PEER = Path(__file__).with_name("peers")
OURS, BARE, EXPRESS = "ours", "verifying only", "Shopify's Express package"
NAME = "durable acknowledgements a second"


def acknowledgements(place: Place, example: Example, rounds: int = ROUNDS) -> list[Line]:
    """Side by side, in turn, on the same PostgreSQL."""
    domain = "acknowledged.myshopify.com"
    place.shop(domain)
    feed = orders.feed(place.directory, example, place.secret, domain, range(BODIES), BODIES)
    with ExitStack() as stack:
        servers = {OURS: stack.enter_context(place.web()), BARE: stack.enter_context(place.verifying_only())}
        why_no_peer = _peer_missing()
        if not why_no_peer:
            servers[EXPRESS] = stack.enter_context(place.peer(PEER))
        for server in servers.values():
            load.at_full_speed(server.port, feed, 1)
        before = place.database.ask("SELECT count(*) FROM deliveries")
        bursts: dict[str, list[Burst]] = {name: [] for name in servers}
        used = dict.fromkeys(servers, 0.0)
        for _ in range(rounds):
            for name, server in servers.items():
                used[name] -= processor_seconds(server.pid, place.postgres())
                bursts[name].append(load.at_full_speed(server.port, feed, SECONDS))
                used[name] += processor_seconds(server.pid, place.postgres())
    stored = place.database.ask("SELECT count(*) FROM deliveries") - before
    place.database.run("DELETE FROM inbox", "VACUUM deliveries, inbox")
    return [*_lines(bursts, stored, why_no_peer), _processor_time(bursts, used)]


def _peer_missing() -> str:
    """Installs the peer where that is possible; says why it is not."""
    if not shutil.which("npm"):
        return "npm is not installed"
    if not (PEER / "node_modules").is_dir():
        done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=PEER, capture_output=True, text=True)
        if done.returncode:
            return f"npm ci failed in bench/peers: {done.stderr.strip()[-200:]}"
    return ""


def _lines(bursts: dict[str, list[Burst]], stored: int, why_no_peer: str) -> list[Line]:
    rates = {name: [burst.rate for burst in each] for name, each in bursts.items()}
    middle = {name: statistics.median(each) for name, each in rates.items()}
    acknowledged = sum(b.answered - b.refused for name in (OURS, EXPRESS) for b in bursts.get(name, []))
    problems = sum(burst.refused + burst.lost for each in bursts.values() for burst in each)
    how = (
        f"median of {len(rates[OURS])} rounds in turn; {acknowledged} acknowledged, {stored} stored, {problems} not 200"
    )
    first = Line(
        NAME,
        f"{middle[OURS]:,.0f}/s",
        "every one stored",
        stored >= acknowledged and problems == 0,
        how,
        {"rates": rates, "acknowledged": acknowledged, "stored": stored, "not_200": problems},
    )
    return [first, _against_peer(rates, why_no_peer), _against_bare(rates)]


def _ratio(rates: dict[str, list[float]], other: str) -> float:
    """The median of the rounds' own ratios: what disturbs one round disturbs both its sides."""
    return statistics.median(ours / theirs for ours, theirs in zip(rates[OURS], rates[other], strict=True))


def _against_peer(rates: dict[str, list[float]], why_no_peer: str) -> Line:
    name, asked = f"… against {EXPRESS}", f"≥ {TIMES_PEER:g} ×"
    if why_no_peer:
        return not_measured(name, why_no_peer, asked)
    times = _ratio(rates, EXPRESS)
    figure = f"{times:.1f} × ({statistics.median(rates[EXPRESS]):,.0f}/s)"
    return Line(name, figure, asked, times >= TIMES_PEER, numbers={"times": times})


def _against_bare(rates: dict[str, list[float]]) -> Line:
    share = _ratio(rates, BARE)
    figure = f"{share:.0%} ({statistics.median(rates[BARE]):,.0f}/s)"
    name = "… against this server verifying only, storing nothing"
    return Line(name, figure, f"≥ {SHARE_OF_BARE:.0%}", share >= SHARE_OF_BARE, numbers={"share": share})


def _processor_time(bursts: dict[str, list[Burst]], used: dict[str, float]) -> Line:
    """What a busy machine cannot distort: the time that server and database worked for one answer."""
    each = {name: seconds / sum(burst.answered for burst in bursts[name]) * 1e6 for name, seconds in used.items()}
    others = ", ".join(f"{name} {us:.0f} µs ({us / each[OURS]:.1f} ×)" for name, us in each.items() if name != OURS)
    return Line(
        "processor time for one acknowledgement, server and PostgreSQL",
        f"{each[OURS]:.0f} µs",
        how=others,
        numbers={"microseconds": each},
    )


def at_a_pace(place: Place, seconds: float = PACE_SECONDS) -> Line:
    """Shopify's pace on a busy day, with the worker at work."""
    domain = "paced.myshopify.com"
    place.shop(domain)
    made = orders.example(timedelta(days=30))
    feed = orders.feed(place.directory, made, place.secret, domain, range(int(PACE * seconds)), 5000)
    with place.web() as web, place.running("worker", "plugin.cli", "worker"):
        load.paced(web.port, feed, 2, PACE)
        burst = load.paced(web.port, feed, seconds, PACE)
    complete = burst.refused == burst.lost == 0
    return Line(
        f"acknowledgement at {PACE} a second, 99th percentile",
        f"{burst.p99_ms:.1f} ms",
        f"≤ {MOST_MS} ms",
        complete and burst.p99_ms <= MOST_MS,
        f"{burst.answered} requests, half of them within {burst.p50_ms:.1f} ms, from when each was due; worker running",
        {"p99_ms": burst.p99_ms, "p50_ms": burst.p50_ms, "requests": burst.answered, "lost": burst.lost},
    )
