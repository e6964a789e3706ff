"""What is right and what is missing in the DNS of a domain that a shop wants to send from, in codes for words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Self

from plugin.rules.sending import spf

State = Literal["right", "advice", "missing", "wrong", "later"]
What = Literal["owner", "dkim", "spf", "dmarc"]
ALL: Final[tuple[What, ...]] = ("owner", "dkim", "spf", "dmarc")
GOOD: Final = frozenset({"right", "advice"})
OWNER_NAME: Final = "_suki"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a name has as TXT: found, none, or later: whoever was asked did not answer."""

    state: Literal["found", "none", "later"]
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A record to enter."""

    name: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One of the four. `code` says why; what to enter, where something is to be."""

    what: What
    state: State
    code: str
    enter: Entry | None = None
    values: dict[str, str] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """As JSON keeps it."""
        entry = [self.enter.name, self.enter.kind, self.enter.value] if self.enter else None
        return {"what": self.what, "state": self.state, "code": self.code, "enter": entry, "values": self.values}

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Self:
        """From what `stored` made."""
        entry = Entry(*stored["enter"]) if stored["enter"] else None
        return cls(stored["what"], stored["state"], stored["code"], entry, stored["values"])


def outcome(findings: Sequence[Finding]) -> Literal["right", "wrong", "later"]:
    """Whether the domain may send; later where somebody did not answer, and nothing is known to be wrong."""
    states = {one.state for one in findings}
    if states <= GOOD:
        return "right"
    return "wrong" if states & {"missing", "wrong"} else "later"


def owner(domain: str, mark: str, answer: Answer) -> Finding:
    """Whether the shop proved that the domain is theirs, by the text that we made for it."""
    wanted = f"suki-shop={mark}"
    enter = Entry(f"{OWNER_NAME}.{domain}", "TXT", wanted)
    if answer.state == "later":
        return Finding("owner", "later", "no_answer", enter)
    if wanted in (text.strip() for text in answer.texts):
        return Finding("owner", "right", "proved")
    code = "other_text" if answer.texts else "not_there"
    return Finding("owner", "wrong" if answer.texts else "missing", code, enter)


def dkim(domain: str, selector: str, record: str, answer: Answer) -> Finding:
    """Whether the key that the relay signs with is published. `record`: the text to enter, or a name to point to."""
    name = f"{selector}._domainkey.{domain}"
    enter = Entry(name, "TXT" if "p=" in record else "CNAME", record)
    if answer.state == "later":
        return Finding("dkim", "later", "no_answer", enter)
    keys = [key for text in answer.texts if (key := _key(text)) is not None]
    if not keys:
        return Finding("dkim", "missing" if not answer.texts else "wrong", "not_there", enter)
    if keys == [""]:
        return Finding("dkim", "wrong", "revoked", enter)
    if len(keys) > 1:
        return Finding("dkim", "wrong", "several", enter)
    wanted = _key(record)
    if wanted is not None and keys[0] != wanted:
        return Finding("dkim", "wrong", "other_key", enter)
    return Finding("dkim", "right", "published")


def _key(text: str) -> str | None:
    """The public key of a record; None where it is no DKIM record."""
    tags = _tags(text)
    if "p" not in tags or tags.get("v", "DKIM1").upper() != "DKIM1":
        return None
    return re.sub(r"\s+", "", tags["p"])


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";") if "=" in part)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


@dataclass(frozen=True, slots=True)
class Walk:
    """What following an SPF record came to. `broken`: the term that leads nowhere or cannot be read."""

    records: tuple[str, ...]
    lookups: int = 0
    ours: bool = False
    everybody: bool = False
    broken: str = ""
    later: bool = False


def of_spf(domain: str, ours: str, walk: Walk) -> Finding:
    """Whether the relay may send for the domain. One record, of ten lookups at most, that lets ours in."""
    first = walk.records[0] if walk.records else ""
    enter = Entry(domain, "TXT", spf.with_ours(first if not walk.ours else "", ours) if not walk.ours else first)
    if walk.later:
        return Finding("spf", "later", "no_answer", enter)
    if not walk.records:
        return Finding("spf", "missing", "not_there", enter)
    if len(walk.records) > 1:
        return Finding("spf", "wrong", "several", values={"count": str(len(walk.records))})
    if walk.broken:
        return Finding("spf", "wrong", "broken", values={"term": walk.broken})
    if walk.lookups > spf.MOST_LOOKUPS:
        return Finding("spf", "wrong", "too_many", values={"count": str(walk.lookups), "most": str(spf.MOST_LOOKUPS)})
    if walk.everybody:
        return Finding("spf", "wrong", "everybody")
    if not walk.ours:
        return Finding("spf", "missing", "without_ours", enter)
    return Finding("spf", "right", "lets_us")


def dmarc(domain: str, answers: Sequence[tuple[str, Answer]]) -> Finding:
    """Whether the domain says what becomes of emails that prove nothing: its own record, or that of the domain above.

    `answers`: the names that were asked, the domain's own first. p=none is enough to send; more is advised.
    """
    enter = Entry(f"_dmarc.{domain}", "TXT", "v=DMARC1; p=none")
    for name, answer in answers:
        if answer.state == "later":
            return Finding("dmarc", "later", "no_answer", enter)
        records = [text for text in answer.texts if re.match(r"v\s*=\s*DMARC1\s*(;|$)", text)]
        if len(records) > 1:
            return Finding("dmarc", "wrong", "several", values={"name": name})
        if records:
            return _policy(records[0], own=name == f"_dmarc.{domain}", enter=enter)
    return Finding("dmarc", "missing", "not_there", enter)


def _policy(record: str, *, own: bool, enter: Entry) -> Finding:
    tags = _tags(record)
    policy = tags.get("p", "").lower() if own else tags.get("sp", tags.get("p", "")).lower()
    if policy not in ("none", "quarantine", "reject"):
        return Finding("dmarc", "wrong", "no_policy", enter)
    return Finding("dmarc", "advice" if policy == "none" else "right", policy)


def dmarc_names(domain: str) -> list[str]:
    """Where the record may stand: at the domain and those above it, down to two labels."""
    labels = domain.split(".")
    return [f"_dmarc.{'.'.join(labels[place:])}" for place in range(min(4, max(1, len(labels) - 1)))]
