"""Reads SPF records (RFC 7208): who may send, and how many other records that asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MOST_LOOKUPS: Final = 10
"""RFC 7208, 4.6.4: whoever checks gives up beyond it, and the record counts as broken."""
_ASKS = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})
_TERM = re.compile(r"([+?~-]?)([a-z0-9]+)(?:([:=/])(.*))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Term:
    """One mechanism or modifier: `include:_spf.example.com` has the name `include`, and what follows as its value."""

    qualifier: str
    name: str
    value: str
    text: str

    @property
    def asks(self) -> bool:
        """Whether it counts as a lookup."""
        return self.name in _ASKS

    @property
    def leads_to(self) -> str:
        """The domain whose record it brings in; empty for none, and where a macro makes it of the email."""
        brings = self.name in ("include", "redirect") and "%" not in self.value
        return self.value.lower().rstrip(".") if brings else ""


def is_spf(text: str) -> bool:
    """Whether a TXT record is one of SPF's."""
    return text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")


def terms(record: str) -> tuple[Term, ...]:
    """Its terms in order. ValueError: one cannot be read."""
    found = []
    for word in record.split()[1:]:
        match = _TERM.fullmatch(word)
        if match is None:
            raise ValueError(word)
        value = (match[4] or "") if match[3] in (":", "=") else f"{match[3] or ''}{match[4] or ''}"
        found.append(Term(match[1] or "+", match[2].lower(), value, word))
    return tuple(found)


def same(term: Term, ours: str) -> bool:
    """Whether it lets in what ours does: `include:_spf.relay.example.com`, `ip4:192.0.2.1`."""
    return term.qualifier == "+" and term.text.lstrip("+").lower().rstrip(".") == ours.lower().rstrip(".")


def with_ours(record: str, ours: str) -> str:
    """The record to enter: theirs with ours before what ends it, or one of ours alone."""
    words = record.split() or ["v=spf1"]
    ends = [place for place, word in enumerate(words) if re.fullmatch(r"[+?~-]?all|redirect=.*", word, re.IGNORECASE)]
    at = ends[0] if ends else len(words)
    return " ".join([*words[:at], ours, *(words[at:] or ["~all"])])
