"""What is sent in the end: every promotional email shows where to unsubscribe."""

from __future__ import annotations

import pytest

from plugin.rules.emails.unsubscribe_link import says_address, sheets_of, shows_link, surely_shows_link, with_link
from plugin.rules.messages import RenderedMail

ADDRESS = "https://suki.example/email/1.2.3.a.b/unsubscribe"
HERE = f'<a href="{ADDRESS}">Unsubscribe</a>'
HTML = {
    "nothing": "<html><body>Hi</body></html>",
    "an open comment": "<html><body>Hi <!-- </body></html>",
    "an open tag that hides": '<html><body><div style="display:none">Hi</body></html>',
    "no body": "Hi",
    "a link nobody sees": f'<html><body><p style="opacity:0">{HERE}</p></body></html>',
    "an end of the body in words": "<html><body>Hi</body><!-- </body> --></html>",
}


@pytest.mark.parametrize("html", HTML.values(), ids=HTML)
def test_what_has_no_link_gets_it_once(html: str) -> None:
    assert not shows_link(html, ADDRESS)
    mail = with_link(RenderedMail("s", html, "Hi\n"), ADDRESS, "Mag-unsubscribe")
    assert shows_link(mail.html, ADDRESS)
    assert mail.text == f"Hi\n\nMag-unsubscribe: {ADDRESS}\n"
    assert with_link(mail, ADDRESS, "Mag-unsubscribe") == mail


def test_what_has_the_link_stays_as_it_is() -> None:
    mail = RenderedMail("s", f'<body><td style="font-size:0"><p style="font-size:13px">{HERE}</p></td></body>', ADDRESS)
    assert with_link(mail, ADDRESS, "Unsubscribe") == mail


def test_a_longer_address_is_another() -> None:
    assert says_address(f"{ADDRESS}.", ADDRESS)
    assert not says_address(f"{ADDRESS}/not", ADDRESS)


PAGE = "<html><head><style>{}</style></head><body>{}</body></html>"
HIDING = {
    "a class": (".u{display:none}", '<p class="u">{}</p>'),
    "a class of the link": (".u{display:none!important}", '<a class="u" href="ADDRESS">Unsubscribe</a>'),
    "an id": ("#u{visibility:hidden}", '<p id="u">{}</p>'),
    "a tag": ("a{opacity:.01}", "{}"),
    "everything": ("*{color:#fff}", "{}"),
    "a media query": ("@media screen{.u{font-size:1px}}", '<p class="u">{}</p>'),
    "media in media": ("@media screen{@supports (display:grid){.u{color:white}}}", '<p class="u">{}</p>'),
    "the dark": ("@media (prefers-color-scheme:dark){a{color:#121212!important}}", "{}"),
    "an attribute": ('[data-u="1"]{position:absolute;left:-9999px}', '<p data-u="1">{}</p>'),
    "an address": ('a[href*="unsubscribe"]{max-height:0;overflow:hidden}', "{}"),
    "what is around": (".x .u a{text-indent:-999em}", '<div class="x"><p class="u">{}</p></div>'),
    "a list": (".v,.u{transform:scale(0)}", '<p class="u">{}</p>'),
    "a class among others": (".u{clip-path:inset(100%)}", '<p class="big u red">{}</p>'),
    "another case": (".U{DISPLAY:NONE}", '<p class="U">{}</p>'),
    "an escape": (".\\75{display:none}", '<p class="u">{}</p>'),
    "a comment in it": (".u/**/{dis/**/play:none}", '<p class="u">{}</p>'),
    "a property nobody knows": (".u{content-visibility:hidden}", '<p class="u">{}</p>'),
    "a condition": ("p:not(.x,.y){display:none}", "<p>{}</p>"),
    "a sheet from elsewhere": ('</style><link rel="stylesheet" href="https://x.example/a.css"><style>', "{}"),
    "an unclosed rule": ("p{display:none", "<p>{}</p>"),
    "a colour by name": ("", '<p style="color:white">{}</p>'),
    "a place off the page": ("", '<p style="position:absolute;left:-9999px">{}</p>'),
    "an old attribute": ("", '<font color="#ffffff">{}</font>'),
    "a margin": ("", '<p style="margin-left:-9999px">{}</p>'),
    "no height": ("", '<p style="line-height:0">{}</p>'),
}


def page(sheet: str, body: str) -> str:
    return PAGE.format(sheet, body.replace("{}", HERE).replace("ADDRESS", ADDRESS))


@pytest.mark.parametrize("way", HIDING.values(), ids=HIDING)
def test_a_link_that_a_style_sheet_may_hide_is_followed_by_one_that_none_can(way: tuple[str, str]) -> None:
    html = page(*way)
    assert not surely_shows_link(html, ADDRESS, ())
    mail = with_link(RenderedMail("s", html, ADDRESS), ADDRESS, "No more", ())
    assert mail.html.count(">No more</a>") == 1


HARMLESS = {
    "another class": (".v{display:none}", '<p class="u">{}</p>'),
    "the looks of a class": (".u{padding:10px;font-weight:700;line-height:20px}", '<p class="u">{}</p>'),
    "a state": ("a:hover{color:#ffffff}", "{}"),
    "what is beside it": (".x a{display:none}", '<div class="x">Hi</div><p>{}</p>'),
    "a picture": ("img{height:0;display:none}", "{}"),
    "a column": (".c{width:100% !important;max-width:100%}", '<div class="c">{}</div>'),
    "its own style that wins": ("a{color:#fff}", '<a style="color:#000000 !important" href="ADDRESS">Unsubscribe</a>'),
}  # fmt: skip


@pytest.mark.parametrize("way", HARMLESS.values(), ids=HARMLESS)
def test_a_link_that_no_style_sheet_hides_is_left_alone(way: tuple[str, str]) -> None:
    mail = RenderedMail("s", page(*way), ADDRESS)
    assert with_link(mail, ADDRESS, "No more", ()) == mail


def test_rules_that_are_trusted_hide_nothing() -> None:
    html = page("@media (prefers-color-scheme:dark){a{color:#f4f3f1}}", "{}")
    assert not surely_shows_link(html, ADDRESS, ())
    assert surely_shows_link(html, ADDRESS, sheets_of(html).rules)
