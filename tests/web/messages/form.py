"""The form of the editor as a browser would send it, read from the page, and what came of it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from sqlalchemy import Engine

from plugin.rules.emails.design import Design
from plugin.rules.message_kinds import MessageKind
from plugin.store.database.db import shop_transaction
from plugin.store.emails import drafts, versions
from tests.conftest import ShopRow
from tests.web.session import Browser

KIND = MessageKind.WELCOME
PAGE = f"/app/messages/emails/{KIND}"
TITLE = "t.earned.title"
Fields = dict[str, list[str]]


class _Reader(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__(convert_charrefs=True)
        self.form_id, self.inside = form_id, False
        self.fields: Fields = {}
        self.select, self.first, self.chosen = "", True, False
        self.area: str | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = at.get("id") == self.form_id
        mine = self.inside or at.get("form") == self.form_id
        if tag == "input" and mine and at.get("name"):
            if at.get("type") != "checkbox" or "checked" in at:
                self.fields.setdefault(at["name"], []).append(at.get("value", ""))
        elif tag == "select" and mine and at.get("name"):
            self.select, self.first = at["name"], True
        elif tag == "option" and self.select and (self.first or "selected" in at):
            self.fields[self.select] = [at.get("value", "")]
            self.first = False
        elif tag == "textarea" and mine and at.get("name"):
            self.area, self.text = at["name"], ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = ""
        elif tag == "textarea" and self.area is not None:
            self.fields[self.area] = [self.text.removeprefix("\n")]
            self.area = None

    def handle_data(self, data: str) -> None:
        self.text += data


def fields_of(page: str, form_id: str = "email-form") -> Fields:
    """What the form sends when nothing is changed and no button is pressed."""
    reader = _Reader(form_id)
    reader.feed(page)
    assert reader.fields, "the page has no such form"
    return reader.fields


def opened(browser: Browser, **query: str) -> Fields:
    return fields_of(browser.page(PAGE, **query))


def press(browser: Browser, fields: Fields, do: str = "save", **changes: Any) -> Any:
    given = {name: changes.get(name, values) for name, values in fields.items()}
    return browser.post(PAGE, **{**given, **changes, "do": do})


def kept(engine: Engine, shop: ShopRow) -> Design | None:
    with shop_transaction(engine, shop.id) as conn:
        found = drafts.get(conn, shop.id, KIND)
    assert found is None or found.content is None or isinstance(found.content, Design)
    return found.content if found else None  # type: ignore[return-value]


def sent(engine: Engine, shop: ShopRow) -> Design | None:
    with shop_transaction(engine, shop.id) as conn:
        return versions.published(conn, shop.id).get(KIND)  # type: ignore[return-value]
