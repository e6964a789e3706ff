"""How the storefront looks: what a merchant may choose, what is wrong with it, and what is stored."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plugin.errors import BadInput
from plugin.rules.brand import FONTS, Brand, contrast
from plugin.rules.look import LONGEST, Look, dressed, look_of, page_colours, page_look
from plugin.rules.words.texts import text

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
WRITTEN = (
    *((ink, ground) for ink in ("ink", "quiet", "accent") for ground in ("paper", "tint")),
    *(("on-fill", ground) for ground in ("fill", "fill-hover")),
    *(("fill", ground) for ground in ("on-fill", "on-fill-hover")),
    ("quiet-on-fill", "fill"),
)
HOSTILE = (
    "red",
    "#12345",
    "#1234567",
    "#123456;",
    "url(x)",
    "#12345g",
    "}</style><script>",
    "expression(1)",
    " #123456",
)


def test_as_it_comes_it_is_dark_at_the_end_and_says_what_the_storefront_says() -> None:
    assert look_of({}) == Look() == Look(
        accent="", position="end", launcher_text="", guest_heading="", guest_text="", guests="yes", paper="", font="",
        corner="", picture="", share="",
    )  # fmt: skip
    assert Look().on_accent == "#ffffff"
    assert Look(accent="#FFEE00") == Look(accent="#ffee00")
    assert Look(accent="#ffee00").on_accent == "#17171a"


@pytest.mark.parametrize("position", ["end", "start"])
def test_the_launcher_stands_at_either_end(position: str) -> None:
    assert Look(position=position).position == position


def wrong(**chosen: str) -> dict[str, str]:
    with pytest.raises(BadInput) as refused:
        Look(**chosen)
    assert refused.value.message == text("en", "frame.wrong.fields")
    return dict(refused.value.fields)


def test_everything_that_is_wrong_is_said_at_its_field() -> None:
    assert wrong(accent="red") == {"accent": text("en", "frame.wrong.colour")}
    assert wrong(position="left") == {"position": text("en", "frame.wrong.choice")}
    assert list(wrong(accent="#12345", position="", launcher_text="x" * 25, guest_text="x" * 201)) == [
        "accent", "position", "launcher_text", "guest_text",
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "longest"), [("launcher_text", 24), ("guest_heading", 60), ("guest_text", 200)])
def test_a_text_is_one_line_of_a_length_that_fits_its_place(name: str, longest: int) -> None:
    assert LONGEST[name] == longest
    assert getattr(Look(**{name: "x" * longest}), name) == "x" * longest
    assert getattr(Look(**{name: f"  {'x' * (longest - 2)}\ny  "}), name) == f"{'x' * (longest - 2)} y"
    for more in (1, 2, 500):
        assert wrong(**{name: "x" * (longest + more)}) == {
            name: text("en", "settings.storefront.too_long", most=longest)
        }


def test_what_is_stored_is_read_by_its_names_and_the_rest_is_passed_over() -> None:
    stored = {"accent": "#000000", "guest_heading": "Hi", "guests": "no", "of_a_later_version": "x"}
    assert look_of(stored) == Look(accent="#000000", guest_heading="Hi", guests="no")
    assert look_of({"guest_text": 5}).guest_text == "5"


@given(accent=COLOURS, paper=COLOURS, text=COLOURS)
@example(accent="#ffffff", paper="#ffffff", text="#ffffff")
@example(accent="#767676", paper="#777777", text="#787878")
@example(accent="#000000", paper="#000000", text="#000000")
def test_whatever_colours_are_chosen_everything_written_on_the_pages_can_be_read(
    accent: str, paper: str, text: str
) -> None:
    colours = page_colours(accent, paper, text)
    assert (colours["fill"], colours["paper"]) == (accent, paper)
    for ink, ground in WRITTEN:
        assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground, colours)
    for mark in ("edge", "fill-edge", "accent"):
        assert contrast(colours[mark], paper) >= 3, (mark, colours)


def test_what_was_left_empty_is_the_brands_and_what_was_chosen_goes_first() -> None:
    brand = Brand(primary="#0a7d4f", text="#222222", font="serif", corner="24")
    worn = dressed(Look(), brand)
    assert (worn.accent, worn.paper, worn.font, worn.corner) == ("#0a7d4f", "#ffffff", "serif", "24")
    worn = dressed(Look(accent="#ffee00", paper="#101010", font="theme", corner="0"), brand)
    assert (worn.accent, worn.paper, worn.font, worn.corner) == ("#ffee00", "#101010", "theme", "0")
    usual = dressed(Look(), None)
    assert (usual.accent, usual.paper, usual.font, usual.corner) == ("#1f2933", "#ffffff", "theme", "12")


def test_the_themes_own_font_is_left_alone_and_no_other_is_loaded() -> None:
    assert "font" not in page_look(Look(), None).css
    assert "--suki-font: Georgia" in page_look(Look(font="serif"), None).css
    assert "--suki-corner: 24px" in page_look(Look(corner="24"), None).css
    assert all("url" not in page_look(Look(font=name), None).css for name in FONTS)


@pytest.mark.parametrize("name", ["accent", "paper", "font", "corner", "picture", "share", "position"])
@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_but_what_can_be_chosen_comes_into_a_page(name: str, value: str) -> None:
    assert list(wrong(**{name: value})) == [name]
    stored = look_of({name: value, "guest_heading": "Hi"})
    assert stored == Look(guest_heading="Hi")
    assert page_look(stored, None).css == page_look(Look(), None).css


@pytest.mark.parametrize(
    "picture", ["http://a.example/x.png", "javascript:alert(1)", "data:image/png;base64,", "https://"]
)
def test_a_picture_is_shown_from_a_safe_address_only(picture: str) -> None:
    assert list(wrong(picture=picture)) == ["picture"]
    assert Look(picture="https://cdn.shopify.com/s/files/x.png").picture
