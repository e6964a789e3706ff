"""Every kind of email with everything that it can say, in one language; and what one order can bring together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from plugin.messages.about_members import with_facts
from plugin.messages.kind import SampleShop, preview_facts
from plugin.messages.kinds import KINDS
from plugin.messages.render import Piece, render, render_piece
from plugin.rules.brand import Brand
from plugin.rules.message_kinds import MessageKind
from plugin.rules.messages import MailContext
from plugin.rules.programme import Programme

BRAND = Brand(
    header="Sari-sari, since 1987",
    footer="12 Mabini St, Quezon City",
    instagram="https://instagram.com/nena",
    facebook="https://facebook.com/nena",
)
TOGETHER = "together"
"""A confirmation in which the same order also reached a tier and brought a gift."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One email to be looked at."""

    name: str
    language: str
    html: str


def shop(language: str) -> SampleShop:
    """A shop whose rules say as much as emails can, with names in the language."""
    plain = SampleShop(
        shop_name="Aling Nena",
        shop_url="https://nena.example",
        currency="PHP",
        programme=Programme(),
        today=date(2026, 12, 24),
        locale=language,
    )
    goals = [{"name": plain.said("mug"), "points": 1500}]
    rules = {"earning": {"pending_days": 14}, "goals": goals, "next_order_code": {"value": "10"}}
    return replace(plain, programme=Programme.model_validate(rules))


def first(language: str) -> Letter:
    """The fullest of all: what one order brings together."""
    made_for = shop(language)
    confirmed = _samples(MessageKind.ORDER_CONFIRMATION, made_for)[0]
    others = (MessageKind.TIER_REACHED, MessageKind.REWARD_GIVEN)
    pieces = [render_piece(kind, _samples(kind, made_for)[0], BRAND) for kind in others]
    return _letter(TOGETHER, MessageKind.ORDER_CONFIRMATION, confirmed, language, pieces)


def letters(language: str, *kinds: MessageKind) -> Iterator[Letter]:
    """Every sample of these kinds, the first of each under the kind's name."""
    made_for = shop(language)
    for kind in kinds:
        for number, sample in enumerate(_samples(kind, made_for), 1):
            yield _letter(kind if number == 1 else f"{kind}-{number}", kind, sample, language)


def long_words() -> Iterator[Letter]:
    """Every kind with names that cannot be broken at a space: of shop and member, of points, and a large amount."""
    made_for = replace(shop("en"), shop_name="Kraftfahrzeug" * 6, currency="VND")
    names: dict[str, Any] = {"first_name": "Wolfeschlegelsteinhausenbergerdorff" * 2, "points_name": "Punkte" * 6}
    for kind in MessageKind:
        told: Any = _samples(kind, made_for)[0]
        fields = {name: value for name, value in names.items() if hasattr(told, name)}
        yield _letter(f"{kind}-long", kind, replace(told, **fields), "en")


def _samples(kind: MessageKind, made_for: SampleShop) -> list[MailContext]:
    facts = preview_facts(made_for)
    return [with_facts(sample, facts) for sample in KINDS[kind].samples(made_for)]


def _letter(
    name: str, kind: MessageKind, told: MailContext, language: str, pieces: list[Piece] | None = None
) -> Letter:
    return Letter(str(name), language, render(kind, told, BRAND, None, pieces or ()).html)
