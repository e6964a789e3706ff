"""A small DNS server on this machine, over UDP: it answers as it is told, also badly."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset

SILENT, FAILING, REFUSED = "silent", "servfail", "refused"


@dataclass
class Zone:
    """What it says: texts by name; CNAMEs; names that get no answer, or a bad one. `asked` is every question.

    `others` answers for names that are in none of these, None for no such name.
    """

    texts: dict[str, list[str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    trouble: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0
    others: Callable[[str], list[str] | None] = lambda name: None

    def resolver(self) -> dns.resolver.Resolver:
        """Asks nobody else."""
        made = dns.resolver.Resolver(configure=False)
        made.nameservers, made.port = ["127.0.0.1"], self.port
        return made

    def answer(self, data: bytes) -> bytes | None:
        """The answer to one question; None for silence."""
        question = dns.message.from_wire(data)
        name = question.question[0].name.to_text().rstrip(".").lower()
        self.asked.append(name)
        reply = dns.message.make_response(question)
        reply.flags |= dns.flags.RA
        wrong = self.trouble.get(name)
        if wrong == SILENT:
            return None
        if wrong:
            reply.set_rcode(dns.rcode.SERVFAIL if wrong == FAILING else dns.rcode.REFUSED)
            return reply.to_wire()
        while name in self.aliases:
            target = self.aliases[name]
            reply.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "CNAME", f"{target}."))
            name = target
        texts = self.texts.get(name) if name in self.texts else self.others(name)
        if texts is None:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        elif texts:
            reply.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "TXT", *map(_quoted, texts)))
        return reply.to_wire()


def _quoted(text: str) -> str:
    """In pieces of 255 bytes, as DNS has them."""
    pieces = [text[at : at + 255] for at in range(0, len(text), 255)] or [""]
    return " ".join('"' + piece.replace("\\", "\\\\").replace('"', '\\"') + '"' for piece in pieces)


@contextmanager
def serving(zone: Zone, port: int = 0) -> Iterator[Zone]:
    """The zone on this port, or one of its own, until the end."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", port))
        zone.port = server.getsockname()[1]

        def serve() -> None:
            while True:
                data, asker = server.recvfrom(4096)
                if data == b"end":
                    return
                reply = zone.answer(data)
                if reply is not None:
                    server.sendto(reply, asker)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield zone
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
                end.sendto(b"end", ("127.0.0.1", zone.port))
            thread.join(5)
