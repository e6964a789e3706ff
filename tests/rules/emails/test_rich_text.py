"""Restricted Markdown: what merchants may write, what stays as plain text, and what is refused."""

from __future__ import annotations

import pytest

from plugin.errors import BadInput
from plugin.rules.emails.rich_text import Break, Link, Marked, Node, Plain, Variable, is_https, parse, parse_line, paths


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("plain", (Plain("plain"),)),
        ("**b** *i*", (Marked("bold", (Plain("b"),)), Plain(" "), Marked("italic", (Plain("i"),)))),
        ("one\ntwo\r\n\r\nthree", (Plain("one"), Break(), Plain("two"), Break(), Break(), Plain("three"))),
        ("[shop](https://a.example/x?y=1)", (Link("https://a.example/x?y=1", (Plain("shop"),)),)),
        ("[mine]({{ rewards_url }})", (Link(Variable("rewards_url"), (Plain("mine"),)),)),
        ("Hi {{first_name|default:\"you\"}}!", (Plain("Hi "), Variable("first_name", "you"), Plain("!"))),
        ("*{{ reward.name }}*", (Marked("italic", (Variable("reward.name"),)),)),
        ("**{{ first_name }}'s_own_thing**", (Marked("bold", (Variable("first_name"), Plain("'s_own_thing"))),)),
    ],
)  # fmt: skip
def test_bold_italic_links_breaks_and_variables_are_read(text: str, nodes: tuple[Node, ...]) -> None:
    assert parse(text) == nodes


@pytest.mark.parametrize(
    "text",
    [
        "<b>bold</b>", "<script>alert(1)</script>", "&lt;b&gt;", "# title", "- list", "> quote", "`code`", "---",
        "~~gone~~", "<https://a.example>", "https://a.example", "| a | b |", "{ 7 }", "100% off",
    ],
)  # fmt: skip
def test_everything_else_is_text_as_it_stands(text: str) -> None:
    assert parse(text) == (Plain(text),)


def test_a_picture_is_only_a_link_with_a_mark_before_it() -> None:
    assert parse("![x](https://a.example/t.png)") == (Plain("!"), Link("https://a.example/t.png", (Plain("x"),)))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{% for i in (1..9) %}", "{% for i in (1..9) %}"),
        ("{{ first_name | upcase }}", "{{ first_name | upcase }}"),
        ("{{ a.b.c }}", "{{ a.b.c }}"),
        ("{{ first_name", "{{ first_name"),
        ("{{ 7 | times: 7 }}", "{{ 7 | times: 7 }}"),
        ("{{ shop.__class__ }}", "{{ shop.__class__ }}"),
        ("{{ x | default: y }}", "{{ x | default: y }}"),
        ('{{ x | default: "<b>" }}', '{{ x | default: "<b>" }}'),
        ('{{ x | default: "a" | raw }}', '{{ x | default: "a" | raw }}'),
        ("a }} b", "}} b"),
    ],
)
def test_liquid_that_is_not_a_variable_is_refused_and_quoted(text: str, named: str) -> None:
    for read in (parse, parse_line):
        with pytest.raises(BadInput) as refused:
            read(text)
        assert f"“{named}”" in refused.value.message


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "http://a.example", "//a.example", "/a", "#",
        "", "https://", "https://localhost", "https://u:p@a.example", "https://a.example:99999", "vbscript:x",
        "https://a.example/{{ first_name }}", "mailto:a@b.example", "https://[x",
    ],
)  # fmt: skip
def test_a_link_that_is_not_https_or_leads_nowhere_is_refused(link: str) -> None:
    with pytest.raises(BadInput):
        nodes = parse(f"[x]({link})")
        assert nodes == (), nodes


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "10.0.0.8:8443", "0x7f.0x1", "127.0.0.0x1", "127.0.0.1.", "[::1]", "[::ffff:127.0.0.1]",
        "１２７.0.0.１", "127.0.0。1", "127.0.0.%31", "shop.localhost", "shop.local", "db.internal", "router.home.arpa",
        "SHOP.LOCAL", ".example", "a..example",
    ],
)  # fmt: skip
def test_a_link_leads_to_a_name_that_everybody_can_look_up(host: str) -> None:
    assert not is_https(f"https://{host}/a")


def test_names_with_digits_and_of_other_scripts_are_names() -> None:
    for host in ("1.example", "127.0.0.1.example.com", "7eleven.ph", "kape.例え", "a.example.", "cdn.shopify.com:443"):
        assert is_https(f"https://{host}/a"), host


def test_a_link_with_quotes_or_brackets_can_end_no_attribute() -> None:
    assert not is_https('https://a.example/"onclick="x')
    assert not is_https("https://a.example/<b>")
    assert not is_https("https://a.example/\n")


@pytest.mark.parametrize(
    "char", ["\x00", "\x08", "\x1b", "\x7f", "\u2028", "\u202e", "\u2066", "\ue000", "\ud800", "\ufffe"]
)
def test_characters_that_nobody_sees_are_refused(char: str) -> None:
    for read in (parse, parse_line):
        with pytest.raises(BadInput, match="invisible"):
            read(f"a{char}b")


def test_scripts_emoji_and_the_marks_of_arabic_stay() -> None:
    for text in ("مريم\u200f!", "നമസ്കാരം\u200d", "👩\u200d👧", "ภาษาไทย", "日本語"):
        assert parse(text) == (Plain(text),)


def test_a_line_has_no_markup_and_no_second_line() -> None:
    assert parse_line("**a** [b](javascript:x)") == (Plain("**a** [b](javascript:x)"),)
    with pytest.raises(BadInput, match="single line"):
        parse_line("a\nb")


@pytest.mark.parametrize(
    "deep", ["**_" * 800, "[" * 5000, "*" * 5000, "[a](" * 1000, "\\" * 5000, "[**" * 1200 + "**](x)" * 100]
)
def test_deep_nesting_ends_and_stays_text_or_is_refused(deep: str) -> None:
    try:
        nodes = parse(deep)
    except BadInput:
        return
    assert nodes


def test_escaped_brackets_make_no_liquid() -> None:
    assert parse("{\\{ 7 }\\}") == (Plain("{{ 7 }}"),)


def test_every_variable_of_a_text_is_found() -> None:
    nodes = parse("{{ a }} **{{ b }} [{{ c }}]({{ d }})**")
    assert [each.path for each in paths(nodes)] == ["a", "b", "d", "c"]
