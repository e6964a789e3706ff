"""What every page shares: navigation, links that keep the shop, cursors, and how an answer is rendered."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask, Response, make_response, redirect, render_template, request, url_for
from markupsafe import escape
from werkzeug.wrappers import Response as AnyResponse

from plugin.errors import NotFound
from plugin.web.current import may, parts, shop, staff

Thing = TypeVar("Thing")
STATIC = Path(__file__).resolve().parents[2] / "static"
NAVIGATION = (
    ("home", "Home"),
    ("members", "Members"),
    ("programme", "Programme"),
    ("mails", "Messages"),
    ("deliveries", "Activity"),
    ("settings", "Settings"),
)
TABS = {
    "programme": (
        ("programme", "Earning"),
        ("order_rules", "Order rules"),
        ("campaigns", "Campaigns"),
        ("activities", "Activities"),
        ("rewards", "Rewards"),
        ("cashback", "Cashback"),
        ("tiers", "Tiers"),
        ("automatic", "Automatic"),
        ("expiry", "Expiry"),
        ("referrals", "Referrals"),
        ("code_batches", "Codes"),
        ("versions", "Versions"),
    ),
    "mails": (("mails", "Log"), ("brand", "Brand"), ("shopify_mail", "Shopify's own mails")),
    "deliveries": (
        ("deliveries", "Deliveries"),
        ("jobs", "Jobs"),
        ("redemptions", "Redemptions"),
        ("fulfilments", "To do"),
        ("readings", "Read again"),
        ("donations", "Donations"),
        ("staff", "Staff"),
        ("access_log", "Access log"),
    ),
    "settings": (("settings", "Shop"), ("staff_roles", "Staff"), ("automation", "Automation"), ("data", "Data")),
}
DONE = {
    "saved": "Saved",
    "saved_unasked": "Saved. Shopify did not answer, so nobody looked whether it has these products",
    "adjusted": "Done",
    "undone": "Undone",
    "imported": "Imported",
    "redeemed": "Redeemed",
    "undoing": "Asking Shopify whether it was used",
    "ending": "Ending them in Shopify",
    "planned": "Planned",
    "withdrawn": "Withdrawn",
    "unchanged": "Nothing had changed",
    "decided": "Decided",
    "nothing_chosen": "Nothing was ticked",
    "retried": "Trying again now",
    "nothing": "There was nothing to try again",
}
"""What a page says after a form, by the key in its address."""
_FORM = re.compile(r'<form method="post".*?</form>', re.DOTALL)
_SENDS = re.compile(r'(<(?:s-button|button)\b(?=[^<>]*type="submit")[^<>]*+)(?=>)')
_DOWNLOAD = re.compile(r'<s-button data-download="[^"]*"')
_PAGE = re.compile(r"<s-page\b[^<>]*+>")
KEPT = ("shop", "host", "embedded")
"""What App Bridge needs to find in the address of every page."""


@dataclass(frozen=True)
class Form:
    """A form as it is shown: what stands in its fields, and what is wrong with them."""

    values: Mapping[str, str]
    errors: Mapping[str, str]
    message: str = ""


def register(app: Flask) -> None:
    """Give the templates what all of them use."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        may=may, link=link, asset=asset, navigation=NAVIGATION, tabs=TABS, kept=kept, done=DONE
    )


def link(endpoint: str, **values: Any) -> str:
    """The address of a page, with what App Bridge needs to know."""
    return url_for(endpoint, **{**kept(), **values})


def kept() -> dict[str, str]:
    """The parts of the address that every page keeps."""
    found = {name: request.args[name] for name in KEPT if request.args.get(name)}
    return {**found, "shop": shop().domain}


@cache
def asset(name: str) -> str:
    """The address of a static file, with a mark of its content, so that it can be cached for good."""
    mark = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{mark}/{name}"


def page(template: str, status: int = 200, **values: Any) -> Response:
    """A page of the panel."""
    settings = parts().settings
    html = render_template(template, shop=shop(), settings=settings, me=staff().actor, **values)
    if not may("manager"):
        html = for_viewers(html)
    answer = make_response(html, status)
    preloads = (settings.app_bridge_url, settings.polaris_url)
    answer.headers["Link"] = ", ".join(f'<{url}>; rel="preload"; as="script"' for url in preloads)
    return answer


def for_viewers(html: str) -> str:
    """The page for somebody who may only look: nothing on it can be sent or downloaded, and it says why."""
    closed = _FORM.sub(lambda form: _SENDS.sub(r"\1 disabled", form[0]).replace(" data-save-bar", ""), html)
    closed = _DOWNLOAD.sub("<s-button disabled", closed)
    if closed == html:
        return html
    note = '<s-banner tone="info"><s-paragraph>You can look at this and change nothing. Owners give roles under'
    note += f' <s-link href="{escape(link("staff_roles"))}">Settings, Staff</s-link>.</s-paragraph></s-banner>'
    return _PAGE.sub(lambda head: head[0] + note, closed, count=1)


def go(endpoint: str, done: str = "", **values: Any) -> AnyResponse:
    """After a form: on to a page, which says what happened (a key of DONE)."""
    return redirect(link(endpoint, **values, **({"done": done} if done else {})), 303)


def number_from(name: str) -> int | None:
    """A cursor or an id in the address; nonsense counts as absent."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def row_id(number: int) -> int:
    """The number in an address, or 404: the database has none that large."""
    return found(number if number < 2**63 else None)


def found(thing: Thing | None) -> Thing:
    """The thing, or 404: it does not exist, or belongs to another shop."""
    if thing is None:
        raise NotFound("There is no such thing in this shop.")
    return thing
