"""Templates that are wrong or would never end, and texts that could be missing."""

from __future__ import annotations

import re
from typing import Any

import pytest

from plugin.errors import BadInput
from plugin.messages import texts as mail_texts
from plugin.messages.render import FOLDER, compile_mail
from plugin.messages.texts import Texts, catalogue
from plugin.messages.welcome.mail import WelcomeContext
from plugin.rules.brand import Brand
from plugin.rules.formats import LANGUAGES, reader_locale

WELCOME = WelcomeContext(
    shop_name="Aling Nena", shop_url="https://nena.example", currency="PHP", points_earned=50, balance_available=50
)
ENDLESS = (
    "{% for a in (1..100000000) %}x{% endfor %}",
    "{% for a in (1..5000) %}{% for b in (1..5000) %}x{% endfor %}{% endfor %}",
    "{% for a in (1..3000) %}x{% endfor %}" * 100,
    "{% tablerow a in (1..9999999) %}x{% endtablerow %}",
    "{% assign a = 'xxxxxxxxxx' %}" + "{% assign a = a | append: a %}" * 60,
    "{% capture a %}xxxxxxxxxx{% endcapture %}" + "{% capture a %}{{ a }}{{ a }}{% endcapture %}" * 60,
    "{% for a in (1..4000) %}" + "x" * 1000 + "{% endfor %}",
    "{% if true %}" * 200 + "x" + "{% endif %}" * 200,
    "{% include 'self' %}",
    "{% render 'self' %}",
    "{{ nobody.knows }}",
    "{{ 'no.such.text' | t }}",
    "{{ 'reward.missing' | t }}",
    "{{ 'x' | points }}",
    "{{ 1 | reason }}",
    "{{ 1 | no_such_filter }}",
    "{% unclosed",
    "{% for %}",
)


@pytest.mark.parametrize("source", ENDLESS)
def test_a_template_that_would_never_end_or_is_wrong_is_refused(source: str) -> None:
    with pytest.raises(BadInput):
        compile_mail("s", "<mjml><mj-body></mj-body></mjml>", source).render(WELCOME, Brand())


@pytest.mark.parametrize(
    "mjml", ["", "<mjml>", "<p>x</p>", '<mjml><mj-body><mj-include path="no_such.mjml" /></mj-body></mjml>']
)
def test_wrong_mjml_is_refused(mjml: str) -> None:
    with pytest.raises(BadInput, match="MJML"):
        compile_mail("s", mjml, "t")


def test_a_template_reaches_nothing_but_its_values() -> None:
    for path in ("texts.__class__", "texts._texts", "shop_name.__class__", "texts.catalogue"):
        with pytest.raises(BadInput):
            compile_mail("s", "<mjml><mj-body></mj-body></mjml>", "{{ " + path + " }}").render(WELCOME, Brand())


def test_a_subject_is_one_line_whatever_the_template_says() -> None:
    mail = compile_mail("a\r\nBcc: x\n\n{{ shop_name }}", "<mjml><mj-body></mj-body></mjml>", "t").render(
        WELCOME, Brand()
    )
    assert mail.subject == "a Bcc: x Aling Nena"


def test_every_language_has_every_text_with_the_same_places() -> None:
    english = catalogue("en")
    for language in LANGUAGES:
        texts = catalogue(language)
        assert texts.keys() == english.keys()
        for key, text in texts.items():
            assert places(text) == places(english[key]), key


def places(text: Any) -> set[str]:
    return set(re.findall(r"%\{(\w+)\}", text if isinstance(text, str) else text["other"]))


def test_every_text_that_a_template_asks_for_exists() -> None:
    sources = [file for file in FOLDER.rglob("*.*") if file.suffix in (".liquid", ".mjml", ".txt")]
    assert len(sources) >= 12
    for file in sources:
        for key in re.findall(r"'([a-z_]+(?:\.[a-z_]+)+)' \| t\b", file.read_text(encoding="utf-8")):
            assert key in catalogue("en"), (file.name, key)


def test_every_reason_of_the_rules_has_words() -> None:
    """Reads the codes from the rules' own sources, so that a new one cannot be forgotten."""
    rules = FOLDER.parent / "rules" / "orders"
    earning = (rules / "earning.py").read_text(encoding="utf-8")
    refusals = set(
        re.findall(r'(?:return|else|and) "([a-z_]+)"', earning.split("def refusal")[1].split("def deserved")[0])
    )
    basis = (rules / "basis.py").read_text(encoding="utf-8").split("def exclusion(")[1].split("\ndef ")[0]
    exclusions = set(re.findall(r'return "([a-z_]+)"', basis))
    assert {"cancelled", "guest", "not_paid"} <= refusals
    assert {"gift_card", "tag"} <= exclusions
    for key in [f"reasons.{code}" for code in refusals] + [f"lines.{code}" for code in exclusions]:
        assert key in catalogue("en"), key


def test_a_language_without_a_text_falls_back_to_english(monkeypatch: pytest.MonkeyPatch) -> None:
    filipino = {key: text for key, text in catalogue("fil").items() if key != "code.title"}
    real = mail_texts.catalogue
    monkeypatch.setattr(mail_texts, "catalogue", lambda language: filipino if language == "fil" else real(language))
    assert Texts(reader_locale("fil")).text("code.title") == "A thank-you for your next order"


def test_a_name_in_the_other_direction_does_not_turn_its_neighbours() -> None:
    texts = Texts(reader_locale("en"))
    assert texts.text("order_confirmation.thanks", name="مريم") == "Thank you, \u2068مريم\u2069!"
    assert texts.text("order_confirmation.thanks", name="Maña") == "Thank you, Maña!"


def test_a_line_that_earned_nothing_is_named_where_it_stands_alone() -> None:
    reason = {"key": "lines.tag", "values": {"title": "Mug", "because": "tag"}}
    assert Texts(reader_locale("en")).reason(reason) == "Mug: This product does not earn points."
