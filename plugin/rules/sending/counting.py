"""Counting clicks, and opens, of emails: only where the shop switched it on, by addresses of our own.

A counted link leads over the app to its target, which stands in it, signed: it leads nowhere else. What is counted is
how often, for each email; nobody's device or address is kept. Opens need a picture of one dot, so they are a switch of
their own. Mail programs open links and pictures by themselves: the figures are no more than a hint.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape, unescape
from typing import Any, Final, Self

from plugin.rules.message_kinds import MessageKind
from plugin.rules.messages import RenderedMail
from plugin.rules.sending.signed_links import EmailLinks

SETTING: Final = "counting"
CLICK_PATH: Final = "/link"
OPEN_PATH: Final = "/seen"
LONGEST_TARGET: Final = 1500
_HREF = re.compile(r'(<a\b[^<>]*?\shref=")(https?://[^"]+)(")', re.IGNORECASE)
_MARK = re.compile(r"([1-9]\d{0,17})\.([1-9]\d{0,17})\.([0-9a-f]{32})", re.ASCII)
_END = re.compile(r"</body>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Counting:
    """What a shop counts; nothing unless it says so."""

    clicks: bool = False
    opens: bool = False

    @classmethod
    def read(cls, settings: Mapping[str, Any]) -> Self:
        """From a shop's settings."""
        kept = settings.get(SETTING) or {}
        return cls(bool(kept.get("clicks")), bool(kept.get("opens")))

    def stored(self) -> dict[str, bool]:
        """As a shop's settings keep it."""
        return {"clicks": self.clicks, "opens": self.opens}


def counted(
    mail: RenderedMail, links: EmailLinks, counting: Counting, kind: MessageKind, shop_id: int, message_id: int
) -> RenderedMail:
    """The email with what counts; as it was where the shop counts nothing, and where it proves who somebody is: a link
    that works once is nobody else's to open. The text part stays as it is."""
    if kind.about.always or not (counting.clicks or counting.opens):
        return mail
    html = mail.html
    if counting.clicks:
        html = _HREF.sub(lambda found: _over_us(found, links, shop_id, message_id), html)
    if counting.opens:
        dot = f'<img src="{open_url(links, shop_id, message_id)}" width="1" height="1" alt="" role="presentation">'
        html = _END.sub(lambda end: dot + end[0], html, count=1)
    return replace(mail, html=html)


def _over_us(found: re.Match[str], links: EmailLinks, shop_id: int, message_id: int) -> str:
    """Our own pages are no target: what readers wish for is counted by nobody."""
    target = unescape(found[2])
    if target.startswith(f"{links.app_url}/") or len(target) > LONGEST_TARGET or not target.isprintable():
        return found[0]
    return found[1] + escape(click_url(links, shop_id, message_id, target)) + found[3]


def click_url(links: EmailLinks, shop_id: int, message_id: int, target: str) -> str:
    """Where a link to the target leads instead."""
    packed = urlsafe_b64encode(target.encode()).decode().rstrip("=")
    return f"{links.app_url}{CLICK_PATH}/{shop_id}.{message_id}.{_mark(links, shop_id, message_id, target)}/{packed}"


def open_url(links: EmailLinks, shop_id: int, message_id: int) -> str:
    """Where the picture is."""
    return f"{links.app_url}{OPEN_PATH}/{shop_id}.{message_id}.{links.mark('open', f'{shop_id}.{message_id}')}.gif"


def read_click(links: EmailLinks, named: str, packed: str) -> tuple[int, int, str] | None:
    """(shop, message, target) of a link that we made; None for any other."""
    found = _MARK.fullmatch(named)
    try:
        target = urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
    except (Error, ValueError):
        return None
    if found is None or urlsafe_b64encode(target.encode()).decode().rstrip("=") != packed:
        return None
    shop_id, message_id = int(found[1]), int(found[2])
    known = links.knows(found[3], "click", f"{shop_id}.{message_id}.{target}")
    return (shop_id, message_id, target) if known else None


def read_open(links: EmailLinks, named: str) -> tuple[int, int] | None:
    """(shop, message) of a picture's address that we made; None for any other."""
    found = _MARK.fullmatch(named)
    if found is None or not links.knows(found[3], "open", f"{found[1]}.{found[2]}"):
        return None
    return int(found[1]), int(found[2])


def _mark(links: EmailLinks, shop_id: int, message_id: int, target: str) -> str:
    return links.mark("click", f"{shop_id}.{message_id}.{target}")
