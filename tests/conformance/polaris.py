"""Checks rendered pages against Shopify's lists of elements: `problems(html)` names every mistake.

Browsers pass silently over an unknown element, attribute or slot, and Polaris over an unknown value: the
page just looks wrong, and only on Shopify's side. So every page that a test renders goes through here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

from tests.conformance.official import app_bridge_types, custom_elements, polaris_types

_EVERYWHERE = {"id", "class", "slot", "hidden", "lang", "dir", "title"}
_VOID = set("area base br col embed hr img input link meta source track wbr".split())
_LITERAL = re.compile(r"""["']([^"']*)["']""")
_LENGTH = re.compile(r"-?\d+(\.\d+)?(px|%)|span \d+")
_APP_BRIDGE_EXTRA = {
    # The attributes of these come from DOM interfaces that the types file does not spell out.
    "ui-save-bar": {"discardconfirmation"},
    "ui-modal": {"variant", "src"},
    "ui-title-bar": {"title"},
}


@dataclass(frozen=True)
class _Element:
    attributes: dict[str, str]  # name in lower case → TypeScript type
    slots: frozenset[str] | None  # None: any


@dataclass
class _Linter(HTMLParser):
    found: list[str] = field(default_factory=list)
    open_tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def note(self, what: str) -> None:
        self.found.append(f"line {self.getpos()[0]}: {what}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._check_slot(tag, dict(attrs))
        if _is_shopifys(tag):
            self._check_element(tag, attrs)
        if tag not in _VOID:
            self.open_tags.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if _is_shopifys(tag):
            self.note(f"<{tag}/> does not close itself in HTML; write <{tag}></{tag}>")
        if tag not in _VOID:
            self.open_tags.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.open_tags:
            if _is_shopifys(tag):
                self.note(f"</{tag}> closes nothing")
            return
        while (last := self.open_tags.pop()) != tag:
            if _is_shopifys(last):
                self.note(f"<{last}> is not closed before </{tag}>")

    def close(self) -> None:
        super().close()
        for tag in filter(_is_shopifys, self.open_tags):
            self.note(f"<{tag}> is never closed")

    def _check_slot(self, tag: str, attrs: dict[str, str | None]) -> None:
        parent = self.open_tags[-1] if self.open_tags else ""
        slot = attrs.get("slot")
        if slot is None or tag == "slot":
            return
        if not _is_shopifys(parent):
            self.note(f'slot="{slot}" on <{tag}> does nothing: its parent <{parent}> has no slots')
        elif (known := _elements().get(parent)) and known.slots is not None and slot not in known.slots:
            self.note(f'<{parent}> has no slot "{slot}" (it has: {_listed(known.slots - {""})})')

    def _check_element(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _elements().get(tag)
        if element is None:
            self.note(f"<{tag}> does not exist")
            return
        names = [name for name, _ in attrs]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.note(f"<{tag}> has {name} twice")
        for name, value in attrs:
            self._check_attribute(tag, element, name, value)

    def _check_attribute(self, tag: str, element: _Element, name: str, value: str | None) -> None:
        if name.startswith("on"):
            self.note(f"<{tag} {name}>: the page's CSP lets no inline script run")
        elif name in element.attributes:
            if complaint := _complaint(element.attributes[name], value):
                self.note(f'<{tag} {name}="{value or ""}">: {complaint}')
        elif name == "rel" and tag == "s-link" and "s-app-nav" in self.open_tags:
            pass  # App Bridge reads it there
        elif name not in _EVERYWHERE and not name.startswith("data-"):
            self.note(f"<{tag}> has no attribute {name}")


def problems(html: str) -> list[str]:
    """Everything in a page (or a fragment) that Polaris or App Bridge would not know, each with its line."""
    linter = _Linter()
    linter.feed(html)
    linter.close()
    return linter.found


def _is_shopifys(tag: str) -> bool:
    return tag.startswith(("s-", "ui-"))


@cache
def _elements() -> dict[str, _Element]:
    polaris = {
        each["tagName"]: _Element(
            {attribute["name"].lower(): attribute["type"]["text"] for attribute in each.get("attributes", [])},
            frozenset(slot["name"] for slot in each.get("slots", [])),
        )
        for each in custom_elements()
    }
    return {**_app_bridge_elements(), **polaris}


def _app_bridge_elements() -> dict[str, _Element]:
    text = app_bridge_types()
    listed = re.search(r"interface AppBridgeElements \{(.*?)\n\}", text, re.DOTALL)
    assert listed, "App Bridge's types no longer list its elements"
    return {
        tag: _Element(dict.fromkeys(_members(text, of) | _APP_BRIDGE_EXTRA.get(tag, set()), "string"), None)
        for tag, of in re.findall(r'"([\w-]+)": (\w+);', listed[1])
    }


def _members(text: str, interface: str) -> set[str]:
    body = re.search(rf"interface _?{interface}\b[^{{]*\{{(.*?)\n\}}", text, re.DOTALL)
    return {name.lower() for name in re.findall(r"^\s(\w+)\??:", body[1], re.MULTILINE)} if body else set()


def _complaint(kind: str, value: str | None) -> str:
    if kind == "boolean":
        return "its presence means true; leave it out" if (value or "").lower() == "false" else ""
    if kind == "number":
        return "" if re.fullmatch(r"-?\d+(\.\d+)?", value or "") else "must be a number"
    if kind in ("any", "string") or "string" in _outside_quotes(kind) or "=>" in kind:
        return ""
    return _word_complaint(kind, value or "")


def _word_complaint(kind: str, value: str) -> str:
    words = _words(kind)
    if value in words or not words or value.startswith("@container"):
        return ""
    if ("0" in words or words == {"auto"} or "${number}" in kind) and _LENGTH.fullmatch(value):
        return ""  # the manifest drops the template literals of lengths and spans
    if "Shorthand" in kind and all(part in words for part in value.split()):
        return ""
    return f"must be one of {_listed(words)}"


@cache
def _words(kind: str) -> frozenset[str]:
    """Every literal that a type lets through, its aliases followed; empty when it cannot be told."""
    words = set(_LITERAL.findall(kind))
    for name in re.findall(r"\b[A-Z]\w+", _outside_quotes(kind)):
        alias = re.search(rf"^type {name} = (.*?);", polaris_types(), re.MULTILINE | re.DOTALL)
        words |= _words(alias[1]) if alias else set()
    return frozenset(words)


def _outside_quotes(kind: str) -> str:
    return _LITERAL.sub("", kind)


def _listed(words: frozenset[str]) -> str:
    shown = sorted(words)
    return ", ".join(shown[:20]) + (", …" if len(shown) > 20 else "")
