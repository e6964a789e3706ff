"""What a shopper reads when a page is not there or something fails: within the shop's theme, with a way on."""

from __future__ import annotations

from flask import Flask, Response

from plugin.errors import NotFound
from plugin.web.auth import caller
from plugin.web.shopper.page import page, sayer


def register(app: Flask) -> None:
    """Add the route of every address below ours that no page has."""
    app.add_url_rule("/proxy/<path:rest>", "shopper_nothing", nothing)


@caller("proxy")
def nothing(rest: str) -> Response:
    """There is no page: said within the theme, too."""
    raise NotFound(f"There is no page {rest[:40]!r}.")


def told(status: int) -> Response:
    """The page for this status. It needs nothing from the database, which may be what failed."""
    return page("trouble.html", "", status, heading=_heading(status), leads_on=True)


def sign_in_first() -> Response:
    """The page is somebody's own: they sign in and come back to it."""
    return page("link_over.html", "", 404, signed_in=False)


def not_available() -> Response:
    """The page for whom the programme does not reach: it says nothing of there being one."""
    return page("trouble.html", "", 404, heading=sayer("")("shopper.trouble.not_available"), leads_on=False)


def _heading(status: int) -> str:
    say = sayer("")
    if status == 404:
        return say("shopper.trouble.not_found")
    if status == 429:
        return say("shopper.shared.too_many_tries")
    if status == 413:
        return say("shopper.trouble.too_large")
    if status >= 500:
        return say("shopper.trouble.ours")
    return say("shopper.trouble.other")
