"""A merchant makes an email their own: sees it while they write, publishes it, and a customer gets it."""

from __future__ import annotations

from playwright.sync_api import Frame, Locator, expect

from tests.browser.conftest import Seat
from tests.sandbox.surfaces.axe import serious

KIND = "/app/messages/emails/order_confirmation"


def edit(app: Frame, block: str) -> None:
    app.locator("summary", has_text=f"Edit {block}").first.click()


def title_of(app: Frame) -> Locator:
    """The title in the block that is open."""
    return app.locator("details[open] [name^='t.'][name*='.title']").first


def test_a_changed_block_is_seen_published_and_sent_and_the_one_before_comes_back(seat: Seat) -> None:
    seat.open()
    app = seat.open("/app/messages/emails")
    app.get_by_text("Order confirmation").click()
    preview = app.frame_locator("#seen")
    expect(preview.get_by_text("Thank you, Ana!").first).to_be_visible()
    edit(app, "Points")
    title = title_of(app)
    title.fill("Salamat po, {{ first_name }}!")
    expect(preview.get_by_text("Salamat po, Ana!").first).to_be_visible()
    app.get_by_role("button", name="Publish").click()
    expect(seat.page.get_by_text("Published", exact=True).first).to_be_visible()
    expect(app.get_by_text("Sent now: version 1")).to_be_visible()
    seat.stage.buy("Bea", "Santos")
    seat.stage.settle()
    [mail] = [each for each in seat.stage.sandbox.box.post.list("bea.santos") if "is confirmed" in each.subject]
    assert "Salamat po, Bea!" in mail.part("html")
    assert "Salamat po, Bea!" in mail.part("plain")
    app.get_by_text("Versions", exact=True).click()
    app.get_by_text("Reset to default").click()
    expect(app.get_by_text("Reset to the default").first).to_be_visible()
    seat.stage.buy("Caloy", "Cruz")
    seat.stage.settle()
    [mail] = [each for each in seat.stage.sandbox.box.post.list("caloy.cruz") if "is confirmed" in each.subject]
    assert "Thank you, Caloy!" in mail.part("html")
    app.get_by_role("button", name="Restore version 1").click()
    expect(app.get_by_text("Restored from version 1").first).to_be_visible()


def test_an_email_is_changed_by_keyboard_alone(seat: Seat) -> None:
    seat.open()
    app = seat.open(KIND)
    keys = seat.page.keyboard
    down = app.get_by_role("button", name="Move Points down")
    down.focus()
    keys.press("Enter")
    expect(app.locator(".block").nth(1)).to_contain_text("Points")
    summary = app.locator("summary", has_text="Edit Points")
    summary.focus()
    keys.press("Enter")
    title = title_of(app)
    title.focus()
    keys.press("ControlOrMeta+a")
    keys.type("Hi ")
    picker = app.get_by_label("Insert a value")
    picker.focus()
    picker.select_option("first_name")
    keys.type("you")
    expect(title).to_have_value('Hi {{ first_name | default: "you" }}')
    save = app.get_by_role("button", name="Save draft")
    save.focus()
    keys.press("Enter")
    expect(seat.page.get_by_text("Saved", exact=True).first).to_be_visible()
    expect(app.get_by_text("Draft by")).to_be_visible()
    expect(app.locator(".block").nth(1)).to_contain_text("Changed")


def test_words_are_marked_bold_by_a_button(seat: Seat) -> None:
    seat.open()
    app = seat.open("/app/messages/emails/welcome")
    edit(app, "Points")
    body = app.locator("textarea:visible").first
    body.fill("thank you")
    body.select_text()
    app.get_by_role("button", name="Bold", exact=True).click()
    expect(body).to_have_value("**thank you**")
    expect(app.frame_locator("#seen").locator("b", has_text="thank you")).to_be_visible()


def test_a_real_member_is_found_and_seen_on_a_phone_in_the_dark_and_as_text(seat: Seat) -> None:
    seat.open()
    seat.stage.buy("Zenaida", "Quimbaya")
    seat.stage.settle()
    app = seat.open(KIND)
    app.get_by_label("Find a member or order").fill("quimbaya")
    app.get_by_role("button", name="Search").click()
    app.get_by_role("button", name="Zenaida Quimbaya").click()
    preview = app.frame_locator("#seen")
    expect(preview.get_by_text("Thank you, Zenaida!").first).to_be_visible()
    for name in ("Phone", "Dark"):
        app.get_by_role("button", name=name, exact=True).click()
        expect(app.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")
    expect(app.locator("[data-paper].dark")).to_be_visible()
    app.get_by_role("button", name="Text only").click()
    expect(preview.locator("pre", has_text="Zenaida")).to_be_visible()


def test_a_test_goes_to_whoever_asks_and_stands_in_no_log(seat: Seat) -> None:
    seat.open()
    app = seat.open("/app/messages/emails/welcome")
    app.get_by_role("button", name="Send me a test").click()
    expect(app.get_by_text("Test email sent to you")).to_be_visible()
    [mail] = seat.stage.sandbox.box.post.list()
    assert mail.subject.startswith("[Test] Welcome to")
    assert mail.recipients == ["liza@shop.example"]
    app = seat.open("/app/messages")
    expect(app.get_by_text("Welcome to")).to_have_count(0)


def test_the_logo_is_chosen_from_the_shops_files(seat: Seat) -> None:
    seat.open()
    app = seat.open("/app/messages/brand")
    app.get_by_text("Choose from your files").click()
    app.get_by_role("button", name="logo.png").click()
    expect(app.frame_locator("#preview").locator("img").first).to_be_visible()
    assert app.get_by_label("Logo URL").input_value().endswith("/files/logo.png?v=1")


def test_no_page_about_emails_has_a_serious_fault_or_is_wider_than_the_screen(seat: Seat) -> None:
    seat.open()
    for path in ("/app/messages/emails", KIND, f"{KIND}/versions", f"{KIND}/source", "/app/messages/brand/logo"):
        app = seat.open(path)
        for details in app.locator("details").all()[:2]:
            details.evaluate("(each) => (each.open = true)")
        wide = app.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
        assert serious(app) == [], path
