"""Emails rendered by one core: every kind in turn, a merchant's own blocks, and what is rendered apart."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from statistics import median
from typing import Any, Final

from bench.table import Line
from plugin.messages.apart import Apart, render_apart
from plugin.messages.designs import default_of
from plugin.messages.kind import SampleShop
from plugin.messages.kinds import KINDS
from plugin.messages.render import render
from plugin.messages.source import source_of
from plugin.rules.brand import Brand
from plugin.rules.emails.design import Design, Override
from plugin.rules.message_kinds import MessageKind
from plugin.rules.programme import Programme

RENDERED_A_SECOND: Final = 400
PREVIEW_MS: Final = 300
SECONDS: Final = 3.0
SHOP: Final = SampleShop(
    shop_name="Kape at Tinapay",
    shop_url="https://kape.example",
    currency="USD",
    programme=Programme(),
    today=date(2026, 11, 30),
)
KIND: Final = MessageKind.ORDER_CONFIRMATION
Step = Callable[[Any], object]


def measure() -> list[Line]:
    """Three lines: all kinds, a changed design, previews."""
    return [_all_kinds(), _own_blocks(), _apart()]


def _all_kinds() -> Line:
    """The first sample of each kind in turn, each time for somebody else, in the app's two first languages."""
    mails = [
        (kind, replace(_any(KINDS[kind].samples(SHOP)[0]), first_name=f"Ana {number}", locale=language))
        for number in range(20)
        for language in ("en", "fil")
        for kind in MessageKind
    ]
    brand = Brand(sender_name="Kape")
    rate = _rate(mails, lambda one: render(*one, brand))
    return _line(
        "emails rendered a second on one core, every kind in turn",
        rate,
        f"{len(MessageKind)} kinds in two languages: {1000 / rate:.2f} ms each, page and text part",
    )


def _own_blocks() -> Line:
    """An order's confirmation with a text of the merchant's own in each block."""
    texts = {"en": {"body": Override(text="Hello **{{ first_name | default: 'there' }}**, you have {{ balance }}.")}}
    blocks = (replace(one, texts=texts) if one.type.field("body") else one for one in default_of(KIND).blocks)
    design, brand = Design(blocks=tuple(blocks)), Brand(sender_name="Kape")
    context = _any(KINDS[KIND].samples(SHOP)[0])
    names = [replace(context, first_name=f"Ana {number}") for number in range(50)]
    rate = _rate(names, lambda one: render(KIND, one, brand, design))
    return _line(
        "emails of a merchant's own design rendered a second on one core",
        rate,
        f"the order confirmation of {len(context.values()['lines'])} lines: {1000 / rate:.2f} ms each",
    )


def _apart() -> Line:
    """A preview after each change, as the editor asks for it: compiled and rendered in a process of its own."""
    context, brand, room = _any(KINDS[KIND].samples(SHOP)[0]), Brand(), Apart()
    source = source_of(KIND, default_of(KIND))
    render_apart(KIND, context, brand, None, room)
    took = []
    for number in range(30):
        changed = replace(source, subject=f"{source.subject}{number}")
        began = time.perf_counter()
        render_apart(KIND, context, brand, changed, room)
        took.append((time.perf_counter() - began) * 1000)
    warm = _rate([context], lambda one: render_apart(KIND, one, brand, source, room), clock=time.perf_counter)
    room.close()
    typical = median(took)
    return Line(
        "a preview of a changed source, in a process of its own",
        f"{typical:.0f} ms",
        f"≤ {PREVIEW_MS} ms",
        typical <= PREVIEW_MS,
        f"the slowest of 30 took {max(took):.0f} ms; one that has not changed {1000 / warm:.1f} ms",
        {"preview_ms": typical, "source_ms": 1000 / warm},
    )


def _rate(every: Sequence[Any], step: Step, clock: Callable[[], float] = time.process_time) -> float:
    """How many a second, after each was done once."""
    for one in every[: 2 * len(MessageKind)]:
        step(one)
    count, started = 0, clock()
    while (took := clock() - started) < SECONDS:
        step(every[count % len(every)])
        count += 1
    return count / took


def _line(what: str, rate: float, how: str) -> Line:
    return Line(what, f"{rate:,.0f}/s", f"≥ {RENDERED_A_SECOND}/s", rate >= RENDERED_A_SECOND, how, {"rate": rate})


def _any(context: object) -> Any:
    """A context as the dataclass that it is."""
    return context
