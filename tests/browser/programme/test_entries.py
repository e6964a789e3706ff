"""The programme's five entries: sorted and paused in their lists, chosen from cards, and open to everybody."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Seat
from tests.browser.programme.test_saving import filled
from tests.sandbox.surfaces.axe import serious

PAGES = ("", "/add", "/rewards", "/rewards/add", "/rewards/new?kind=percent_off", "/tiers", "/referrals", "/rules",
         "/expiry", "/versions")  # fmt: skip


def test_no_page_of_the_programme_has_a_serious_finding_or_is_wider_than_the_screen(seat: Seat) -> None:
    filled(seat)
    found = []
    for path in PAGES:
        app = seat.open(f"/app/programme{path}")
        wide = app.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"{path}: {one}" for one in [*serious(app), *(["too wide"] if wide > 0 else [])]]
    assert found == []


def test_a_way_is_paused_and_rewards_are_sorted_in_their_lists(seat: Seat) -> None:
    filled(seat)
    app = seat.open("/app/programme")
    app.get_by_role("button", name="Pause: Review a product").click()
    expect(app.get_by_role("button", name="Resume: Review a product")).to_be_visible()
    app.get_by_text("Add a way to earn").click()
    expect(app.get_by_role("link", name="Bonus campaign")).to_be_visible()
    app = seat.open("/app/programme/rewards/new?kind=free_shipping")
    app.locator("[name=name] input").fill("Free shipping")
    app.locator("[name=points] input").fill("80")
    seat.save()
    expect(app.get_by_role("button", name="Move Free shipping up")).to_be_visible()
    names = (
        "[...document.querySelectorAll('s-table-row s-table-cell:first-child s-link')].map((one) => one.textContent)"
    )
    assert app.evaluate(names) == ["Five off", "Free shipping"]
    app.get_by_role("button", name="Move Free shipping up").click()
    expect(app.get_by_role("button", name="Move Five off down")).to_be_disabled()
    assert app.evaluate(names) == ["Free shipping", "Five off"]
