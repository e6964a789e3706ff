"""Templates that are wrong or would never end, and texts that could be missing."""

from __future__ import annotations

import re

import pytest

from plugin.errors import BadInput
from plugin.messages.render import FOLDER, compile_mail
from plugin.messages.texts import Texts
from plugin.messages.welcome.mail import WelcomeContext
from plugin.rules.brand import Brand
from plugin.rules.formats import reader_locale
from plugin.rules.words.catalogues import knows

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
    for key in [f"reason.{code}" for code in refusals] + [f"reason.line.{code}" for code in exclusions]:
        assert knows(key), key


def test_a_name_in_the_other_direction_does_not_turn_its_neighbours() -> None:
    texts = Texts(reader_locale("en"))
    assert texts.text("order_confirmation.thanks", name="مريم") == "Thank you, \u2068مريم\u2069!"
    assert texts.text("order_confirmation.thanks", name="Maña") == "Thank you, Maña!"
