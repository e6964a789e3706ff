"""Every email leads to what its reader can have for points."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plugin.messages.about_members import with_facts
from plugin.messages.kinds import KINDS
from plugin.messages.render import render
from plugin.rules.brand import Brand
from plugin.rules.message_kinds import MessageKind
from tests.messages.test_designs import FACTS
from tests.messages.test_emails import FULL, NENA


@pytest.mark.parametrize("kind", list(MessageKind))
def test_every_email_leads_to_the_reader_s_rewards(kind: MessageKind) -> None:
    for told in KINDS[kind].samples(NENA):
        mail = render(kind, with_facts(told, FACTS), Brand())
        assert FACTS.rewards_url in mail.html and FACTS.rewards_url in mail.text


def test_an_email_with_a_button_to_the_rewards_says_so_once() -> None:
    (told, *_) = KINDS[MessageKind.THANK_YOU].samples(NENA)
    mail = render(MessageKind.THANK_YOU, with_facts(told, FACTS), Brand())
    assert mail.text.count(FACTS.rewards_url) == 1


def test_a_confirmation_names_the_rewards_that_can_be_redeemed_now_but_not_to_guests() -> None:
    told = replace(FULL, facts=FACTS, is_guest=False)
    assert (
        "You can redeem these now\nTote bag and Free shipping"
        in render(MessageKind.ORDER_CONFIRMATION, told, Brand()).text
    )
    assert "Tote bag" not in render(MessageKind.ORDER_CONFIRMATION, replace(told, is_guest=True), Brand()).text
