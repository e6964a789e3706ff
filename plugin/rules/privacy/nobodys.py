"""An order of somebody who was forgotten: its sums, and nobody."""

from __future__ import annotations

from dataclasses import replace

from plugin.rules.types import Buyer, OrderView


def nobodys_view(view: OrderView) -> OrderView:
    """The order without its buyer, and without words: titles of what was made for somebody name them."""
    lines = tuple(replace(line, title="", variant="") for line in view.lines)
    blank = replace(view, buyer=Buyer(), lines=lines, discount_codes=(), codes_minor=None, whereto=None)
    return replace(blank, checkout_token="")
