"""The stand-in elements: there are as many as Shopify's types name, and they do what an extension counts on."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox import run
from tests.sandbox.surfaces.axe import serious

ROOT = Path(__file__).parents[3]
MISSING_IN = """(all) => {
  const wrong = [];
  for (const [surface, elements] of Object.entries(all)) {
    for (const [tag, names] of Object.entries(elements)) {
      if (!customElements.get(tag)) { wrong.push(`${surface} ${tag}`); continue; }
      const element = document.createElement(tag);
      for (const name of names) {
        const wanted = /^on[A-Z]/.test(name) ? name.toLowerCase() : name;
        if (!(wanted in element)) wrong.push(`${surface} ${tag} ${name}`);
      }
    }
  }
  return wrong;
}"""

PAGE = """<!doctype html><html lang="en" class="checkout"><head><meta charset="utf-8"><title>Elements</title>
<link rel="stylesheet" href="/cdn/surfaces/look.css"><script type="module" src="/cdn/surfaces/elements/all.js"></script>
</head><body></body></html>"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    local = run.start(data_dir=tmp_path_factory.mktemp("elements"))
    yield local.url
    local.stop()


@pytest.fixture
def page(chromium: Browser, served: str) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.set_default_timeout(5_000)
    page.route("**/elements", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    page.goto(f"{served}/elements")
    page.wait_for_function("customElements.get('s-admin-block') !== undefined")
    yield page
    page.close()


def show(page: Page, html: str) -> None:
    """Put elements on the page; `heard` gathers what they tell."""
    page.evaluate(
        """(html) => { document.body.innerHTML = html; window.heard = [];
          for (const one of document.body.querySelectorAll('*'))
            for (const kind of ['click', 'change', 'submit', 'dismiss', 'afterhide', 'show', 'hide', 'copy', 'toggle'])
              one.addEventListener(kind, ({target}) => { if (target === one) heard.push(`${one.id} ${kind}`); }); }""",
        html,
    )


def heard(page: Page) -> Any:
    return page.evaluate("heard")


def test_every_element_of_shopifys_types_has_a_stand_in_with_its_properties_and_events(page: Page):
    if not shutil.which("node") or not (ROOT / "node_modules" / "@shopify" / "ui-extensions").is_dir():
        pytest.skip("no Node with Shopify's types on this machine")
    script = Path(__file__).with_name("elements.mjs")
    said = subprocess.run(["node", str(script)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    wanted = json.loads(said.stdout)
    assert {name: len(found) for name, found in wanted.items()} == {
        "checkout": 64,
        "account": 70,
        "admin": 62,
        "till": 39,
    }
    assert page.evaluate(MISSING_IN, wanted) == []


def test_properties_are_attributes_and_back(page: Page):
    show(page, "<s-banner></s-banner><s-progress></s-progress>")
    said = page.evaluate(
        """() => { const banner = document.querySelector('s-banner'), bar = document.querySelector('s-progress');
          banner.heading = 'One'; banner.dismissible = true; bar.value = 3; bar.setAttribute('max', '4');
          const before = [banner.getAttribute('heading'), banner.hasAttribute('dismissible'), bar.value, bar.max];
          banner.heading = undefined; banner.dismissible = false;
          return [before, banner.heading, banner.hasAttribute('heading'), banner.dismissible]; }"""
    )
    assert said == [["One", True, 3, 4], "", False, False]
    assert page.get_by_role("progressbar").get_attribute("aria-valuenow") == "3"


def test_a_button_that_is_off_or_busy_is_not_pressed(page: Page):
    show(page, "<s-button id=a>A</s-button><s-button id=b disabled>B</s-button><s-button id=c loading>C</s-button>")
    page.get_by_role("button", name="A").click()
    for name in "BC":
        page.get_by_role("button", name=name).click(force=True)
    assert heard(page) == ["a click"]


def test_commands_open_and_close_a_dialog_by_keyboard(page: Page):
    show(
        page,
        "<s-button commandFor=m command=--show>Open</s-button><s-modal id=m heading=Sure>Really?"
        "<s-button slot=primary-action commandFor=m command=--hide>Yes</s-button></s-modal>",
    )
    page.get_by_role("button", name="Open").press("Enter")
    expect(page.get_by_role("dialog", name="Sure")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Open").click()
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    once = ["m show", "m hide", "m afterhide"]
    assert [one for one in heard(page) if one.startswith("m ")] == [*once, *once]


def test_a_form_is_sent_by_its_button_and_by_enter_but_not_without_what_it_requires(page: Page):
    show(
        page,
        "<s-form id=f><s-text-field id=t label=Name required></s-text-field>"
        "<s-button type=submit>Send</s-button></s-form>",
    )
    page.get_by_role("button", name="Send").click()
    assert "f submit" not in heard(page)
    page.get_by_label("Name").fill("Ana")
    page.get_by_label("Name").press("Enter")
    page.get_by_role("button", name="Send").click()
    assert heard(page).count("f submit") == 2
    assert page.evaluate("t.value") == "Ana"


def test_a_list_is_chosen_from_by_arrow_keys(page: Page):
    show(
        page,
        "<s-choice-list id=l label=Score variant=inline>"
        + "".join(f"<s-choice value={n}>{n}</s-choice>" for n in range(11))
        + "</s-choice-list>",
    )
    page.get_by_role("radio", name="0", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("l.values") == ["1"]
    assert heard(page).count("l change") == 2
    page.evaluate("l.values = ['9']")
    expect(page.get_by_role("radio", name="9", exact=True)).to_be_checked()


def test_fields_keep_what_is_typed_when_their_texts_change(page: Page):
    show(page, "<s-number-field id=n label=Points value=5 max=7 controls=stepper></s-number-field>")
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="More").click()
    assert page.evaluate("n.value") == "7"
    page.get_by_label("Points").fill("6")
    page.evaluate("n.error = 'Too few'")
    assert page.evaluate("n.value") == "6"
    expect(page.get_by_role("alert")).to_have_text("Too few")
    page.evaluate("n.value = ''")
    expect(page.get_by_label("Points")).to_have_value("")


def test_a_select_shows_the_options_that_come_later(page: Page):
    show(page, "<s-select id=s label=Month></s-select>")
    page.evaluate("s.innerHTML = '<s-option value=1>January</s-option><s-option value=2>May</s-option>'")
    page.get_by_label("Month").select_option("May")
    assert (page.evaluate("s.value"), heard(page)) == ("2", ["s change"])
    page.evaluate("s.append(Object.assign(document.createElement('s-option'), {value: '3', textContent: 'June'}))")
    expect(page.get_by_label("Month")).to_have_value("2")


def test_a_banner_is_dismissed_and_details_open(page: Page):
    show(
        page,
        "<s-banner id=b heading=Hi dismissible></s-banner>"
        "<s-details id=d><s-summary>More</s-summary>Inside</s-details>",
    )
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text("Hi")).to_be_hidden()
    page.get_by_text("More").click()
    expect(page.get_by_text("Inside")).to_be_visible()
    page.wait_for_function("d.open && b.hidden")


def test_each_kind_of_element_is_accessible_as_far_as_axe_sees(page: Page):
    show(page, (Path(__file__).with_name("every_element.html")).read_text("utf-8"))
    assert serious(page) == []
