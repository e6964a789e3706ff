"""Templates that staff paste back: our snippet is found in any of them, and what is wrong with it is said."""

from __future__ import annotations

import re

import pytest
from liquid import Environment, Mode

from plugin.errors import BadInput
from plugin.messages.shopify_snippet.pasted import MOST_BYTES, Found, Standing, look
from plugin.messages.shopify_snippet.snippet import SnippetKind, SnippetShop, snippet
from plugin.rules.programme import Programme

SHOP = SnippetShop("PHP")
ORDER, SHIPPING, WELCOME = SnippetKind.ORDER, SnippetKind.SHIPPING, SnippetKind.WELCOME
NOTIFICATIONS = Environment(tolerance=Mode.STRICT, strict_filters=True)
BEFORE = "<html>{% comment %}Order summary{% endcomment %}<!-- header --><body>{{ email_title }}"
AFTER = "<p>{% if requires_shipping %}{{ shipping_method.title }}{% endif %}</p></body></html>"


def made(kind: SnippetKind = ORDER, version: int = 7, **rules: object) -> str:
    return snippet(Programme.model_validate(rules), SHOP, version, kind)


def seen(template: str, kind: SnippetKind = ORDER, **rules: object) -> list[tuple[Standing, int]]:
    return [(found.standing, found.version) for found in look(template, kind, made(kind, 9, **rules))]


@pytest.mark.parametrize("kind", list(SnippetKind))
def test_a_snippet_as_it_was_copied_is_up_to_date(kind: SnippetKind) -> None:
    assert seen(BEFORE + made(kind) + AFTER, kind) == [(Standing.CURRENT, 7)]


@pytest.mark.parametrize("kind", list(SnippetKind))
def test_an_editor_that_changes_spaces_and_line_ends_changes_nothing(kind: SnippetKind) -> None:
    template = (BEFORE + made(kind) + AFTER).replace("\n", "\r\n   ") + "\r\n"
    assert seen(template, kind) == [(Standing.CURRENT, 7)]


def test_after_a_change_that_the_email_shows_it_is_out_of_date_and_after_another_it_is_not() -> None:
    template = BEFORE + made() + AFTER
    assert seen(template, earning={"per_amount": "20"}) == [(Standing.OUT_OF_DATE, 7)]
    assert seen(template, rewards=[]) == [(Standing.CURRENT, 7)]


def test_what_was_changed_by_hand_is_told_from_what_is_old() -> None:
    template = BEFORE + made().replace("24px", "8px") + AFTER
    assert seen(template) == [(Standing.CHANGED, 7)]


def test_a_snippet_that_lost_its_end_is_not_whole() -> None:
    cut = made()[: len(made()) // 2]
    assert seen(BEFORE + cut + AFTER) == [(Standing.CUT, 7)]
    assert seen(BEFORE + cut + made() + AFTER) == [(Standing.CUT, 7), (Standing.TWICE, 7)]


def test_a_snippet_that_lost_its_beginning_is_not_whole() -> None:
    assert seen(BEFORE + made().split("\n", 1)[1] + AFTER) == [(Standing.CUT, 0)]


@pytest.mark.parametrize(("opens", "closes"), [("<!--", "-->"), ("{% comment %}", "{% endcomment %}"), ("<!-- ", "")])
def test_a_snippet_within_a_comment_shows_nothing(opens: str, closes: str) -> None:
    assert seen(BEFORE + opens + made() + closes + AFTER) == [(Standing.COMMENTED_OUT, 7)]


def test_two_are_one_too_many() -> None:
    assert seen(made() + AFTER + made()) == [(Standing.CURRENT, 7), (Standing.TWICE, 7)]


def test_the_snippet_of_another_email_is_named() -> None:
    assert look(made(SHIPPING), ORDER, made()) == (Found(SHIPPING, Standing.ELSEWHERE, 7),)


def test_a_snippet_of_the_first_form_is_old() -> None:
    old = "{%- comment -%} Suki: points and the next code. Paste above. Made for version 3; copy it. {%- endcomment -%}"
    assert seen(BEFORE + old + "{{ suki_points }}" + AFTER) == [(Standing.OUT_OF_DATE, 3)]


@pytest.mark.parametrize("template", [BEFORE + AFTER, "Suki", "{% comment %} Suki tea, version 1, x. {% endcomment %}"])
def test_a_template_without_one_says_so(template: str) -> None:
    assert seen(template) == [(Standing.MISSING, 0)]


def test_a_template_beyond_a_megabyte_is_refused_at_its_field() -> None:
    with pytest.raises(BadInput) as refused:
        look("é" * (MOST_BYTES // 2 + 1), ORDER, made())
    assert list(refused.value.fields) == ["template"]


@pytest.mark.parametrize("template", ["{% comment %}" * 50_000, "<!--" * 200_000, "{%- comment -%} Suki " * 40_000])
def test_a_hostile_template_is_read_in_one_pass(template: str) -> None:
    assert seen(template[:MOST_BYTES]) == [(Standing.MISSING, 0)]


def shown(kind: SnippetKind, fields: dict[str, object], **rules: object) -> str:
    data = {"shop": {"name": "Nena"}, "customer": {"metafields": {"suki": fields}}}
    return " ".join(re.sub(r"<[^>]*>", " ", NOTIFICATIONS.from_string(made(kind, **rules)).render(**data)).split())


def test_when_an_order_ships_the_balance_is_the_one_after_it() -> None:
    fields: dict[str, object] = {"balance": {"value": 1310}, "pending": {"value": 1}, "next_code": {"value": "SUKI-1"}}
    assert shown(SHIPPING, fields) == (
        "Your points Your balance: 1310 points. Pending: 1 point. Your own code for 10% off your next order: SUKI-1"
    )
    assert shown(SHIPPING, {}) == ""


def test_a_new_account_reads_what_it_begins_with_and_what_orders_earn() -> None:
    rules = {"welcome_points": 50, "earning": {"points": 2, "per_amount": "10"}}
    assert shown(WELCOME, {}, **rules) == (
        "Your points You start with 50 points. You earn 2 points for every ₱10.00 you spend."
    )
    assert "Your balance: 50 points." in shown(WELCOME, {"balance": {"value": 50}}, **rules)
    assert "Your balance" not in shown(WELCOME, {"balance": {"value": 0}}, **rules)


@pytest.mark.parametrize("kind", [SHIPPING, WELCOME])
@pytest.mark.parametrize("data", [{}, {"customer": None}, {"customer": {"metafields": {"suki": None}}}])
def test_the_empty_data_of_send_test_renders(kind: SnippetKind, data: dict[str, object]) -> None:
    assert "Liquid error" not in NOTIFICATIONS.from_string(made(kind)).render(**data)
