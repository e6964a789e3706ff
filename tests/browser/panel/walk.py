"""From Home along every link of the panel, as a reader with a keyboard could go, one page of each kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask
from playwright.sync_api import Browser, Frame, Page
from werkzeug.exceptions import HTTPException

from plugin.web.auth import declared_by
from plugin.web.panel import ENTRIES
from tests.browser.stage import Stage
from tests.sandbox.surfaces.axe import violations

WIDE, NARROW = (1280, 900), (390, 844)
NO_PAGES = {
    "root",
    "nowhere",
    "member_by_customer",
    "choose_goods",
    "choose_words",
    "email_pictures",
    "logo_pictures",
} | {"email_people"}
"""What answers with a part of a page, with another address, or with nothing."""
KINDS = ("kind", "trigger")
"""What in an address makes another page of it."""
GO = """path => new Promise((done) => {
  const old = document.getElementById('page');
  const look = new MutationObserver(() => {
    const page = document.getElementById('page');
    if (!page || page === old) return;
    look.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 40)));
  });
  look.observe(document.body, {childList: true});
  const link = Object.assign(document.createElement('a'), {href: path});
  document.body.append(link);
  link.click();
  link.remove();
})"""
LINKS = "[...document.querySelectorAll('#page [href], s-app-nav [href]')].map((one) => one.getAttribute('href'))"
OPEN = "document.querySelectorAll('#page details').forEach((one) => { one.open = true; })"
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 20))))"
HEAVY = """() => {
  const found = performance.getEntriesByType('resource').filter((one) => one.initiatorType === 'fetch');
  performance.clearResourceTimings();
  return found.filter((one) => one.decodedBodySize > 100000).map((one) => `${one.name}: ${one.decodedBodySize} bytes`);
}"""
WIDTH = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SPOIL = """action => {
  const forms = [...document.querySelectorAll('#page form[method=post]')];
  const form = forms.find((one) => new URL(one.action, location.href).pathname === action);
  if (!form) return false;
  const wrong = {'S-NUMBER-FIELD': '-99999999999', 'S-DATE-FIELD': '2026-99-99', 'S-EMAIL-FIELD': 'nobody',
    'S-URL-FIELD': 'x', 'S-SELECT': 'nothing', 'S-MONEY-FIELD': '-1'};
  for (const one of form.querySelectorAll('[name]')) {
    if (one.localName === 'input') { if (one.type === 'text') one.value = ''; continue; }
    if (one.tagName in wrong) one.value = wrong[one.tagName];
    else if (one.hasAttribute('required') || one.localName === 's-text-field') one.value = '';
  }
  return new Promise((done) => {
    const look = new MutationObserver(() => {
      look.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(true), 40)));
    });
    look.observe(document.body, {childList: true, subtree: true, attributeFilter: ['error']});
    setTimeout(() => { look.disconnect(); done(false); }, 3000);
    form.requestSubmit();
  });
}"""
FORMS = """[...document.querySelectorAll('#page form[method=post]')].map((form) => [
  new URL(form.action, location.href).pathname, !!form.querySelector('[name]:not([type=hidden])')])"""


@dataclass
class Walk:
    """One walk: which pages were seen, and what is wrong with any."""

    app: Flask
    page: Page
    frame: Frame
    seen: dict[tuple[str, ...], str] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """To another page, as a click on a link leads there."""
        self.frame.evaluate(GO, path)

    def along_all_links(self, look: Callable[[Walk, str], None], also: Iterable[str] = ()) -> None:
        """Every page that any page links to, each kind once, and what is named in `also`; `look` sees each."""
        waiting = ["/app", *also]
        while waiting:
            path = waiting.pop(0)
            kind = self.kind(path)
            if kind is None or kind in self.seen:
                continue
            self.seen[kind] = path
            self.go(path)
            look(self, path)
            waiting += [led for led in map(_address, self.frame.evaluate(LINKS)) if led]

    def kind(self, path: str) -> tuple[str, ...] | None:
        """What page an address means; None where it is no page."""
        parts = urlsplit(path)
        try:
            endpoint, _ = self.app.url_map.bind("").match(parts.path)
        except HTTPException:
            return None
        if endpoint not in pages(self.app):
            return None
        asked = dict(parse_qsl(parts.query))
        return (endpoint, *(asked[name] for name in KINDS if name in asked))


def _address(link: str) -> str:
    parts = urlsplit(link)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name not in ("shop", "host")]
    return f"{parts.path}?{urlencode(query)}".rstrip("?") if parts.path.startswith("/app") else ""


def pages(app: Flask) -> set[str]:
    """The endpoints of every page of the panel that is a whole page."""
    files = {page.__name__ for entry in ENTRIES for page in entry.pages}
    found = set()
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        said = declared_by(view)
        if said is None or said.kind != "session" or "GET" not in (rule.methods or ()) or view.__module__ not in files:
            continue
        if not re.search(r"\.\w+$", rule.rule):
            found.add(rule.endpoint)
    return found - NO_PAGES


def begun(chromium: Browser, stage: Stage, app: Flask) -> Iterator[Walk]:
    """In front of Home."""
    context = chromium.new_context(viewport={"width": WIDE[0], "height": WIDE[1]}, locale="en-US")
    page = context.new_page()
    page.goto(stage.admin)
    element = page.wait_for_selector("iframe")
    frame = element.content_frame() if element else None
    assert frame is not None
    frame.wait_for_selector("s-page")
    walk = Walk(app, page, frame)
    page.on("pageerror", lambda error: walk.found.append(f"{page.url}: {error}"))
    yield walk
    context.close()


def accessible(walk: Walk, path: str, sizes: Iterable[tuple[int, int]] = (WIDE, NARROW)) -> None:
    """Not more than 100 kB, nothing that axe-core finds, nothing wider than the screen, folded parts open."""
    walk.found += [f"heavier than 100 kB: {one}" for one in walk.frame.evaluate(HEAVY)]
    walk.frame.evaluate(OPEN)
    for width, height in sizes:
        walk.page.set_viewport_size({"width": width, "height": height})
        walk.frame.evaluate(SETTLED)
        walk.found += [f"{path} at {width}: {one}" for one in violations(walk.frame)]
        if walk.frame.evaluate(WIDTH) > 0:
            walk.found.append(f"{path} at {width}: wider than the screen")


def refused(walk: Walk, path: str, seen: dict[str, bool]) -> None:
    """Each form of the page, filled in as wrongly as can be: how it says so. `seen`: the forms, and who said so."""
    walk.go(path)
    for action, asks in walk.frame.evaluate(FORMS):
        shape = re.sub(r"\d+", "N", action)
        if shape in seen or not asks:
            continue
        walk.go(path)
        walk.frame.evaluate(SPOIL, action)
        says: Any = walk.frame.evaluate("!!document.querySelector('#page [error], #page s-banner[tone=critical]')")
        seen[shape] = bool(says)
        if says:
            accessible(walk, f"{path}, refused by {shape}")
        walk.go(path)
