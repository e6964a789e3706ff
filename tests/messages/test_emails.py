"""The mails as they are rendered: both languages, hostile names, and templates that would never end."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest

from plugin.messages.kind import SampleShop
from plugin.messages.kinds import KINDS
from plugin.messages.order_confirmation.context import ConfirmationContext, LineItem, Totals
from plugin.messages.points_expiring.mail import PointsExpiringContext
from plugin.messages.render import built_in, render
from plugin.messages.welcome.mail import WelcomeContext
from plugin.rules.brand import Brand
from plugin.rules.formats import LANGUAGES, reader_locale
from plugin.rules.message_kinds import MessageKind
from plugin.rules.messages import CodeOffer
from plugin.rules.programme import Programme
from plugin.rules.rewards.next_reward import NextReward
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.rules.types import Reason
from plugin.rules.words.catalogues import catalogue

SHOP: dict[str, Any] = {"shop_name": "Aling Nena", "shop_url": "https://nena.example", "currency": "PHP"}
CODE = CodeOffer("SUKI-7F3K", percent_off=Decimal(10), minimum_spend_minor=50000, valid_until=date(2027, 1, 21))
FULL = ConfirmationContext(
    **SHOP,
    locale="en",
    first_name="Maria",
    order_name="#1042",
    lines=(LineItem("Barako", 2, 124000, "1 kg", 124), LineItem("Gift card", 1, 100000, note="gift_card")),
    totals=Totals(219550, 224000, 20450, 16000, 23523, tax_included=True),
    points_earned=124,
    points_state="pending",
    points_usable_on=date(2026, 12, 6),
    balance_available=1310,
    balance_pending=124,
    next_reward=NextReward("Free mug", 1500, 190),
    code=CODE,
    explain=("₱1,240.00 counts, at 1 for every ₱10.00.",),
    order_status_url="https://nena.example/o/1",
    account_url="https://nena.example/account",
)
WELCOME = WelcomeContext(**SHOP, first_name="Maria", points_earned=50, balance_available=50)
EXPIRING = PointsExpiringContext(
    **SHOP,
    first_name="Maria",
    points=120,
    last_day=date(2027, 1, 21),
    balance_available=300,
    next_reward=NextReward("Free mug", 1500, 1200),
)
RICH = Programme.model_validate(
    {
        "points_name": "Stars",
        "earning": {"pending_days": 14},
        "welcome_points": 100,
        "goals": [{"name": "Free mug", "points": 5000}],
        "next_order_code": {"kind": "amount", "value": "5", "minimum_spend": "30"},
    }
)
PLAIN = Programme.model_validate({"next_order_code": {"enabled": False}})
NENA = SampleShop(**SHOP, programme=PLAIN, today=date(2026, 12, 24))
KAPE = SampleShop(
    shop_name="Kape",
    shop_url="https://kape.example",
    currency="JPY",
    programme=RICH.model_copy(
        update={"tiers": Tiers(levels=(Tier(key="gold", name="Ginto", enter=Decimal(9), perks=("Cake",)),))}
    ),
    today=date(2026, 12, 24),
)
MAILS: tuple[tuple[MessageKind, Any], ...] = tuple(
    (kind, sample) for shop in (NENA, KAPE) for kind in MessageKind for sample in KINDS[kind].samples(shop)
)
HOSTILE = "<script>alert(1)</script>\r\nBcc: x@y.example {{ 7 | times: 7 }} \"'> مريم 🎉"


class Reader(HTMLParser):
    """Collects what a reader sees, and whether every element is closed."""

    VOID = frozenset({"br", "img", "meta", "link", "hr", "input"})

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(re.sub(r"<!--.*?-->", "", source, flags=re.S))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.seen.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.seen).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "context"), MAILS)
def test_every_mail_is_whole_in_every_language(kind: MessageKind, context: Any, language: str) -> None:
    mail = render(kind, replace(context, locale=language), Brand(footer="12 Mabini St"))
    page = Reader(mail.html)
    assert page.open == []
    assert f'<html lang="{language}" dir="{reader_locale(language).text_direction}"' in mail.html
    assert mail.html.count("<h1") == 1
    assert "@@" not in mail.html
    assert all(" role=" in table for table in re.findall(r"<table[^>]*>", mail.html))
    assert all(re.search(r'alt="[^"]+"', image) for image in re.findall(r"<img[^>]*>", mail.html))
    assert ("name", "color-scheme") in page.attributes
    for body in (page.text, mail.text, mail.subject):
        assert not re.search(r"{{|}}|{%|%}|%\{|\bNone\b|\[object", body)
        assert body.strip()
    assert "12 Mabini St" in page.text
    assert "12 Mabini St" in mail.text
    assert "\n\n\n" not in mail.text
    assert len(mail.html) < 90_000


def test_a_confirmation_says_everything_in_both_bodies() -> None:
    mail = render(MessageKind.ORDER_CONFIRMATION, FULL, Brand())
    said = (
        "Thank you, Maria!", "124 points", "Ready to use from December 6, 2026.", "SUKI-7F3K", "10% off",
        "For orders of ₱500.00 or more.", "Valid until January 21, 2027.", "1,310 points",
        "plus 124 points pending" , "You need 190 points more for Free mug.", "Barako", "1 kg", "₱1,240.00",
        "Gift cards don't earn points.", "-₱204.50", "₱160.00", "₱235.23", "₱2,195.50",
        "₱1,240.00 counts, at 1 for every ₱10.00.",
    )  # fmt: skip
    assert mail.subject == "Order #1042 is confirmed, and you earned 124 points"
    page = Reader(mail.html).text
    for words in said:
        assert words in page
        assert words in mail.text
    assert "https://nena.example/discount/SUKI-7F3K" in mail.html
    assert "https://nena.example/discount/SUKI-7F3K" in mail.text
    assert "https://nena.example/o/1" in mail.html


def test_a_confirmation_in_filipino() -> None:
    mail = render(MessageKind.ORDER_CONFIRMATION, replace(FULL, locale="fil-PH"), Brand())
    assert mail.subject == "Kumpirmado na ang order #1042, at may 124 points ka"
    assert mail.locale == "fil-PH"
    for words in ("Salamat, Maria!", "Magagamit mo simula Disyembre 6, 2026.", "Walang points ang mga gift card."):
        assert words in Reader(mail.html).text
        assert words in mail.text


@pytest.mark.parametrize(
    ("changes", "subject", "said"),
    [
        ({"points_earned": 1, "points_state": "earned"}, "and you earned 1 point", "Ready to use on your next order."),
        ({"points_state": "after_payment"}, "with 124 points to come", "Yours once your payment arrives."),
        ({"points_usable_on": None}, "and you earned 124 points", "Ready to use after the return period."),
        (
            {"points_earned": 0, "points_state": "none", "points_reason": Reason("below_minimum", {"minimum": "50"})},
            "is confirmed",
            "Orders of ₱50.00 or more earn points.",
        ),
        ({"points_earned": 0, "points_state": "none", "points_reason": Reason("brand_new")}, "is confirmed",
         "This order didn't earn points."),
    ],
)  # fmt: skip
def test_the_state_of_the_points_is_said(changes: dict[str, Any], subject: str, said: str) -> None:
    mail = render(MessageKind.ORDER_CONFIRMATION, replace(FULL, **changes), Brand())
    assert mail.subject.endswith(subject)
    assert said in mail.text
    assert said in Reader(mail.html).text


def test_points_that_end_are_named_with_their_last_day_in_both_languages() -> None:
    english = render(MessageKind.POINTS_EXPIRING, EXPIRING, Brand())
    assert english.subject == "120 points at Aling Nena: use them by January 21, 2027"
    for body in (Reader(english.html).text, english.text):
        assert "120 points" in body and "until the end of January 21, 2027" in body
    filipino = render(MessageKind.POINTS_EXPIRING, replace(EXPIRING, locale="fil"), Brand())
    assert filipino.subject == "120 points sa Aling Nena: gamitin hanggang Enero 21, 2027"
    assert "Kumusta, Maria!" in filipino.text


def test_a_guest_is_told_how_to_claim_and_not_about_a_balance() -> None:
    mail = render(MessageKind.ORDER_CONFIRMATION, replace(FULL, is_guest=True), Brand())
    for body in (mail.text, Reader(mail.html).text):
        assert "Create an account at Aling Nena with this address to use them." in body
        assert "Your balance" not in body
    assert "https://nena.example/account" in mail.html


@pytest.mark.parametrize("kind", MessageKind)
def test_the_samples_of_a_kind_show_every_text_of_its_own(kind: MessageKind) -> None:
    """So that a preview and these tests have seen whatever a member can be sent."""
    mails = [render(kind, sample, Brand()) for shop in (NENA, KAPE) for sample in KINDS[kind].samples(shop)]
    seen = "\n".join(f"{mail.subject}\n{' '.join(mail.text.split())}\n{unescape(mail.html)}" for mail in mails)
    own = {key: text for key, text in catalogue("en").texts.items() if key.startswith(f"{kind}.")}
    assert own
    for key, text in own.items():
        forms = (text,) if isinstance(text, str) else text
        assert any(re.search(_pattern(form), seen) for form in forms), key


def _pattern(form: str) -> str:
    """The text with anything at its places."""
    return ".{1,200}?".join(re.escape(part) for part in re.split(r"\{[a-z_]+\}", form))


OURS = {"currency", "locale", "points_state", "metric", "ended", "purpose", "shop_url", "link"}
"""What is one of a few words of our own, or an address of ours."""


def hostile(name: str, value: Any) -> Any:
    """The same value with a hostile text wherever a person could have written one."""
    if isinstance(value, str):
        return value if name in OURS or name.endswith("_url") else HOSTILE
    if isinstance(value, CodeOffer):
        return replace(value, value='"><script>')
    if isinstance(value, NextReward):
        return NextReward(HOSTILE, 10, 5)
    if name == "lines":
        return LineItem(HOSTILE, 1, 100, HOSTILE, 3), LineItem("y", 1, 1, note=HOSTILE)
    if name in ("perks", "terms", "explain"):
        return (HOSTILE,)
    return value


@pytest.mark.parametrize(("kind", "context"), MAILS)
def test_hostile_names_stay_text(kind: MessageKind, context: Any) -> None:
    names = {field.name: hostile(field.name, getattr(context, field.name)) for field in fields(context)}
    brand = Brand(footer=HOSTILE, sender_name=HOSTILE, logo_alt=HOSTILE, logo_url="https://nena.example/logo.png")
    mail = render(kind, replace(context, **names), brand)
    assert "<script" not in mail.html
    assert Reader(mail.html).open == []
    assert not [name for name, _ in Reader(mail.html).attributes if name.startswith("on")]
    assert "49" not in mail.text.replace("49.95", "")
    for line in (mail.subject, mail.from_name):
        assert "\n" not in line and "\r" not in line
    assert not re.search(r"(?m)^Bcc:", mail.text)


def test_long_titles_and_codes_are_cut_or_wrapped_not_dropped() -> None:
    lines = (LineItem("Barako " * 200, 1, 100), LineItem("x" * 600, 1, 100))
    mail = render(MessageKind.ORDER_CONFIRMATION, replace(FULL, lines=lines), Brand())
    assert "x" * 254 + "…" in mail.text
    assert mail.html.count("overflow-wrap") >= 3


def test_500_lines_make_a_mail_that_no_program_cuts_off() -> None:
    mail = render(
        MessageKind.ORDER_CONFIRMATION, replace(FULL, lines=(LineItem("Barako", 1, 100, "1 kg", 1),) * 500), Brand()
    )
    assert len(mail.html) < 102_000
    assert "more items" in mail.text


@pytest.mark.parametrize(
    ("currency", "shown"), [("JPY", "¥219,550"), ("KWD", "KWD\xa0219.550"), ("XYZ", "XYZ\xa02,195.50")]
)
def test_currencies_without_and_with_three_decimals(currency: str, shown: str) -> None:
    mail = render(MessageKind.ORDER_CONFIRMATION, replace(FULL, currency=currency), Brand())
    assert shown in mail.text
    assert shown in mail.html


def test_the_shops_own_word_for_points_is_used_everywhere() -> None:
    mail = render(MessageKind.ORDER_CONFIRMATION, replace(FULL, points_name="Bituin"), Brand())
    assert mail.subject.endswith("you earned 124 Bituin")
    assert "Gift cards don't earn Bituin." in mail.text
    assert not re.search(r"\bpoints?\b", mail.text)


def test_the_sender_is_the_brands_name_or_the_shops() -> None:
    assert render(MessageKind.WELCOME, WELCOME, Brand()).from_name == "Aling Nena"
    mail = render(MessageKind.WELCOME, WELCOME, Brand(sender_name="Suki Club", reply_to="nena@nena.example"))
    assert (mail.from_name, mail.reply_to) == ("Suki Club", "nena@nena.example")


def test_a_logo_has_its_alternative_text() -> None:
    page = Reader(render(MessageKind.WELCOME, WELCOME, Brand(logo_url="https://nena.example/l.png")).html)
    assert ("src", "https://nena.example/l.png") in page.attributes
    assert ("alt", "Aling Nena") in page.attributes


def test_mjml_is_compiled_once_a_language() -> None:
    assert built_in(MessageKind.WELCOME, "en") is built_in(MessageKind.WELCOME, "en")
    assert built_in(MessageKind.WELCOME, "en") is not built_in(MessageKind.WELCOME, "fil")
