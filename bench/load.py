"""Send webhooks as fast as they are answered, or at a fixed pace."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.orders import Feed

CONNECTIONS = 64
SCRIPT = Path(__file__).with_name("send.lua")


@dataclass(frozen=True)
class Burst:
    """What came of one load."""

    answered: int
    seconds: float
    refused: int
    lost: int
    p99_ms: float
    p50_ms: float = 0.0

    @property
    def rate(self) -> float:
        """Acknowledged per second."""
        return (self.answered - self.refused) / self.seconds


def generator() -> str:
    """What sends the load, for the head of the table."""
    return "wrk, 1 thread" if shutil.which("wrk") else "bench/generator.py (wrk is not installed: slower)"


def at_full_speed(port: int, feed: Feed, seconds: float) -> Burst:
    """64 kept-alive connections, each sends the next when the last was answered."""
    if not shutil.which("wrk"):
        return _own(port, feed, seconds, 0)
    options = ["-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "-s", str(SCRIPT)]
    told = {
        "BENCH_PIECES": str(feed.pieces),
        "BENCH_SIGNED": str(feed.signed),
        "BENCH_DOMAIN": feed.domain,
        "BENCH_RUN": secrets.token_hex(6),
    }
    return _burst(["wrk", *options, f"http://127.0.0.1:{port}"], os.environ | told, seconds)


def paced(port: int, feed: Feed, seconds: float, rate: int) -> Burst:
    """`rate` requests a second whatever the answers do; times count from when a request was due."""
    return _own(port, feed, seconds, rate)


def _own(port: int, feed: Feed, seconds: float, rate: int) -> Burst:
    what = [str(port), str(feed.pieces), str(feed.signed), feed.domain, str(seconds), str(rate), str(CONNECTIONS)]
    return _burst([sys.executable, "-m", "bench.generator", *what], dict(os.environ), seconds)


def _burst(command: list[str], environment: dict[str, str], seconds: float) -> Burst:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds + 60)
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr[-500:]}")
    return Burst(**json.loads(done.stdout.strip().splitlines()[-1]))
