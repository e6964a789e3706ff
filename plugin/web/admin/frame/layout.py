"""What every page shares: navigation, links that keep the shop, cursors, and how an answer is rendered."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask, Response, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from plugin.errors import NotFound
from plugin.rules.words.texts import Said
from plugin.web import once
from plugin.web.current import may, parts, shop, staff
from plugin.web.words import t

Thing = TypeVar("Thing")
STATIC = Path(__file__).resolve().parents[2] / "static"
DONE = (
    "saved",
    "step_hidden",
    "launched",
    "saved_unasked",
    "merged",
    "adjusted",
    "undone",
    "imported",
    "redeemed",
    "undoing",
    "ending",
    "planned",
    "withdrawn",
    "unchanged",
    "decided",
    "nothing_chosen",
    "retried",
    "removed",
    "undoing_act",
    "published",
    "discarded",
    "tested",
    "mailing_planned",
    "mailing_canceled",
    "nothing",
)
"""What a page can say after a form, by the key in its address; the words are `frame.done.<key>`."""
SCRIPT_WORDS = ("offline", "session", "failed", "kept", "copied", "copy", "file", "allowed", "refused", "shopify")
"""What the panel's scripts say; the words are `frame.script.<key>`."""
SCRIPTS = ("bridge.js", "buttons.js", "preview.js", "saving.js", "mistakes.js")
"""What panel.js imports."""
_FORM = re.compile(r'<form method="post".*?</form>', re.DOTALL)
_SENDS = re.compile(r'(<(?:s-button|button)\b(?=[^<>]*type="submit")[^<>]*+)(?=>)')
_DOWNLOAD = re.compile(r'<s-button data-download="[^"]*"')
_PAGE = re.compile(r"<s-page\b[^<>]*+>")
KEPT = ("shop", "host", "embedded", "locale")
"""What App Bridge needs to find in the address of every page, and the language that Shopify opened the app in."""


@dataclass(frozen=True)
class Form:
    """A form as it is shown: what stands in its fields, what is wrong with them, what others saved there meanwhile."""

    values: Mapping[str, str]
    errors: Mapping[str, str]
    message: str = ""
    theirs: Mapping[str, str] = field(default_factory=dict)


def register(app: Flask, navigation: Sequence[str], tabs: Mapping[str, Sequence[str]]) -> None:
    """Give the templates what all of them use; the endpoints of the navigation, and of each entry's tabs."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        may=may,
        link=link,
        asset=asset,
        navigation=navigation,
        tabs=tabs,
        kept=kept,
        done=DONE,
        panel_words=panel_words,
        scripts=SCRIPTS,
    )


def link(endpoint: str, **values: Any) -> str:
    """The address of a page, with what App Bridge needs to know."""
    return url_for(endpoint, **{**kept(), **values})


def kept() -> dict[str, str]:
    """The parts of the address that every page keeps."""
    found = {name: request.args[name] for name in KEPT if request.args.get(name)}
    return {**found, "shop": shop().domain}


def asset(name: str) -> str:
    """The address of a static file, with a mark of what all of them hold, so that it can be cached for good: scripts
    find those that they import beside them."""
    return f"/static/{_mark()}/{name}"


@cache
def _mark() -> str:
    files = sorted(path for path in STATIC.iterdir() if path.suffix in (".js", ".css"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


def panel_words() -> dict[str, str]:
    """What the panel's scripts say, by the last part of its key."""
    return {name: t(f"frame.script.{name}") for name in SCRIPT_WORDS}


def page(template: str, status: int = 200, **values: Any) -> Response:
    """A page of the panel."""
    settings = parts().settings
    html = render_template(template, shop=shop(), settings=settings, me=staff().actor, **values)
    html = once.marked(html) if may("manager") else for_viewers(html)
    answer = make_response(html, status)
    preloads = (settings.app_bridge_url, settings.polaris_url)
    answer.headers["Link"] = ", ".join(f'<{url}>; rel="preload"; as="script"' for url in preloads)
    return answer


def for_viewers(html: str) -> str:
    """The page for somebody who may only look: nothing on it can be sent or downloaded, and it says why."""
    closed = _FORM.sub(lambda form: _SENDS.sub(r"\1 disabled", form[0]).replace(" data-saves", ""), html)
    closed = _DOWNLOAD.sub("<s-button disabled", closed)
    if closed == html:
        return html
    staff_page = Markup('<s-link href="{}">{}</s-link>').format(link("staff_roles"), t("frame.viewer.link"))
    note = Markup('<s-banner tone="info"><s-paragraph>{}</s-paragraph></s-banner>').format(
        t("frame.viewer.note", link=staff_page)
    )
    return _PAGE.sub(lambda head: head[0] + str(note), closed, count=1)


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
        raise NotFound(Said("frame.error.not_found"))
    return thing
