"""The links at the foot of every email, which say by themselves of whom they are: signed, for one shop and one member.

A link is words and numbers and a mark (HMAC-SHA256, cut to 128 bits) over all of them; nothing of it is secret, and
nothing of it can be changed. It ends long after its email was sent, for a court or a reader in no hurry.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from plugin.rules.message_kinds import LABELS, kind_of
from plugin.rules.sending.wishes import refusable

LASTS_DAYS: Final = 400
"""How long a link works: as long as the words of its email are kept."""
PATH: Final = "/email"
_TOKEN = re.compile(r"([1-9]\d{0,17})\.([1-9]\d{0,17})\.([1-9]\d{0,5})\.([a-z_]{0,40})\.([0-9a-f]{32})", re.ASCII)
_REF = re.compile(r"([1-9]\d{0,17})\.([1-9]\d{0,17})\.([0-9a-f]{32})", re.ASCII)
_BEGINNING = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Links:
    """Where a reader says which emails they want, and what one click ends; empty for what nobody can refuse."""

    preferences_url: str
    unsubscribe_url: str


@dataclass(frozen=True, slots=True)
class Link:
    """What a genuine link says: whose it is, and of which kind its email was, empty for none."""

    shop_id: int
    member_id: int
    kind: str
    ends_on: date

    def over(self, now: datetime) -> bool:
        """Whether it no longer works."""
        return now.astimezone(UTC).date() > self.ends_on


@dataclass(frozen=True, slots=True)
class EmailLinks:
    """Makes and knows the links of emails; `app_url` is the app's own address, for one click must not be redirected."""

    app_url: str
    key: bytes

    def links(self, shop_id: int, member_id: int, kind: str, now: datetime) -> Links:
        """The two links of an email of this kind to this member."""
        page = f"{self.app_url}{PATH}/{self.token(shop_id, member_id, kind, now)}"
        ends = bool(kind) and refusable(kind_of(kind))
        return Links(page, f"{page}/unsubscribe" if ends else "")

    def token(self, shop_id: int, member_id: int, kind: str, now: datetime) -> str:
        """What the addresses carry."""
        ends = now.astimezone(UTC).date() + timedelta(days=LASTS_DAYS)
        said = f"{shop_id}.{member_id}.{(ends - _BEGINNING).days}.{kind}"
        return f"{said}.{self.mark('link', said)}"

    def read(self, token: str) -> Link | None:
        """What the link says; None for one that we did not make."""
        found = _TOKEN.fullmatch(token)
        if found is None or not self.knows(found[5], "link", token.rpartition(".")[0]):
            return None
        kind = found[4] if found[4] in LABELS else ""
        return Link(int(found[1]), int(found[2]), kind, _BEGINNING + timedelta(days=int(found[3])))

    def ref(self, shop_id: int, message_id: int) -> str:
        """What names a message to whoever sends it back: mail servers in the address, providers in a header."""
        said = f"{shop_id}.{message_id}"
        return f"{said}.{self.mark('message', said)}"

    def message_of(self, ref: str) -> tuple[int, int] | None:
        """(shop, message) that a genuine reference names; None for one that we did not make."""
        found = _REF.fullmatch(ref.strip().lower())  # mail servers may change the case of an address
        if found is None or not self.knows(found[3], "message", f"{found[1]}.{found[2]}"):
            return None
        return int(found[1]), int(found[2])

    def domain_mark(self, shop_id: int, domain: str) -> str:
        """What proves that a domain is this shop's, as a text in its DNS."""
        return self.mark("domain", f"{shop_id}|{domain}")

    def mark(self, purpose: str, said: str) -> str:
        """Our mark over what is said, for one purpose: none passes for another."""
        return hmac.digest(self.key, f"{purpose}|{said}".encode(), "sha256").hex()[:32]

    def knows(self, mark: str, purpose: str, said: str) -> bool:
        """Whether the mark is ours."""
        return hmac.compare_digest(self.mark(purpose, said), mark)
