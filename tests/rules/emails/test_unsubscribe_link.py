"""What is sent in the end: every promotional email shows where to unsubscribe."""

from __future__ import annotations

import pytest

from plugin.rules.emails.unsubscribe_link import says_address, shows_link, with_link
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
