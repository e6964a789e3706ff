"""Refunds that came on their own, beside what the newest view of the order says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import orjson

from plugin.rules.types import OrderView, Refund
from plugin.rules.worth.kept import edited_away, refunded_lines


def with_refunds(view: OrderView, alone: Mapping[int, Refund]) -> OrderView:
    """The view with every refund that it does not have yet; `unclear` ones wait for the order."""
    if not alone:
        return view
    waiting = unclear(view, alone)
    known = {refund.id for refund in view.refunds}
    extra = tuple(alone[key] for key in sorted(alone) if key not in known and key not in waiting)
    return replace(view, refunds=view.refunds + extra) if extra else view


def unclear(view: OrderView, alone: Mapping[int, Refund]) -> frozenset[int]:
    """The ids of refunds that may name units which an edit took already, or are in another currency than the order."""
    known = {refund.id for refund in view.refunds}
    back = refunded_lines(view)
    edited = {line.id for line in view.lines if edited_away(line, back.get(line.id, ()))}
    here = {line.id for line in view.lines}
    return frozenset(
        key
        for key, refund in alone.items()
        if key not in known
        and (_elsewhere(view, refund) or any(_unsure(row.line_id, edited, here) for row in refund.lines))
    )


def _unsure(line_id: int, edited: set[int], here: set[int]) -> bool:
    return line_id in edited or line_id not in here


def _elsewhere(view: OrderView, refund: Refund) -> bool:
    return refund.currency not in ("", view.currency)


def newer_of(one: Refund | None, other: Refund) -> Refund:
    """Of two tellings of the same refund: the one in which more has happened, whichever came first."""
    return other if one is None else max(one, other, key=_progress)


def _progress(refund: Refund) -> tuple[object, ...]:
    moved = sum(each.minor for each in refund.moved or ())
    return not refund.pending, moved, orjson.dumps(refund, option=orjson.OPT_SORT_KEYS)
