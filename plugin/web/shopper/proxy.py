"""Requests that Shopify passes on from a storefront (app proxy): who is behind them, and how they are answered.

Shopify signs the query, not the body; the shopper is `logged_in_customer_id` of that query and nobody
else. Answers are Liquid, rendered within the shop's theme, so no text of ours may reach it as Liquid.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from flask import Response
from werkzeug.wrappers import Request

from plugin.errors import Unauthorized
from plugin.settings import Settings
from plugin.web import keys
from plugin.web.auth import shop_of

OLDEST_SECONDS: Final = 90
LONGEST_QUERY: Final = 4096
MOST_PARAMETERS: Final = 100
RESERVED: Final = ("logged_in_customer_id", "path_prefix", "shop", "timestamp")
"""What Shopify adds to every visit beside the signature."""
_PREFIX = re.compile(r"/(?:a|apps|community|tools)/[A-Za-z0-9_-]{1,30}")
_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_NOT_OURS = "This address is not signed by Shopify, or too old"

Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Visit:
    """One proved request: the shop, the signed-in customer (None: nobody), and where the app stands in it.

    `token`: what proved it where a surface of Shopify's own sent it; empty for what came through the storefront.
    """

    domain: str
    customer_id: int | None
    path_prefix: str
    locale: str = ""
    token: str = field(default="", repr=False)

    @property
    def holder(self) -> str:
        """Whose keys are known here: this customer's in this shop, whatever the surface; all guests share theirs."""
        return f"{self.domain}|{self.customer_id}"


def prove(asked: Request, settings: Settings, now_seconds: float) -> Visit:
    """The visit that the signed query proves; Unauthorized for anything else."""
    fields = _fields(asked.query_string)
    text = signed_text(fields)
    if not _reads_one_way(text) or any(len(fields.get(name, ())) != 1 for name in (*RESERVED, "signature")):
        raise Unauthorized(_NOT_OURS)
    said = {name: values[0] for name, values in fields.items()}
    if not _signed(text, said["signature"], settings) or not _fresh(said["timestamp"], now_seconds):
        raise Unauthorized(_NOT_OURS)
    domain, prefix = shop_of(said["shop"]), said["path_prefix"]
    if not domain or not _PREFIX.fullmatch(prefix):
        raise Unauthorized(_NOT_OURS)
    locale = said.get("locale", "")
    return Visit(domain, _customer(said["logged_in_customer_id"]), prefix, locale[:20] if locale.isascii() else "")


def _fields(query: bytes) -> Fields:
    """The parameters as they came, byte for byte; nothing is sorted before it is known to be short."""
    if len(query) > LONGEST_QUERY or not query.isascii():
        raise Unauthorized(_NOT_OURS)
    fields: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(
            query.decode("ascii"), keep_blank_values=True, errors="surrogateescape", max_num_fields=MOST_PARAMETERS
        )
    except ValueError:
        raise Unauthorized(_NOT_OURS) from None
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def signed_text(fields: Fields) -> str:
    """What Shopify signs of a visit: the parameters but for the signature, sorted, with nothing between them."""
    return "".join(sorted(f"{name}={','.join(values)}" for name, values in fields.items() if name != "signature"))


def _reads_one_way(text: str) -> bool:
    """Whether the text can be split in no other way that names another shop, customer or time.

    Nothing marks where a parameter ends, so whoever may put words into any text that Shopify signs could hide a
    parameter in the value of another. A split anew keeps the genuine ones, so a second one gives it away; the texts
    of launch addresses and of OAuth are joined by `&`, which no visit needs.
    """
    return "&" not in text and all(text.count(f"{name}=") == 1 for name in RESERVED)


def _signed(text: str, given: str, settings: Settings) -> bool:
    if not _SIGNATURE.fullmatch(given):
        return False
    said, claimed = text.encode(errors="surrogateescape"), bytes.fromhex(given)
    matches = [hmac.compare_digest(hmac.digest(key.encode(), said, "sha256"), claimed) for key in settings.api_secrets]
    return any(matches)


def _fresh(timestamp: str, now_seconds: float) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        return False
    return abs(now_seconds - int(timestamp)) <= OLDEST_SECONDS


def _customer(text: str) -> int | None:
    """The signed-in customer; None when the value is empty, as it is while nobody is signed in."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19 and int(text)):
        raise Unauthorized(_NOT_OURS)
    return int(text)


def new_key(settings: Settings, visit: Visit) -> str:
    """A key for one form of one customer: the same click twice is one redemption, and nobody else's page has it."""
    return keys.new_key(settings, visit.holder)


def known_key(settings: Settings, visit: Visit, key: str) -> bool:
    """Whether the key came from a form of ours for this customer."""
    return keys.known_key(settings, visit.holder, key)


def liquid(html: str, status: int = 200) -> Response:
    """The answer, for Shopify to put into the theme; whatever looks like Liquid in it is only text."""
    plain = html.replace("{{", "&#123;&#123;").replace("{%", "&#123;%")
    return Response(plain, status, {"Cache-Control": "no-store"}, content_type="application/liquid")
