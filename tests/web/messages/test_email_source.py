"""An email as its own Liquid and MJML: it begins as what the blocks make, is checked, and leads back to blocks."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.rules.emails.design import Source
from plugin.rules.message_kinds import MessageKind
from plugin.store.database.db import shop_transaction
from plugin.store.emails import drafts, versions
from tests.conftest import ShopRow
from tests.web.figures import plain_text
from tests.web.messages.form import Fields, fields_of
from tests.web.session import Browser

KIND = MessageKind.WELCOME
EDITOR = f"/app/messages/emails/{KIND}"
PAGE = f"{EDITOR}/source"


def opened(browser: Browser) -> Fields:
    return fields_of(browser.page(PAGE))


def press(browser: Browser, fields: Fields, do: str = "save", **changes: Any) -> Any:
    return browser.post(PAGE, **{**fields, **changes, "do": do})


def kept(engine: Engine, shop: ShopRow) -> object:
    with shop_transaction(engine, shop.id) as conn:
        found = drafts.get(conn, shop.id, KIND)
    return found.content if found else None


def test_it_begins_as_what_the_blocks_make_and_looks_the_same(browser: Browser) -> None:
    fields = opened(browser)
    assert "<mjml" in fields["mjml"][0]
    seen = {**fields, "seen_language": "en", "look": "text"}
    editor = {**fields_of(browser.page(EDITOR)), "seen_language": "en", "look": "text"}
    as_source = browser.post(f"{EDITOR}/preview", **seen)
    as_blocks = browser.post(f"{EDITOR}/preview", **editor)
    assert (as_source.status_code, as_blocks.status_code) == (200, 200)
    assert as_source.get_json() == as_blocks.get_json()


def test_a_source_is_saved_published_and_leads_back_to_blocks(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    fields = opened(browser)
    mjml = fields["mjml"][0].replace("<mj-body", "<!-- mine --><mj-body", 1)
    assert press(browser, fields, mjml=mjml, subject="Mine, {{ first_name }}").status_code == 303
    assert isinstance(kept(engine, shop), Source)
    assert browser.get(EDITOR).status_code == 303, "the editor of blocks leads to the source"
    answer = press(browser, opened(browser), "publish")
    assert answer.status_code == 303, answer.text[:2000]
    with shop_transaction(engine, shop.id) as conn:
        sent = versions.published(conn, shop.id)[KIND]
    assert isinstance(sent, Source)
    assert sent.subject == "Mine, {{ first_name }}"
    assert press(browser, opened(browser), "blocks").status_code == 303
    assert fields_of(browser.page(EDITOR))["block"]
    assert "Source" in browser.page(f"{EDITOR}/versions", old="0", new="1")


HOSTILE = {
    "a template of 1 MB": {"mjml": "<mjml><mj-body>" + "x" * 1_000_000 + "</mj-body></mjml>"},
    "a subject of 10,000 characters": {"subject": "x" * 10_000},
}


@pytest.mark.parametrize("changes", HOSTILE.values(), ids=HOSTILE)
def test_what_is_too_long_is_said_at_its_field(
    browser: Browser, engine: Engine, shop: ShopRow, changes: dict[str, str]
) -> None:
    answer = press(browser, opened(browser), **changes)
    assert answer.status_code == 422
    assert f'id="wrong-{next(iter(changes))}"' in answer.text
    assert len(answer.data) < 150_000
    assert kept(engine, shop) is None


def test_the_preview_of_a_source_that_is_too_long_says_so(browser: Browser) -> None:
    fields = {**opened(browser), "who": "sample:0", "seen_language": "en", "mjml": "x" * 1_000_000}
    answer = browser.post(f"{EDITOR}/preview", **fields)
    assert answer.status_code == 422
    assert answer.get_json()["fields"] == {"mjml": "This is too long. Use up to 200,000 characters."}


@pytest.mark.parametrize("do", ["save", "publish", "test"])
def test_a_long_source_comes_back_whole_when_something_is_wrong_with_it(browser: Browser, do: str) -> None:
    long = "<mjml><mj-body><mj-nothing>" + "é" * 90_000 + "</mj-nothing></mj-body></mjml>"
    fields = {**opened(browser), "mjml": [long], "text": ["y" * 250_000], "subject": ["x" * 2_000]}
    answer = press(browser, fields, do)
    assert answer.status_code == 422
    again = fields_of(answer.text)
    assert (again["mjml"], again["subject"]) == (fields["mjml"], fields["subject"])
    assert again["text"] == opened(browser)["text"], "longer than any source: as it was before, not a part of it"
    assert "Here is what was there before." in answer.text


BROKEN = {
    "no MJML": {"mjml": "<mjml><mj-body><mj-nothing></mj-body></mjml>"},
    "Liquid that does not end": {"mjml": "<mjml><mj-body>{% if balance %}</mj-body></mjml>"},
    "a script": {"mjml": "<mjml><mj-body><mj-raw><script>alert(1)</script></mj-raw></mj-body></mjml>"},
    "a value nobody has": {"subject": "{{ credit_card }}"},
    "a loop without end": {"text": "{% for a in (1..9999) %}{% for b in (1..9999) %}{{ a }}{% endfor %}{% endfor %}"},
    "an include": {"mjml": '<mjml><mj-body><mj-include path="/etc/passwd" /></mj-body></mjml>'},
}


@pytest.mark.parametrize("changes", BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_shown_and_listed_and_never_published(
    browser: Browser, engine: Engine, shop: ShopRow, changes: dict[str, str]
) -> None:
    fields = {**opened(browser), **{name: [text] for name, text in changes.items()}}
    seen = browser.post(f"{EDITOR}/preview", **{**fields, "seen_language": "en", "look": "light"})
    assert seen.status_code == 422
    assert seen.get_json()["message"]
    refused = press(browser, fields, "publish")
    assert refused.status_code == 422
    assert "Saved as a draft, but not published." in refused.text
    assert "Nothing was saved" not in plain_text(refused.text)
    assert "Error:" in refused.text
    assert isinstance(kept(engine, shop), Source)
    with shop_transaction(engine, shop.id) as conn:
        assert versions.published(conn, shop.id) == {}
    page = browser.page(PAGE)
    assert "Error:" in page
    assert "You can&#39;t publish yet" in page or "You can't publish yet" in page
