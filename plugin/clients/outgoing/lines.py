"""Connections to endpoints that several threads share, one at a time each."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from plugin.clients.outgoing.post import Line


class Lines:
    """Connections that are kept while an endpoint is being sent to."""

    def __init__(self, allowed: frozenset[str]) -> None:
        self._allowed = allowed
        self._free: list[Line] = []
        self._lock = threading.Lock()

    @contextmanager
    def line(self, url: str) -> Iterator[Line]:
        """One for a thread, to the endpoint; it is free for another afterwards."""
        with self._lock:
            line = self._free.pop() if self._free else None
        line = line or Line(url, self._allowed)
        try:
            yield line
        finally:
            with self._lock:
                self._free.append(line)

    def close(self) -> None:
        """Hang up everywhere."""
        for line in self._free:
            line.close()


@contextmanager
def kept_lines(allowed: frozenset[str]) -> Iterator[Lines]:
    """Connections for as long as the block lasts; `allowed` as in `Line`."""
    lines = Lines(allowed)
    try:
        yield lines
    finally:
        lines.close()
