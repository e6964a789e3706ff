"""A shop's colours to the digit: how well they can be read, and what the mails make of them; and who a mail is from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.errors import BadInput
from plugin.rules.brand import READABLE, Brand, blend, colour, contrast, contrasts, mail_address, palette, readable_on
from plugin.rules.words.texts import Said
from tests.reached import reach, reaches

COLOURS = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")
LOCAL = "a" * (254 - len("@example.com"))


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21), ("#ffffff", "#ffffff", 1), ("#ff0000", "#000000", 5.252),
        ("#00ff00", "#000000", 15.304), ("#0000ff", "#000000", 2.444), ("#0a0a0a", "#000000", 1.060705),
        ("#0b0b0b", "#000000", 1.066931), ("#777777", "#ffffff", 4.478089), ("#767676", "#ffffff", 4.542225),
        ("#123456", "#fedcba", 9.786559),
    ],
)  # fmt: skip
def test_contrast_is_that_of_wcag_both_ways(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=1e-5)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize(
    ("ground", "wish", "ink"),
    [
        ("#ffffff", "", "#17171a"), ("#000000", "", "#ffffff"), ("#757575", "", "#ffffff"), ("#777777", "", "#000000"),
        ("#7f7f7f", "", "#000000"), ("#808080", "", "#17171a"), ("#ffffff", "#767676", "#767676"),
        ("#ffffff", "#777777", "#17171a"), ("#777777", "#ffffff", "#000000"), ("#000000", "#111111", "#ffffff"),
    ],
)  # fmt: skip
def test_the_ink_is_the_wish_or_else_the_first_that_can_be_read(ground: str, wish: str, ink: str) -> None:
    assert readable_on(ground, wish) == ink


@pytest.mark.parametrize(
    ("one", "other", "share", "between"),
    [("#000000", "#ffffff", 0.5, "#808080"), ("#102030", "#ffffff", 0.25, "#4c5864"),
     ("#a1b2c3", "#010203", 0, "#a1b2c3"), ("#a1b2c3", "#010203", 1, "#010203"),
     ("#000000", "#0a0a0a", 0.1, "#010101")],
)  # fmt: skip
def test_a_colour_lies_its_share_of_the_way_to_another(one: str, other: str, share: float, between: str) -> None:
    assert blend(one, other, share) == between


PALETTES = {
    "the usual one": (Brand(), {
        "primary": "#7a2e1f", "on_primary": "#ffffff", "background": "#f5f1ea", "on_background": "#2b2622",
        "card": "#ffffff", "ink": "#2b2622", "quiet": "#666360", "line": "#e1e1e0", "tint": "#f4eeed",
        "accent": "#7a2e1f",
    }),
    "light text on a dark ground": (Brand(primary="#ffee00", background="#101010", text="#eeeeee"), {
        "primary": "#ffee00", "on_primary": "#17171a", "background": "#101010", "on_background": "#eeeeee",
        "card": "#17171a", "ink": "#eeeeee", "quiet": "#b2b2b3", "line": "#353538", "tint": "#2a2818",
        "accent": "#ffee00",
    }),
    "grey on grey": (Brand(primary="#888888", background="#777777", text="#767676"), {
        "primary": "#888888", "on_primary": "#17171a", "background": "#777777", "on_background": "#000000",
        "card": "#ffffff", "ink": "#767676", "quiet": "#767676", "line": "#ececec", "tint": "#ffffff",
        "accent": "#17171a",
    }),
}  # fmt: skip


@pytest.mark.parametrize(("brand", "colours"), PALETTES.values(), ids=PALETTES)
def test_the_colours_of_the_mails(brand: Brand, colours: dict[str, str]) -> None:
    assert palette(brand) == colours


def test_a_colour_is_written_small() -> None:
    assert (colour("#ABCDEF"), Brand(primary="#ABCDEF").primary) == ("#abcdef", "#abcdef")
    with pytest.raises(ValueError, match=str(Said("frame.wrong.colour"))):
        colour("abcdef")


@pytest.mark.parametrize(
    "address", ["ana@example.com", "a+b@shop.example", "o'neil@example.com", f"{LOCAL}@example.com"]
)
def test_an_address_can_be_answered_to(address: str) -> None:
    assert mail_address(address) == address


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "frame.wrong.email"), ("ana", "frame.wrong.email"), ("ana@", "frame.wrong.email"),
        ("Ana <ana@example.com>", "frame.wrong.email"), ("a@b@example.com", "frame.wrong.email"),
        ("a,b@example.com", "frame.wrong.email"), (f"a{LOCAL}@example.com", "frame.wrong.email"),
        ("ana@example..com", "frame.wrong.email_domain"), ("ana@-example.com", "frame.wrong.email_domain"),
        ("ana@.com", "frame.wrong.email_domain"),
    ],
)  # fmt: skip
def test_what_is_no_address_is_said_to_be_none(address: str, said: str) -> None:
    with pytest.raises(ValueError) as wrong:  # noqa: PT011  # the words are asked for below
        mail_address(address)
    assert str(wrong.value.args[0]) == str(Said(said))


def test_what_is_left_empty_is_left_out_but_for_the_colours() -> None:
    plain = Brand(logo_url="", logo_alt="", sender_name="", reply_to="", footer="")
    assert plain == Brand()
    with pytest.raises(BadInput) as wrong:
        Brand(primary="", background="", text="")
    assert {name: str(words) for name, words in wrong.value.fields.items()} == dict.fromkeys(
        ("primary", "background", "text"), str(Said("frame.wrong.colour"))
    )
    assert wrong.value.message == str(Said("frame.wrong.fields"))


def test_each_text_is_checked_in_its_own_way() -> None:
    brand = Brand(
        logo_url="https://x.example/a.png", logo_alt=" A\nlogo ", sender_name="s" * 300, reply_to="a@b.example",
        footer="f" * 1500,
    )  # fmt: skip
    assert (brand.logo_url, brand.logo_alt, brand.reply_to) == ("https://x.example/a.png", "A logo", "a@b.example")
    assert (len(brand.sender_name), len(brand.footer)) == (200, 1000)
    with pytest.raises(BadInput) as wrong:
        Brand(logo_url="ftp://x", reply_to="a@b..c", primary="red")
    assert {name: str(words) for name, words in wrong.value.fields.items()} == {
        "logo_url": str(Said("frame.wrong.url")),
        "reply_to": str(Said("frame.wrong.email_domain")),
        "primary": str(Said("frame.wrong.colour")),
    }


def test_fonts_and_corners_are_those_that_every_reader_has() -> None:
    assert (Brand().font, Brand().corner_px) == ("system", 18)
    assert "Arial" in Brand().font_stack
    assert Brand(font="serif", corner="0").font_stack.endswith("serif")
    with pytest.raises(BadInput) as error:
        Brand(font="Comic Sans", corner="19")
    assert sorted(error.value.fields) == ["corner", "font"]


def test_a_shop_is_followed_by_https_only_and_what_is_not_set_is_not_shown() -> None:
    brand = Brand(instagram="https://instagram.com/kape", x="https://x.com/kape")
    assert brand.social == (("instagram", "https://instagram.com/kape"), ("x", "https://x.com/kape"))
    for address in ("http://instagram.com/kape", "javascript:alert(1)", "@kape"):
        with pytest.raises(BadInput) as error:
            Brand(instagram=address)
        assert list(error.value.fields) == ["instagram"]


def test_the_contrast_of_what_is_written_is_told_and_which_colour_had_to_stand_in() -> None:
    told = {one.what: one for one in contrasts(Brand(primary="#ffe000", text="#2b2622"))}
    assert set(told) == {"text", "outside", "heading", "button"}
    assert not told["text"].instead
    assert told["heading"].instead
    assert told["heading"].ink != "#ffe000"
    assert all(one.ratio >= READABLE for one in told.values())


@reaches(instead=0.2)
@given(primary=COLOURS, background=COLOURS, text=COLOURS)
def test_whatever_the_colours_everything_can_be_read(primary: str, background: str, text: str) -> None:
    told = contrasts(Brand(primary=primary, background=background, text=text))
    if any(one.instead for one in told):
        reach("instead")
    assert all(one.ratio >= READABLE for one in told)
