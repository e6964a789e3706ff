"""A load generator of our own, for paced loads, and for full speed where wrk is not installed.

    python -m bench.generator PORT PIECES SIGNED DOMAIN SECONDS RATE CONNECTIONS

RATE 0 is full speed. Times of a paced load count from the moment a request was due, so that a server
that stalls cannot hide it by keeping the sender waiting.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from bench.orders import Feed, requests

PATIENCE_SECONDS = 10


class Load:
    """What is sent, and what came back."""

    def __init__(self, requests: Iterator[bytes]) -> None:
        self.requests = requests
        self.idle: deque[Connection] = deque()
        self.late: deque[float] = deque()
        self.times: list[float] = []
        self.refused = self.lost = self.under_way = 0
        self.again = False

    def send(self, due: float) -> None:
        """On an idle connection, or as soon as one is."""
        if self.idle:
            self.idle.popleft().send(next(self.requests), due)
        else:
            self.late.append(due)

    def answered(self, connection: Connection, status: bytes, due: float, now: float) -> None:
        """One answer came."""
        self.times.append(now - due)
        self.refused += status != b"200"
        if self.again:
            connection.send(next(self.requests), now)
        elif self.late:
            connection.send(next(self.requests), self.late.popleft())
        else:
            self.idle.append(connection)


class Connection(asyncio.Protocol):
    """One kept-alive connection with at most one request on its way."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.buffer = b""
        self.due = 0.0
        self.waiting = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.load.idle.append(self)

    def send(self, request: bytes, due: float) -> None:
        """Send; `due` is when it should have gone."""
        self.due, self.waiting = due, True
        self.load.under_way += 1
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Look whether the answer is whole."""
        self.buffer += data
        if self.waiting and _is_whole(self.buffer):
            status, self.buffer, self.waiting = self.buffer[9:12], b"", False
            self.load.under_way -= 1
            self.load.answered(self, status, self.due, asyncio.get_running_loop().time())

    def connection_lost(self, _error: Exception | None) -> None:
        """An answer that is not coming any more is lost."""
        if self.waiting:
            self.load.under_way -= 1
            self.load.lost += 1
        if self in self.load.idle:
            self.load.idle.remove(self)


def _is_whole(answer: bytes) -> bool:
    head, found, body = answer.partition(b"\r\n\r\n")
    if not found:
        return False
    lower = head.lower()
    if b"transfer-encoding: chunked" in lower:
        return body.endswith(b"0\r\n\r\n")
    _, _, length = lower.partition(b"content-length: ")
    return len(body) >= int(length.split(b"\r\n", 1)[0] or 0)


async def run(load: Load, port: int, seconds: float, rate: int, connections: int) -> dict[str, float]:
    """Send for so long; answers the sums."""
    loop = asyncio.get_running_loop()
    for _ in range(connections):
        await loop.create_connection(lambda: Connection(load), "127.0.0.1", port)
    started = loop.time()
    if rate:
        await _at_pace(load, started, seconds, rate)
    else:
        load.again = True
        for _ in range(connections):
            load.send(started)
        await asyncio.sleep(seconds)
        load.again = False
    ended = loop.time()
    while (load.under_way or load.late) and loop.time() < ended + PATIENCE_SECONDS:
        await asyncio.sleep(0.005)
    return _sums(load, (loop.time() if rate == 0 else ended) - started)


async def _at_pace(load: Load, started: float, seconds: float, rate: int) -> None:
    loop = asyncio.get_running_loop()
    for number in range(int(seconds * rate)):
        due = started + number / rate
        if (wait := due - loop.time()) > 0:
            await asyncio.sleep(wait)
        load.send(due)


def _sums(load: Load, seconds: float) -> dict[str, float]:
    times = sorted(load.times) or [0.0]
    return {
        "answered": len(load.times),
        "seconds": seconds,
        "refused": load.refused,
        "lost": load.lost + load.under_way + len(load.late),
        "p99_ms": times[min(len(times) - 1, len(times) * 99 // 100)] * 1000,
        "p50_ms": times[len(times) // 2] * 1000,
    }


def main(port: str, pieces: str, signed: str, domain: str, seconds: str, rate: str, connections: str) -> None:
    """Run and print one line of JSON."""
    feed = Feed(Path(pieces), Path(signed), domain)
    load = Load(requests(feed, int(port), secrets.token_hex(6)))
    print(json.dumps(asyncio.run(run(load, int(port), float(seconds), int(rate), int(connections)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
