"""How the storefront looks: what a merchant may choose, what is wrong with it, and what is stored."""

from __future__ import annotations

import pytest

from plugin.errors import BadInput
from plugin.rules.look import LONGEST, Look, look_of
from plugin.rules.words.texts import text


def test_as_it_comes_it_is_dark_at_the_end_and_says_what_the_storefront_says() -> None:
    assert look_of({}) == Look() == Look(
        accent="#1f2933", position="end", launcher_text="", guest_heading="", guest_text="", guests="yes"
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
