"""What can be refused, what one click ends, and what a member's page shows of it; marks of clicks and opens."""

from __future__ import annotations

import pytest

from plugin.rules.message_kinds import MessageKind
from plugin.rules.reach import PROMOTIONAL
from plugin.rules.sending import counting, wishes
from plugin.rules.sending.signed_links import EmailLinks

LINKS = EmailLinks("https://loyalty.example.com", b"k" * 32)
WELCOME, GIFT, ORDER, STEP = (
    MessageKind.WELCOME,
    MessageKind.REWARD_GIVEN,
    MessageKind.ORDER_CONFIRMATION,
    MessageKind.SECOND_STEP,
)


def test_a_click_ends_the_kind_and_with_it_everything_promotional_where_it_is() -> None:
    assert wishes.refused_by_a_click(WELCOME) == (WELCOME,)
    assert wishes.refused_by_a_click(GIFT) == (GIFT, PROMOTIONAL)
    assert wishes.refused_by_a_click(ORDER) == wishes.refused_by_a_click(STEP) == ()


def test_the_page_offers_each_kind_that_can_be_refused_once() -> None:
    assert sorted([*wishes.OPTIONAL, *wishes.OFFERS]) == sorted(wishes.REFUSABLE)
    assert ORDER not in wishes.REFUSABLE and STEP not in wishes.REFUSABLE


@pytest.mark.parametrize(
    ("refused", "no_emails", "wanted"),
    [((), False, True), (("welcome",), False, False), ((), True, False), (("tier_reached", PROMOTIONAL), False, True)],
)
def test_a_kind_is_wanted_unless_it_or_all_of_them_are_refused(
    refused: tuple[str, ...], no_emails: bool, wanted: bool
) -> None:
    assert wishes.wanted(WELCOME, refused, no_emails=no_emails) is wanted


def test_what_is_always_sent_is_shown_as_wanted_by_who_wants_no_emails() -> None:
    assert wishes.wanted(ORDER, (), no_emails=True) is True


def test_marks_of_clicks_and_opens_name_their_own_message_and_none_passes_for_the_other() -> None:
    opened = counting.open_url(LINKS, 12, 345).rpartition("/")[2].removesuffix(".gif")
    assert counting.read_open(LINKS, opened) == (12, 345)
    assert counting.read_open(LINKS, opened.replace("345", "346")) is None
    assert counting.read_open(LINKS, LINKS.ref(12, 345)) is None
    target = "https://shop.example/a?b=1"
    named, packed = counting.click_url(LINKS, 12, 345, target).split("/")[-2:]
    assert counting.read_click(LINKS, named, packed) == (12, 345, target)
    assert counting.read_click(LINKS, opened, packed) is None
    assert counting.read_click(LINKS, named.replace("12.", "13."), packed) is None
