"""What can't be an email is said at its place, with what was typed, and nothing is saved."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.conftest import ShopRow
from tests.web.messages.form import PAGE, TITLE, fields_of, kept, opened, press
from tests.web.session import Browser

WRONG = {
    "a subject of 10,000 characters": ({"t.email.subject": "x" * 10_000}, "t.email.subject"),
    "a line break in a line": ({TITLE: "one\ntwo"}, TITLE),
    "Liquid that is no value": ({"t.earned.body": "{% for a in b %}{% endfor %}"}, "t.earned.body"),
    "a link that is not https": ({"t.earned.body": "[here](javascript:alert(1))"}, "t.earned.body"),
    "an alignment nobody has": ({"align.earned": "upside"}, "align.earned"),
    "a condition that is none": ({"guest.earned": "maybe"}, "guest.earned"),
}


@pytest.mark.parametrize(("changes", "at"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_said_at_its_field_with_what_was_typed_and_nothing_is_saved(
    browser: Browser, engine: Engine, shop: ShopRow, changes: dict[str, str], at: str
) -> None:
    answer = press(browser, opened(browser), **changes)
    assert answer.status_code == 422
    assert f'id="wrong-{at}"' in answer.text
    if at.startswith("t."):
        assert f'aria-describedby="wrong-{at}"' in answer.text
    assert kept(engine, shop) is None
    fields = fields_of(answer.text)
    if at.startswith("t.") and "\n" not in changes[at]:
        assert fields[at] == [changes[at]]


def test_a_script_in_a_text_is_text(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    fields = opened(browser)
    fields |= {TITLE: ["<script>alert(1)</script>"]}
    assert press(browser, fields).status_code == 303
    answer = browser.post(f"{PAGE}/preview", **{**fields, "seen_language": "en"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.get_json()["html"]
    assert "&lt;script&gt;" in answer.get_json()["html"]
    assert "<script>alert" not in browser.page(PAGE)


def altered(browser: Browser, change: Any) -> Any:
    """Send a form whose design was made by no editor."""
    fields = opened(browser)
    design = json.loads(fields["design"][0])
    change(design)
    blocks = [block.get("id", "") for block in design.get("blocks", ())]
    return press(browser, {**fields, "design": [json.dumps(design)], "block": blocks})


NO_DESIGN = {
    "a type of block nobody has": lambda design: design["blocks"][0].update(type="marquee"),
    "ids twice": lambda design: design["blocks"].append(design["blocks"][0]),
    "500 blocks": lambda design: design["blocks"].extend({"id": f"b{at}", "type": "text"} for at in range(500)),
    "no footer": lambda design: design["blocks"].pop(),
    "a language nobody has": lambda design: design["texts"].update(xx={"subject": {"text": "hi"}}),
    "no blocks": lambda design: design.pop("blocks"),
}


@pytest.mark.parametrize("change", NO_DESIGN.values(), ids=NO_DESIGN)
def test_what_no_editor_makes_is_refused_clearly_and_nothing_is_saved(
    browser: Browser, engine: Engine, shop: ShopRow, change: Any
) -> None:
    answer = altered(browser, change)
    assert answer.status_code == 422
    assert 'tone="critical"' in answer.text
    assert kept(engine, shop) is None


@pytest.mark.parametrize("changes", [{"language": "xx"}, {"design": "no json"}, {"design": "[]"}, {"block": []}])
def test_a_form_that_is_none_is_refused_and_the_email_is_shown_as_it_is(
    browser: Browser, engine: Engine, shop: ShopRow, changes: dict[str, Any]
) -> None:
    answer = press(browser, opened(browser), **changes)
    assert answer.status_code == 422
    assert 'tone="critical"' in answer.text
    assert kept(engine, shop) is None


def test_an_email_nobody_knows_has_no_page(browser: Browser) -> None:
    for path in (
        "/app/messages/emails/nothing",
        "/app/messages/emails/nothing/versions",
        "/app/messages/emails/x/source",
    ):
        assert browser.get(path).status_code == 404
