"""Saving: once for a double click, kept when it fails, wrong fields in sight, two tabs side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from playwright.sync_api import Dialog, Frame, Route, expect

from plugin.web.admin.frame.layout import KEPT
from tests.browser.conftest import Seat

ASKED = "button[type=submit], s-button[type=submit]"
AWAY = (
    '<html><body><div id="page"><s-page heading="Please try again in a moment"><s-paragraph>Somebody else is at it.'
    "</s-paragraph></s-page></div></body></html>"
)
MOST_PAGES = 200


def field(app: Frame, name: str) -> str:
    """The value of a field by its name."""
    return str(app.locator(f"[name='{name}']").evaluate("field => field.value"))


def focused(app: Frame) -> str:
    """The name of the field that has the focus."""
    return str(app.evaluate("document.activeElement?.getAttribute('name') ?? ''"))


def kinds_of(address: str) -> str:
    """An address without what tells one thing from another of its kind."""
    path = re.sub(r"(?<=/emails/)\w+", "…", urlsplit(address).path)
    return re.sub(r"/(?:\d+|[ram][0-9a-f]{10}|rule-[0-9a-f]+)(?=/|$)", "/…", path)


def filled(seat: Seat) -> None:
    """A shop with something of each kind."""
    seat.open()
    seat.stage.buy("Ana", "Reyes")
    seat.stage.settle()
    for path, fields in (
        ("rewards/new?kind=amount_off", {"name": "Five off", "points": "100", "value": "5"}),
        ("activities/new?kind=review", {"points": "50", "word": "review"}),
        ("automatic/new?trigger=lapsed", {"name": "Come back", "points": "10"}),
        ("orders/new", {"name": "Double"}),
        ("orders/new?kind=campaign", {"name": "Coffee week"}),
    ):
        app = seat.open(f"/app/programme/{path}")
        for name, text in fields.items():
            app.locator(f"[name='{name}'] input").fill(text)
        seat.save()
        expect(seat.page.get_by_text("Saved", exact=True).last).to_be_visible()


LOOK = """async (path) => {
  const page = new DOMParser().parseFromString(await (await fetch(path)).text(), "text/html");
  const links = [...page.querySelectorAll("[href]")].map((one) => one.getAttribute("href"));
  return [links, [...page.querySelectorAll("form[method=post]")].map((form) => form.getAttribute("action"))];
}"""


TWICE = """(form, asked) => {
  const one = [...form.querySelectorAll(asked)].find((each) => !each.hasAttribute("disabled"));
  for (const _ of [1, 2]) one?.click();
  return one !== undefined;
}"""


def pages_with_forms(app: Frame) -> Iterator[str]:
    """The address of a page for each kind of form that there is, found by following links from Home."""
    waiting, seen, forms = ["/app"], {"/app"}, set()
    while waiting:
        path = waiting.pop(0)
        links, actions = app.evaluate(LOOK, path)
        kinds = {kinds_of(action) for action in actions}
        if kinds - forms:
            forms |= kinds
            yield path
        for href in links:
            own = {name: text for name, text in parse_qsl(urlsplit(href).query) if name not in KEPT}
            kind = f"{kinds_of(href)} {own.get('kind')} {own.get('trigger')}"
            if href.startswith("/app") and kind not in seen and ".csv" not in href and len(seen) < MOST_PAGES:
                seen.add(kind)
                waiting.append(f"{urlsplit(href).path}?{urlencode(own)}")


def test_a_double_click_on_any_form_sends_it_once_and_a_failure_leaves_it_as_it_is(seat: Seat) -> None:
    if seat.width < 1000:
        pytest.skip("the same script at any width")
    filled(seat)
    sent: list[str] = []

    def answer(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        sent.append(kinds_of(route.request.url))
        return route.fulfill(status=503, content_type="text/html", body=AWAY)

    seat.page.route("**/app/**", answer)
    tried: set[str] = set()
    for path in list(pages_with_forms(seat.open())):
        app = seat.open(path)
        for at, action in enumerate(app.evaluate("[...document.forms].map((form) => form.method + form.action)")):
            kind = kinds_of(action.removeprefix("post"))
            if not action.startswith("post") or kind in tried:
                continue
            tried.add(kind)
            form = app.locator("form").nth(at)
            before = len(sent)
            app.evaluate("document.querySelectorAll('[data-trouble]').forEach((old) => old.remove())")
            form.evaluate("form => { form.noValidate = true; }")
            if form.get_attribute("data-saves") is not None:
                form.evaluate("form => form.dispatchEvent(new Event('input', { bubbles: true }))")
                seat.bar.get_by_role("button", name="Save").dblclick()
            elif not form.evaluate(TWICE, ASKED):
                tried.discard(kind)  # its button is disabled here: another of its kind may not be
                continue
            expect(app.locator("[data-trouble]")).to_have_attribute("heading", "Please try again in a moment")
            assert sent[before:].count(kind) == 1, action
            if form.get_attribute("data-saves") is not None:
                expect(seat.bar).to_be_visible()
                form.evaluate("form => form.removeAttribute('data-saves')")
                seat.page.on("dialog", lambda dialog: dialog.accept())
    seat.page.unroute("**/app/**")
    seat.troubles[:] = [trouble for trouble in seat.troubles if "503" not in trouble]
    assert len(tried) > 40, sorted(tried)


def test_after_a_refused_save_the_first_wrong_field_is_in_sight_and_all_are_linked(seat: Seat) -> None:
    app = seat.open("/app/programme/rewards/new?kind=amount_off")
    app.locator("[name=name] input").fill("Five off")
    app.locator("[name=valid_days] input").fill("0")
    seat.save()
    wrong = app.locator("[data-mistakes] s-list-item")
    expect(wrong).to_have_count(3)
    assert [text.split(":")[0] for text in wrong.all_inner_texts()] == ["Price", "Discount value", "Valid for"]
    assert focused(app) == "points"
    expect(app.locator("[name=points]")).to_be_in_viewport()
    wrong.nth(2).locator("s-link").click()
    assert focused(app) == "valid_days"
    expect(app.locator("[name=valid_days]")).to_be_in_viewport()
    expect(seat.bar).to_be_visible()
    seat.bar.get_by_role("button", name="Discard").click()
    expect(seat.bar).to_be_hidden()
    expect(app.locator("[data-mistakes]")).to_have_count(0)
    assert field(app, "name") == ""


@pytest.mark.parametrize("cause", ["offline", "session", "failed"])
def test_a_save_that_fails_keeps_what_was_typed_and_says_why(seat: Seat, cause: str) -> None:
    words = {
        "offline": "You seem to be offline",
        "session": "Your Shopify session has ended",
        "failed": "Something went wrong on our side",
    }

    def fail(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
        elif cause == "offline":
            route.abort()
        else:
            status = 401 if cause == "session" else 500
            route.fulfill(status=status, content_type="text/plain", body="No")

    app = seat.open("/app/programme/earning")
    app.get_by_label("Welcome points").fill("25")
    seat.page.route("**/app/programme*", fail)
    seat.save()
    trouble = app.locator("[data-trouble]")
    expect(trouble).to_have_attribute("heading", re.compile(words[cause]))
    expect(trouble).to_contain_text("Nothing was saved. Your changes are still here.")
    expect(seat.bar).to_be_visible()
    assert field(app, "welcome_points") == "25"
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    seat.page.on("dialog", stay)
    with seat.page.expect_event("dialog"):
        app.get_by_text("VIP tiers", exact=True).first.click()
    expect(app.locator("[name=welcome_points]")).to_be_visible()
    assert len(asked) == 1
    seat.page.unroute("**/app/programme*")
    seat.save()
    expect(seat.page.get_by_text("Saved", exact=True)).to_be_visible()
    expect(seat.bar).to_be_hidden()
    assert field(app, "welcome_points") == "25"
    seat.troubles.clear()


def test_a_look_at_what_would_change_leaves_it_unsaved(seat: Seat) -> None:
    app = seat.open("/app/programme/earning")
    app.get_by_label("Welcome points").fill("25")
    app.get_by_text("Note, start date and preview").click()
    app.get_by_text("Only show what would change").click()
    expect(app.get_by_text("There are no orders to compare yet.")).to_be_visible()
    expect(seat.bar).to_be_visible()
    assert field(app, "welcome_points") == "25"
    seat.save()
    expect(seat.page.get_by_text("Saved", exact=True)).to_be_visible()


def test_two_tabs_in_one_form_keep_what_both_typed(seat: Seat) -> None:
    app = seat.open("/app/programme/earning")
    other = Seat(seat.page.context.new_page(), seat.stage, seat.width)
    theirs = other.open("/app/programme/earning")
    theirs.get_by_label("Welcome points").fill("30")
    theirs.get_by_label("Points earned").fill("7")
    other.save()
    expect(other.page.get_by_text("Saved", exact=True)).to_be_visible()
    app.get_by_label("Welcome points").fill("25")
    app.get_by_text("When they come").click()
    app.get_by_label("Pending for").fill("14")
    seat.save()
    expect(app.get_by_text("Saved meanwhile: 30")).to_be_visible()
    assert focused(app) == "welcome_points"
    assert [field(app, name) for name in ("welcome_points", "earning.pending_days", "earning.points")] == [
        "25", "14", "7"
    ]  # fmt: skip
    expect(seat.bar).to_be_visible()
    app.get_by_text("Use this", exact=True).click()
    assert field(app, "welcome_points") == "30"
    seat.save()
    expect(seat.page.get_by_text("Saved", exact=True)).to_be_visible()
    assert [field(app, name) for name in ("welcome_points", "earning.pending_days", "earning.points")] == [
        "30", "14", "7"
    ]  # fmt: skip
