"""The snippets of a shop as they are now, and which of those that were pasted differ from them."""

from __future__ import annotations

import re

from plugin.actions.shops import pasted_snippets
from plugin.messages.shopify_snippet.snippet import SnippetKind, SnippetShop, snippet
from plugin.rules.programme import Programme
from plugin.store.shops.shops import Shop

_MARK = re.compile(r"Suki ([a-z_]{1,40}), version \d{1,9}, ([0-9a-f]{10})\.")


def snippet_shop(shop: Shop) -> SnippetShop:
    """What a snippet must know of this shop."""
    return SnippetShop(shop.currency, shop.locale, bool(shop.settings.get("taxes_included")))


def mark_in(template: str, kind: SnippetKind) -> str:
    """The fingerprint by which the kind's snippet stands in this text; empty where it does not."""
    return next((mark[2] for mark in _MARK.finditer(template) if mark[1] == kind), "")


def out_of_date(shop: Shop, programme: Programme) -> list[SnippetKind]:
    """Which templates hold a snippet, as far as staff had it checked, that the programme has left behind."""
    seen = pasted_snippets.seen(shop)
    if not seen:
        return []
    facts = snippet_shop(shop)
    return [
        kind for kind in SnippetKind if kind in seen and seen[kind] != mark_in(snippet(programme, facts, 1, kind), kind)
    ]
