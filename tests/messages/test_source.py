"""Merchants' own Liquid and MJML: what says the same as the blocks, and what is refused before it costs anything."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest

from plugin.errors import BadInput
from plugin.messages.apart.told import Told
from plugin.messages.designs import default_of
from plugin.messages.liquid import bounded
from plugin.messages.liquid.markup import check_links
from plugin.messages.render import finished, named_look, render, said_of
from plugin.messages.source import check_names, compile_source, render_source, source_of
from plugin.rules.brand import Brand
from plugin.rules.emails import rich_text
from plugin.rules.emails.design import Source
from plugin.rules.formats import LANGUAGES
from plugin.rules.message_kinds import MessageKind
from plugin.rules.messages import RenderedMail
from tests.messages.hostile import BODY, ENDLESS, WRONG, WRONG_MJML
from tests.messages.test_designs import FACTS, changed, said
from tests.messages.test_emails import FULL, MAILS, WELCOME, Reader

EMPTY = "<mjml><mj-body></mj-body></mjml>"
HOSTILE = replace(WELCOME, first_name='javascript:alert(1)//"><script>', facts=FACTS)


def written(text: str = "t", mjml: str = EMPTY, subject: str = "s", context: Any = HOSTILE) -> RenderedMail:
    """A merchant's source rendered, here and not apart."""
    return of(Source(subject=subject, preheader="p", mjml=mjml, text=text), context)


_compiled = lru_cache(compile_source)
_source_of = lru_cache(lambda kind: source_of(kind, default_of(kind)))


def of(source: Source, context: Any) -> RenderedMail:
    values = context.values()
    brand = {**said_of(Brand(), context), **named_look(Brand())}
    known = Told({**values, "brand": brand}, values["locale"], context.points_name, values["shop_name"]).filled()
    check_names(source, known)
    subject, html, text = render_source(_compiled(source), known)
    return finished(subject, html, text, context, Brand())


def test_what_mjml_cannot_read_is_said_by_its_line_and_its_text() -> None:
    mjml = (
        "<mjml>\n<mj-body>é\n<mj-section><mj-column><mj-image src='x'>stray</mj-column></mj-section></mj-body></mjml>"
    )
    with pytest.raises(BadInput) as refused:
        written(mjml=mjml)
    assert (
        refused.value.message
        == "This can't be used: unexpected token on line 3: “stray</mj-column></mj-section></mj-body>”."
    )
    assert list(refused.value.fields) == ["source.mjml"]


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What each rendering was asked to spend."""
    spent: list[int] = []
    spend = bounded.Counted.spend

    def noted(self: bounded.Counted, count: int) -> None:
        spent.append(count)
        spend(self, count)

    monkeypatch.setattr(bounded.Counted, "spend", noted)
    return spent


@pytest.mark.parametrize("name", ENDLESS)
def test_a_template_that_would_never_end_is_refused_after_little_work(name: str, steps: list[int]) -> None:
    with pytest.raises(BadInput) as refused:
        written(ENDLESS[name])
    assert list(refused.value.fields) == ["source.text"]
    assert sum(min(one, bounded.MAX_STEPS) for one in steps) <= 2 * bounded.MAX_STEPS
    assert len(steps) < 40_000


@pytest.mark.parametrize("name", WRONG)
def test_a_template_that_is_wrong_or_reaches_too_far_is_refused(name: str) -> None:
    for part in ("subject", "text"):
        with pytest.raises(BadInput) as refused:
            written(**{part: WRONG[name]})
        assert list(refused.value.fields) == [f"source.{part}"]
    with pytest.raises(BadInput):
        written(mjml=BODY.replace("{}", f"<mj-text>{WRONG[name]}</mj-text>"))


@pytest.mark.parametrize("name", WRONG_MJML)
def test_wrong_mjml_and_what_an_email_may_not_hold_is_refused(name: str) -> None:
    with pytest.raises(BadInput) as refused:
        written(mjml=WRONG_MJML[name])
    assert list(refused.value.fields) == ["source.mjml"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "context"), MAILS)
def test_a_source_begins_with_what_the_blocks_say(kind: MessageKind, context: Any, language: str) -> None:
    reader = replace(context, locale=language, facts=FACTS)
    blocks, own = render(kind, reader, Brand()), of(_source_of(kind), reader)
    assert own.subject == blocks.subject
    assert own.text.split() == blocks.text.split()
    assert Reader(own.html).text == Reader(blocks.html).text
    assert own.html.count("<h1") == 1


def test_a_source_keeps_the_texts_that_were_changed_in_each_language() -> None:
    source = source_of(MessageKind.WELCOME, changed("how", texts=said(body="Hi **{{ first_name }}**")))
    assert "Hi <b>Maria</b>" in of(source, WELCOME).html
    assert "Hi" not in of(source, replace(WELCOME, locale="fil")).text


def test_hundred_lines_of_an_order_stay_far_from_the_limits(steps: list[int]) -> None:
    many = replace(FULL, lines=FULL.lines * 50, facts=FACTS)
    of(source_of(MessageKind.ORDER_CONFIRMATION, default_of(MessageKind.ORDER_CONFIRMATION)), many)
    assert sum(steps) < bounded.MAX_STEPS // 2


def test_a_source_can_do_what_merchants_do() -> None:
    text = (
        "{% if balance > 500 %}Rich{% elsif balance > 0 %}Some{% else %}None{% endif %} {{ balance }} "
        "{% assign left = balance | minus: 50 %}{{ left | points }} {{ first_name | upcase | truncate: 14 }} "
        "{% for perk in perks %}{{ forloop.index }} {{ perk }}{% endfor %} {{ 'code.button' | t }} "
        "{% unless guest %}member{% endunless %} {{ nothing | default: tier }}"
    ).replace("nothing", "code.value")
    assert written(text).text == (
        "Some 50 points 0 points JAVASCRIPT:... 1 Free gift wrapping Shop with this code member Gold\n"
    )


def test_values_are_text_in_a_source_whatever_filters_it_uses() -> None:
    for filters in (
        "",
        " | append: ''",
        " | replace: 'x', '[b]'",
        " | split: '' | join: ''",
        " | default: 'x'",
        " | strip",
    ):
        mail = written(mjml=BODY.replace("{}", f"<mj-text>{{{{ first_name{filters} }}}}</mj-text>"))
        assert "<script" not in mail.html and "&lt;script" in mail.html
        assert "&amp;lt;" not in mail.html


def test_a_subject_is_one_line_whatever_the_template_says() -> None:
    assert written(subject="a\r\nBcc: x\n\n{{ shop_name }}").subject == "a Bcc: x Aling Nena"


def test_the_preheader_is_hidden_before_everything_else() -> None:
    for mjml in (
        EMPTY,
        "<mjml><mj-head></mj-head><mj-body></mj-body></mjml>",
        '<mjml lang="en"><mj-body></mj-body></mjml>',
    ):
        source = Source(subject="s", preheader="{{ shop_name }}!", mjml=mjml, text="t")
        assert "Aling Nena!" in of(source, WELCOME).html


def test_no_font_is_loaded_from_elsewhere_unless_a_merchant_says_so() -> None:
    assert "googleapis" not in written(mjml=BODY.replace("{}", "<mj-text>x</mj-text>")).html


@pytest.mark.parametrize(
    "address",
    ["https://127.0.0.1/", "https://localhost/a", "https://[::1]/", "https://2130706433/", "https://0x7f.1/",
     "https://ana@shop.example/", "https://printer.local/", "https:///a"],
)  # fmt: skip
def test_a_source_links_to_nothing_that_a_block_could_not_link_to(address: str) -> None:
    with pytest.raises(BadInput):
        rich_text.check_link(address)
    for html in (f'<a href="{address}">x</a>', f"<a href='{address}'>x</a>", f'<img src="{address}">'):
        with pytest.raises(BadInput, match="isn't a link we can use"):
            check_links(html)
    check_links('<a href="https://shop.example/a?b=c&amp;d=e">x</a><a href="mailto:a@b.example">y</a><a href="#">z</a>')
