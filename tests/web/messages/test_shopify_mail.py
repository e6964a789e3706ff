"""Messages, Shopify's emails: each snippet can be copied, a template can be checked, and Home tells of old ones."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import Engine

from plugin.messages.shopify_snippet.snippet import SnippetKind
from plugin.rules.programme import Programme
from plugin.web.forms.rules import form_of
from tests.conftest import ShopRow
from tests.web.session import Browser

PAGE = "/app/messages/shopify"


def snippet_on(page: str) -> str:
    found = re.search(r'<s-text-area id="snippet"[^>]*? value="([^"]*)"', page)
    assert found
    return html.unescape(found[1])


def change_the_programme(browser: Browser) -> None:
    fields = form_of(Programme.model_validate({"earning": {"per_amount": "37"}}))
    assert browser.post("/app/programme", **{**fields, "based_on": "1"}).status_code == 303


@pytest.mark.parametrize("kind", list(SnippetKind))
def test_each_of_shopifys_emails_has_its_snippet_with_its_steps(browser: Browser, kind: str) -> None:
    page = browser.page(PAGE, email=kind)
    assert f"Suki {kind}, version " in snippet_on(page)
    assert 'data-copy="snippet"' in page
    assert page.count('<svg class="step-picture"') == 4
    assert "messages.shopify_mail" not in page


def test_an_email_that_there_is_not_shows_the_order_confirmation(browser: Browser) -> None:
    assert "Suki order_confirmation, version " in snippet_on(browser.page(PAGE, email="newsletter"))


def test_a_template_with_todays_snippet_is_up_to_date_until_the_programme_changes(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    template = "<p>Hi</p>" + snippet_on(browser.page(PAGE))
    answer = browser.post(PAGE + "/check", email="order_confirmation", template=template)
    assert (answer.status_code, 'heading="Up to date"' in answer.text) == (200, True)
    assert "after you pasted the snippet" not in browser.page("/app")

    change_the_programme(browser)
    assert "Your programme changed after you pasted the snippet into Shopify" in browser.page("/app")
    stale = browser.post(PAGE + "/check", email="order_confirmation", template=template)
    assert 'heading="Out of date"' in stale.text

    renewed = snippet_on(browser.page(PAGE))
    assert 'heading="Up to date"' in browser.post(PAGE + "/check", email="order_confirmation", template=renewed).text
    assert "after you pasted the snippet" not in browser.page("/app")


def test_a_template_from_which_the_snippet_was_taken_is_watched_no_longer(browser: Browser) -> None:
    template = snippet_on(browser.page(PAGE))
    browser.post(PAGE + "/check", email="order_confirmation", template=template)
    assert 'heading="No snippet found"' in browser.post(
        PAGE + "/check", email="order_confirmation", template="<p>Hi</p>"
    ).text  # fmt: skip
    change_the_programme(browser)
    assert "after you pasted the snippet" not in browser.page("/app")


@pytest.mark.parametrize(
    ("template", "said"), [("", "Paste the template"), ("  \n", "Paste the template"), ("x" * 1_000_001, "1 MB")]
)
def test_what_is_no_template_is_refused_at_its_field(browser: Browser, template: str, said: str) -> None:
    answer = browser.post(PAGE + "/check", email="order_confirmation", template=template)
    assert (answer.status_code, said in answer.text) == (422, True)


def test_what_somebody_pastes_is_shown_as_text(browser: Browser) -> None:
    hostile = '"></s-text-area><script>alert(1)</script>{{ 7 | times: 7 }}'
    answer = browser.post(PAGE + "/check", email="order_confirmation", template=hostile)
    assert "<script>alert(1)" not in answer.text
    assert "{{ 7 | times: 7 }}" in html.unescape(answer.text)
