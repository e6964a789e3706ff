"""Asks DNS for texts, within a few seconds whatever becomes of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final, Self

import dns.exception
import dns.name
import dns.resolver

from plugin.errors import Unavailable
from plugin.rules.sending.domain_check import Answer
from plugin.settings import Settings

ONE_SECONDS: Final = 2.0
ALL_SECONDS: Final = 10.0
"""For everything that one check asks; what comes after that is not answered."""
LONGEST_TEXT: Final = 4096


class Dns:
    """One check's questions: the same one is asked once."""

    def __init__(self, resolver: dns.resolver.Resolver, seconds: float = ALL_SECONDS) -> None:
        self._resolver = resolver
        self._ends = time.monotonic() + seconds
        self._known: dict[str, Answer] = {}

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The servers of the settings, or those of this machine. Unavailable: it has none."""
        try:
            resolver = dns.resolver.Resolver(configure=not settings.dns_servers)
        except dns.resolver.NoResolverConfiguration:
            raise Unavailable("This machine has no DNS servers: set DNS_SERVERS") from None
        if settings.dns_servers:
            hosts = [_server(each) for each in settings.dns_servers.split(",")]
            resolver.nameservers = [host for host, _ in hosts]
            resolver.port = hosts[0][1]
        return cls(resolver)

    def txt(self, name: str) -> Answer:
        """The texts of a name, each in one piece, CNAMEs followed."""
        if name not in self._known:
            self._known[name] = self._ask(name)
        return self._known[name]

    def texts(self, names: Sequence[str]) -> list[tuple[str, Answer]]:
        """The texts of several names."""
        return [(name, self.txt(name)) for name in names]

    def _ask(self, name: str) -> Answer:
        left = self._ends - time.monotonic()
        if left <= 0:
            return Answer("later")
        try:
            asked = dns.name.from_text(name)
        except (dns.exception.DNSException, UnicodeError):
            return Answer("none")  # no server has a name that is none
        try:
            found = self._resolver.resolve(asked, "TXT", lifetime=min(ONE_SECONDS, left), search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return Answer("none")
        except dns.exception.DNSException:
            return Answer("later")
        texts = (b"".join(one.strings).decode("utf-8", "replace")[:LONGEST_TEXT] for one in found)
        return Answer("found", tuple(sorted(texts)))


def _server(text: str) -> tuple[str, int]:
    host, _, port = text.strip().rpartition(":")
    return (host, int(port)) if host else (port, 53)
