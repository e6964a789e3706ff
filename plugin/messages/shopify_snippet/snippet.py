"""The Liquid that a merchant pastes into Shopify's own emails: order, shipping confirmation and account welcome.

The order's confirmation counts the points of the very order from the template's own variables, since a metafield
written after the order comes too late for that email. Later ones read the customer's metafields.
"""

from __future__ import annotations

import hashlib
import html
import re
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from plugin.messages.shopify_snippet.arithmetic import HUNDREDTHS, SnippetShop, counting
from plugin.messages.shopify_snippet.inexact import reasons
from plugin.messages.texts import Texts
from plugin.rules.formats import money, one_line, percent, reader_locale
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.programme import NextOrderCode, Programme
from plugin.rules.words.own_words import PointsName

__all__ = ["HUNDREDTHS", "SnippetKind", "SnippetShop", "begin", "end", "fingerprint", "snippet"]

_SLOT = re.compile(r"\[\[ (\w+) ]]")
_PARAGRAPH: Final = '<p style="margin:0 0 6px;line-height:150%;">'


class SnippetKind(StrEnum):
    """Which of Shopify's templates a snippet is for."""

    ORDER = "order_confirmation"
    SHIPPING = "shipping_confirmation"
    WELCOME = "account_welcome"


def snippet(
    programme: Programme,
    shop: SnippetShop,
    version: int = 1,
    kind: SnippetKind = SnippetKind.ORDER,
    namespace: str = "suki",
) -> str:
    """Liquid for that template, between a first and a last line by which it is found again. Reads the customer's
    metafields `balance`, `pending`, `tier`, `next_code` and `next_code_until` in the namespace; each may be missing.

    >>> "suki_by = 1000 " in snippet(Programme.model_validate({"earning": {"per_amount": 10}}), SnippetShop("PHP"))
    True
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,60}", namespace) or not re.fullmatch(r"[A-Z]{3}", shop.currency):
        raise ValueError("a namespace is lower-case letters, a currency three capitals")
    slots = _slots(programme, shop, namespace)
    fields = _SLOT.sub(lambda slot: slots[slot[1]], _source("fields"))
    body = _SLOT.sub(lambda slot: {**slots, "fields": fields}[slot[1]], _source(kind)).strip()
    return f"{begin(kind, version, fingerprint(body))}\n{body}\n{end(kind)}\n"


def _slots(programme: Programme, shop: SnippetShop, namespace: str) -> dict[str, str]:
    texts = Texts(reader_locale(shop.locale), _own_name(programme.points_name))
    return {
        "namespace": namespace,
        "currency": shop.currency,
        "title": texts.text("snippet.title"),
        "earned": _earned(programme, shop, texts),
        "balance": texts.text("snippet.balance", points=_counted(texts, "suki_balance")),
        "balance_now": texts.text("snippet.balance_now", points=_counted(texts, "suki_balance")),
        "pending": texts.text("snippet.pending", points=_counted(texts, "suki_pending")),
        "code": _code(programme.next_order_code, shop, texts),
        "begins": _begins(programme, shop, texts),
        **counting(programme, shop),
    }


@cache
def _source(name: str) -> str:
    return (Path(__file__).parent / f"{name}.liquid").read_text(encoding="utf-8").rstrip("\n")


def begin(kind: SnippetKind, version: int, mark: str) -> str:
    """The first line: which snippet it is, of which version of the programme, and its fingerprint."""
    said = f"Suki {kind}, version {version}, {mark}. Copy it again after a change in Suki."
    return f"{{%- comment -%}} {said} {{%- endcomment -%}}"


def end(kind: SnippetKind) -> str:
    """The last line."""
    return f"{{%- comment -%}} Suki {kind} ends {{%- endcomment -%}}"


def fingerprint(body: str) -> str:
    """Ten hexadecimal digits that change with the body, but not with its spaces and line ends."""
    return hashlib.sha256(" ".join(body.split()).encode()).hexdigest()[:10]


def _earned(programme: Programme, shop: SnippetShop, texts: Texts) -> str:
    key = "snippet.about" if reasons(programme, shop) else "snippet.earned"
    said = _PARAGRAPH + texts.text(key, points=_counted(texts, "suki_points"))
    allowed = "suki_points > 0" if programme.basis.guests else "customer and suki_points > 0"
    invite = texts.text("snippet.invite")
    guest = "{%- unless customer %} " + texts.text("snippet.guest") + "{%- endunless -%}"
    return f"{{%- if {allowed} -%}}{said}{guest}</p>{{%- else -%}}{_PARAGRAPH}{invite}</p>{{%- endif -%}}"


def _begins(programme: Programme, shop: SnippetShop, texts: Texts) -> str:
    """What a new member reads: the points they begin with, and what an order earns."""
    said = []
    if programme.welcome_points:
        said.append(texts.text("snippet.welcome", points=texts.points(programme.welcome_points)))
    rate = programme.earning
    if rate.points:
        per = money(to_minor(rate.per_amount, minor_digits(shop.currency)), shop.currency, reader_locale(shop.locale))
        said.append(texts.text("snippet.rate", points=texts.points(rate.points), amount=_literal(per)))
    return "".join(f"{_PARAGRAPH}{one}</p>" for one in said or [texts.text("snippet.invite")])


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


def _own_name(name: str) -> str:
    return name.cleaned(_literal) if isinstance(name, PointsName) else _literal(name)


def _literal(value: str) -> str:
    """Text from the merchant as HTML that Liquid takes for nothing but text."""
    escaped = html.escape(one_line(value))
    return escaped.replace("{", "&#123;").replace("}", "&#125;")
