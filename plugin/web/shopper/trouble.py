"""What a shopper reads when a page is not there or something fails: within the shop's theme, with a way on."""

from __future__ import annotations

from flask import Response

from plugin.web.shopper.page import page, sayer


def told(status: int) -> Response:
    """The page for this status. It needs nothing from the database, which may be what failed."""
    return page("trouble.html", "", status, heading=_heading(status))


def _heading(status: int) -> str:
    say = sayer("")
    if status == 404:
        return say("This page is not there")
    if status == 413:
        return say("That was too much to send")
    if status >= 500:
        return say("Something went wrong on our side. Please try again in a moment.")
    return say("That did not work. Please try again.")
