"""The Liquid that a merchant pastes into Shopify's own order confirmation.

It counts the points of the very order from the template's own variables, since a metafield written after
the order comes too late for that mail. Shopify's templates give every amount in hundredths of the
currency unit, also where the currency has no decimals (1,000 yen are 100000).
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from plugin.messages.texts import Texts
from plugin.rules.formats import money, one_line, percent, reader_locale
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.programme import Basis, NextOrderCode, Programme

_FILE = Path(__file__).with_name("order_confirmation.liquid")
_SLOT = re.compile(r"\[\[ (\w+) ]]")
_HUNDREDTHS = 100
_PARAGRAPH = '<p style="margin:0 0 6px;line-height:150%;">'


@dataclass(frozen=True, slots=True)
class SnippetShop:
    """What the snippet must know of the shop: its currency, the mail's language, how prices are shown."""

    currency: str
    locale: str = "en"
    prices_include_tax: bool = False


def snippet(programme: Programme, shop: SnippetShop, version: int = 1, namespace: str = "suki") -> str:
    """Liquid for the order confirmation. Reads the customer's metafields `balance`, `next_code` and
    `next_code_until` in the namespace; each may be missing.

    >>> "divided_by: 1000 " in snippet(Programme.model_validate({"earning": {"per_amount": 10}}), SnippetShop("PHP"))
    True
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,60}", namespace) or not re.fullmatch(r"[A-Z]{3}", shop.currency):
        raise ValueError("a namespace is lower-case letters, a currency three capitals")
    texts = Texts(reader_locale(shop.locale), _literal(programme.points_name))
    slots = {
        "version": str(version),
        "namespace": namespace,
        "currency": shop.currency,
        "minimum": str(int(programme.basis.minimum_order * _HUNDREDTHS)),
        "amount": _amount(programme.basis, shop),
        "title": texts.text("snippet.title"),
        "earned": _earned(programme, shop, texts),
        "balance": texts.text("snippet.balance", points=_counted(texts, "suki_balance")),
        "code": _code(programme.next_order_code, shop, texts),
        **_rate(programme),
    }
    return _SLOT.sub(lambda slot: slots[slot[1]], _source())


@cache
def _source() -> str:
    return _FILE.read_text(encoding="utf-8")


def is_exact(basis: Basis, shop: SnippetShop) -> bool:
    """Whether the templates' variables are enough to count to the point; else the snippet says "about"."""
    unseen = basis.excluded_tags or basis.excluded_collections
    tenders = basis.paid_by_gift_card and basis.paid_by_store_credit
    return not unseen and tenders and basis.tax == shop.prices_include_tax


def _rate(programme: Programme) -> dict[str, str]:
    """Whole numbers only, so that Liquid divides as the ledger does: down, half up, or up."""
    earning = programme.earning
    rate = Fraction(earning.points) / (Fraction(earning.per_amount) * _HUNDREDTHS)
    times, by = rate.numerator, rate.denominator
    plus = by - 1 if earning.rounding == "ceil" else 0
    if earning.rounding == "half_up":
        times, plus, by = 2 * times, by, 2 * by
    return {"times": str(times), "plus": str(plus), "divided_by": str(by)}


def _amount(basis: Basis, shop: SnippetShop) -> str:
    """Liquid that brings `suki_minor` from the subtotal to what counts."""
    rows = [_before_discounts()] if basis.before_discounts else []
    rows.append(_without_excluded(basis))
    if basis.shipping:
        rows.append(_add("shipping_price", "plus"))
    if basis.tax != shop.prices_include_tax:
        rows.append(_add("tax_price", "plus" if basis.tax else "minus"))
    return "\n".join(rows)


def _add(variable: str, operation: str) -> str:
    return (
        f"{{%- assign suki_more = {variable} | default: 0 -%}}\n"
        f"{{%- assign suki_minor = suki_minor | {operation}: suki_more -%}}"
    )


def _before_discounts() -> str:
    return (
        "{%- assign suki_minor = 0 -%}\n{%- for suki_line in suki_lines -%}\n"
        "{%- assign suki_minor = suki_minor | plus: suki_line.original_line_price -%}\n{%- endfor -%}"
    )


def _without_excluded(basis: Basis) -> str:
    """Takes the lines off that earn nothing: gift cards always, the rest as the programme says."""
    price = "original_line_price" if basis.before_discounts else "final_line_price"
    rows = [
        "{%- for suki_line in suki_lines -%}",
        "{%- assign suki_out = false -%}",
        "{%- if suki_line.gift_card -%}{%- assign suki_out = true -%}{%- endif -%}",
        *_exclusions(basis),
        "{%- if suki_out -%}",
        f"{{%- assign suki_minor = suki_minor | minus: suki_line.{price} -%}}",
    ]
    if not basis.before_discounts:
        rows += [
            "{%- for suki_part in suki_line.discount_allocations -%}",
            "{%- if suki_part.discount_application.target_selection == 'all' -%}"
            "{%- assign suki_minor = suki_minor | plus: suki_part.amount -%}{%- endif -%}",
            "{%- endfor -%}",
        ]
    return "\n".join([*rows, "{%- endif -%}", "{%- endfor -%}"])


def _exclusions(basis: Basis) -> list[str]:
    out = "{%- assign suki_out = true -%}"
    rows = []
    if basis.excluded_products:
        tests = " or ".join(f"suki_line.product.id == {number}" for number in sorted(basis.excluded_products))
        rows.append(f"{{%- if {tests} -%}}{out}{{%- endif -%}}")
    if basis.excluded_collections:
        tests = " or ".join(f"suki_set.id == {number}" for number in sorted(basis.excluded_collections))
        rows.append(_any("suki_set", "collections", tests, out))
    if basis.excluded_tags:
        tests = " or ".join(f"suki_low == {_quoted(tag)}" for tag in sorted(basis.excluded_tags))
        rows.append(_any("suki_tag", "tags", tests, out, "{%- assign suki_low = suki_tag | downcase -%}"))
    return rows


def _any(name: str, field: str, tests: str, out: str, first: str = "") -> str:
    return (
        f"{{%- for {name} in suki_line.product.{field} -%}}{first}"
        f"{{%- if {tests} -%}}{out}{{%- endif -%}}{{%- endfor -%}}"
    )


def _quoted(tag: str) -> str:
    """A tag as a Liquid string, which knows no escapes; what could end it or the block is left out."""
    return "'" + re.sub(r"['{}%]", "", one_line(tag.lower(), 255)) + "'"


def _earned(programme: Programme, shop: SnippetShop, texts: Texts) -> str:
    exact = is_exact(programme.basis, shop) and programme.orders.plain and not programme.orders.limits
    key = "snippet.earned" if exact else "snippet.about"
    said = _PARAGRAPH + texts.text(key, points=_counted(texts, "suki_points"))
    allowed = "suki_points > 0" if programme.basis.guests else "customer and suki_points > 0"
    invite = texts.text("snippet.invite")
    guest = "{%- unless customer %} " + texts.text("snippet.guest") + "{%- endunless -%}"
    return f"{{%- if {allowed} -%}}{said}{guest}</p>{{%- else -%}}{_PARAGRAPH}{invite}</p>{{%- endif -%}}"


def _counted(texts: Texts, variable: str) -> str:
    """Liquid that prints the variable as points, in the singular where it is one."""
    shown = "{{ " + variable + " }}"
    one, more = (texts.counted(count, shown) for count in (1, 2))
    return more if one == more else f"{{% if {variable} == 1 %}}{one}{{% else %}}{more}{{% endif %}}"


def _code(offer: NextOrderCode, shop: SnippetShop, texts: Texts) -> str:
    if not offer.enabled:
        return ""
    title = texts.text("snippet.code", off=_literal(_off(offer, shop)))
    until = texts.text("snippet.until", date="{{ suki_until | date: '%Y-%m-%d' }}")
    return (
        "{%- if suki_code != '' %}\n"
        '<p style="margin:16px 0 6px;line-height:150%;">' + title + ":</p>\n"
        '<p style="margin:0 0 6px;padding:14px;border:2px dashed '
        "{{ shop.email_accent_color | default: '#777777' }};border-radius:8px;text-align:center;"
        'font-size:20px;letter-spacing:1px;"><strong>{{ suki_code | escape }}</strong></p>\n'
        "{%- if suki_until != '' %}" + _PARAGRAPH + until + "</p>{%- endif %}\n"
        "{%- endif -%}"
    )


def _off(offer: NextOrderCode, shop: SnippetShop) -> str:
    locale = reader_locale(shop.locale)
    if offer.kind == "percent":
        return percent(offer.value, locale)
    return money(to_minor(offer.value, minor_digits(shop.currency)), shop.currency, locale)


def _literal(value: str) -> str:
    """Text from the merchant as HTML that Liquid takes for nothing but text."""
    escaped = html.escape(one_line(value))
    return escaped.replace("{", "&#123;").replace("}", "&#125;")
