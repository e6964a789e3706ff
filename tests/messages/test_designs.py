"""Emails as merchants change them: texts for one language, conditions, added blocks, and what stays harmless."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from plugin.errors import BadInput
from plugin.messages.blocks.boxes import LOOKS, token
from plugin.messages.designs import (
    TYPE_DEFAULTS,
    default_of,
)
from plugin.messages.kinds import KINDS
from plugin.messages.render import FOLDER, compile_design, compiled, render
from plugin.rules.brand import Brand
from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.design import Block, Conditions, Design, Override
from plugin.rules.emails.member_facts import MemberFacts
from plugin.rules.formats import LANGUAGES
from plugin.rules.message_kinds import MessageKind
from plugin.rules.messages import RenderedMail
from plugin.rules.rewards.next_reward import NextReward
from tests.messages.test_emails import FULL, MAILS, NENA, WELCOME, Reader

FACTS = MemberFacts(
    balance=700,
    pending=20,
    tier_key="gold",
    tier="Gold",
    perks=("Free gift wrapping",),
    multiplier="1.5",
    next_tier="Platinum",
    tier_missing="₱800.00",
    reward=NextReward("Free mug", 1000, 300),
    rewards_in_reach=("Tote bag", "Free shipping"),
    ways_to_earn=("1 point for every ₱10.00",),
    rewards_url="https://nena.example/apps/suki/rewards",
    account_url="https://nena.example/account",
    invitation_url="https://nena.example/apps/suki/r/ANA",
    preferences_url="https://nena.example/preferences",
    unsubscribe_url="https://nena.example/unsubscribe",
)
KNOWN = replace(WELCOME, facts=FACTS)
ADDED = [kind for kind in BlockType if kind.shape.addable]


def changed(block_id: str, kind: MessageKind = MessageKind.WELCOME, **changes: Any) -> Design:
    """The kind's design with one block changed."""
    design = default_of(kind)
    return replace(
        design, blocks=tuple(replace(one, **changes) if one.id == block_id else one for one in design.blocks)
    )


def said(**texts: str) -> Mapping[str, Mapping[str, Override]]:
    """English texts by field; `note__pending` for a case."""
    return {"en": {name.replace("__", "."): Override(text=text) for name, text in texts.items()}}


def with_block(block: Block, kind: MessageKind = MessageKind.WELCOME) -> Design:
    """The kind's design with a block before its footer."""
    *others, footer = default_of(kind).blocks
    return Design(blocks=(*others, block, footer))


def welcome(design: Design, context: Any = KNOWN) -> tuple[RenderedMail, str]:
    """The welcome in that design, and what its page says."""
    mail = render(MessageKind.WELCOME, context, Brand(), design)
    return mail, Reader(mail.html).text


def words_of(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "context"), MAILS)
def test_the_text_part_says_what_the_page_says(kind: MessageKind, context: Any, language: str) -> None:
    mail = render(kind, replace(context, locale=language, facts=FACTS), Brand(footer="12 Mabini St"))
    shown = words_of(
        Reader(re.sub(r"<head>.*?</head>|<div style=\"display:none.*?</div>", "", mail.html, flags=re.S)).text
    )
    plain = words_of(re.sub(r"https://\S+", "", mail.text))
    assert shown - plain - words_of(mail.text) == set()
    assert plain - shown == set()


def test_a_changed_text_is_said_in_its_language_and_the_others_follow_the_catalogue() -> None:
    design = changed("how", texts=said(body="Hi **{{ first_name | default: 'you' }}**\nCome *in*!"))
    mail, page = welcome(design)
    assert "Hi <b>Maria</b><br />Come <i>in</i>!" in mail.html
    assert "Hi Maria\nCome in!" in mail.text
    assert "Earn points with every order" not in page
    filipino, _ = welcome(design, replace(KNOWN, locale="fil"))
    assert (
        "Come" not in filipino.text
        and filipino.text == render(MessageKind.WELCOME, replace(KNOWN, locale="fil"), Brand()).text
    )


def test_a_fallback_stands_where_a_name_is_blank() -> None:
    design = changed("how", texts=said(body="Hi {{ first_name | default: \"Tom & 'Jo'\" }}"))
    mail, _ = welcome(design, replace(KNOWN, first_name=""))
    assert "Hi Tom &amp; &#x27;Jo&#x27;" in mail.html and "Hi Tom & 'Jo'" in mail.text


def test_subject_and_preheader_can_be_changed_case_by_case() -> None:
    kind = MessageKind.ORDER_CONFIRMATION
    design = replace(default_of(kind), texts=said(subject__earned="You got {{ earned }}!", preheader="Soon"))
    assert render(kind, FULL, Brand(), design).subject == "You got 124 points!"
    assert ">Soon</div>" in render(kind, FULL, Brand(), design).html
    unpaid = render(kind, replace(FULL, points_earned=0, points_state="none"), Brand(), design)
    assert unpaid.subject == "Order #1042 is confirmed"


def test_one_case_of_a_text_is_changed_and_the_others_stay() -> None:
    kind = MessageKind.ORDER_CONFIRMATION
    design = changed("points", kind, texts=said(below__pending="Yours from {{ usable_on }}"))
    assert "Yours from December 6, 2026" in render(kind, FULL, Brand(), design).text
    later = render(kind, replace(FULL, points_usable_on=None), Brand(), design)
    assert "Ready to use after the return period." in later.text


def test_an_empty_text_says_nothing_and_leaves_no_gap() -> None:
    mail, page = welcome(changed("how", texts=said(button="")))
    assert "Start shopping" not in page + mail.text
    mail, _ = welcome(changed("earned", texts=said(title="")))
    assert "Welcome, Maria" not in mail.html.split("<body")[1].split("</style>")[-1].replace(mail.subject, "")
    assert mail.html.count("<h1") == 1


def test_a_hidden_block_is_not_there() -> None:
    mail, page = welcome(changed("balance", hidden=True))
    assert "Your balance" not in page + mail.text


@pytest.mark.parametrize(
    ("when", "facts", "shown"),
    [
        (Conditions(tiers=frozenset({"gold", "silver"})), FACTS, True),
        (Conditions(tiers=frozenset({"silver"})), FACTS, False),
        (Conditions(guest=True), FACTS, False),
        (Conditions(guest=False), FACTS, True),
        (Conditions(first_order=True), replace(FACTS, first_order=True), True),
        (Conditions(first_order=True), FACTS, False),
        (Conditions(has_balance=True), FACTS, True),
        (Conditions(has_balance=False), FACTS, False),
        (Conditions(tiers=frozenset({"gold"}), guest=True), FACTS, False),
    ],
)
def test_a_block_is_shown_to_those_it_is_for(when: Conditions, facts: MemberFacts, shown: bool) -> None:
    design = with_block(Block(id="b12345678", type=BlockType.TEXT, when=when, texts=said(body="Only for you")))
    mail, page = welcome(design, replace(WELCOME, facts=facts))
    assert ("Only for you" in page, "Only for you" in mail.text) == (shown, shown)


@pytest.mark.parametrize("kind", MessageKind)
@pytest.mark.parametrize("ground", ["", "card", "primary", "plain"])
def test_every_block_can_be_added_to_every_kind(kind: MessageKind, ground: Any) -> None:
    added = tuple(
        Block(
            id=f"b{place:08}",
            type=each,
            ground=ground,
            align="end" if ground else "",
            texts={"en": {one.name: Override(text=f"{each} {one.name}") for one in each.shape.fields if one.usual}},
            options={
                one.name: one.choices[-1] if one.kind == "choice" else "https://nena.example/a.png"
                for one in each.shape.options
            },
        )
        for place, each in enumerate(ADDED)
    )
    *others, footer = default_of(kind).blocks
    sample = replace(KINDS[kind].samples(NENA)[0], facts=FACTS)
    mail = render(kind, sample, Brand(), Design(blocks=(*others, *added, footer)))
    page = Reader(mail.html)
    assert page.open == [] and mail.html.count("<h1") == 1
    assert not any(token(name) in mail.html for name in LOOKS)
    for each in (
        BlockType.TEXT,
        BlockType.TIER,
        BlockType.REWARDS_IN_REACH,
        BlockType.WAYS_TO_EARN,
        BlockType.INVITATION,
    ):
        assert f"{each} title" in page.text and f"{each} title" in mail.text
    assert "1 point for every ₱10.00" in page.text and "1 point for every ₱10.00" in mail.text
    assert 'alt="image alt"' in mail.html and "image alt" in mail.text
    for slot in (BlockType.PRODUCTS, BlockType.SURVEY):
        assert f"{slot} title" not in page.text + mail.text


@pytest.mark.parametrize("kind", [each for each in ADDED if each.shape.fields and not each.shape.slot])
def test_an_added_block_without_texts_says_what_its_type_says_or_nothing(kind: BlockType) -> None:
    mail, page = welcome(with_block(Block(id="b12345678", type=kind)))
    assert Reader(mail.html).open == []
    title = TYPE_DEFAULTS[kind].texts.get("title")
    if title is not None and kind not in (BlockType.CODE, BlockType.NEXT_REWARD):
        assert page != welcome(default_of(MessageKind.WELCOME))[1]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "{\\{ 7 | times: 7 }\\}", "{**{** shop_url }}", "&lt;b&gt; & \" '", "{ % raw % }",
        "[[ brand ]] [% if x %]", "{{ first_name }}{", "\\{% assign x = 1 %\\}",
    ],
)  # fmt: skip
def test_what_a_merchant_writes_never_becomes_liquid_or_html(text: str) -> None:
    try:
        mail, page = welcome(changed("how", texts=said(body=text, button=text)))
    except BadInput as refused:
        assert refused.fields
        return
    assert "<script" not in mail.html and "49" not in page
    assert Reader(mail.html).open == []


def test_a_broken_text_is_named_by_its_block() -> None:
    with pytest.raises(BadInput) as wrong:
        welcome(changed("how", texts=said(body="{% for %}")))
    assert list(wrong.value.fields) == ["blocks.1.texts.en.body"]


def test_a_link_leads_to_no_value_that_is_not_an_address() -> None:
    for text in ("[x]({{ first_name }})", "**[x]({{ shop_name }})**"):
        with pytest.raises(BadInput) as wrong:
            welcome(changed("how", texts=said(body=text)))
        assert list(wrong.value.fields) == ["blocks.1.texts.en.body"]
    with pytest.raises(BadInput) as wrong:
        welcome(changed("how", options={"link": "{{ first_name }}"}))
    assert list(wrong.value.fields) == ["blocks.1.options.link"]


def test_links_of_a_text_lead_where_they_say() -> None:
    design = changed("how", texts=said(body="See [rewards]({{ rewards_url }}) or [us](https://a.example/?a=1&b=2)"))
    mail, _ = welcome(design)
    assert 'href="https://nena.example/apps/suki/rewards"' in mail.html
    assert 'href="https://a.example/?a=1&amp;b=2"' in mail.html
    assert "See rewards (https://nena.example/apps/suki/rewards) or us (https://a.example/?a=1&b=2)" in mail.text


def test_a_button_leads_where_its_link_says_and_is_not_there_without_one() -> None:
    design = with_block(
        Block(id="b12345678", type=BlockType.BUTTON, texts=said(button="Go"), options={"link": "https://a.example/x"})
    )
    mail, _ = welcome(design)
    assert 'href="https://a.example/x"' in mail.html and "Go: https://a.example/x" in mail.text


def test_the_footer_says_how_to_get_no_more_of_it() -> None:
    mail, page = welcome(default_of(MessageKind.WELCOME))
    for words in ("Email preferences", "Unsubscribe"):
        assert words in page and words in mail.text
    assert 'href="https://nena.example/unsubscribe"' in mail.html
    quiet, _ = welcome(default_of(MessageKind.WELCOME), WELCOME)
    assert "Unsubscribe" not in quiet.text + quiet.html


def test_an_email_that_is_read_from_the_right_is_laid_out_from_the_right() -> None:
    design = default_of(MessageKind.ORDER_CONFIRMATION)
    html = compile_design(MessageKind.ORDER_CONFIRMATION, design, "ar").render(FULL, Brand()).html
    lines = html[html.index('class="row"') :]
    assert '<html lang="en" dir="rtl"' in html
    assert "direction:ltr" not in lines.split("<!--[if mso")[0]
    assert lines.index('<td align="right"') < lines.index('<td align="left"')


def test_dark_mode_and_direction_stay() -> None:
    mail, _ = welcome(default_of(MessageKind.WELCOME))
    assert "prefers-color-scheme: dark" in mail.html
    assert re.search(r'<html lang="en" dir="ltr"', mail.html)


def test_a_design_is_compiled_once_a_language() -> None:
    design = changed("how", texts=said(body="Once"))
    again = changed("how", texts=said(body="Once"))
    assert compiled(MessageKind.WELCOME, design, "en") is compiled(MessageKind.WELCOME, again, "en")


def test_every_type_of_block_has_a_folder_of_the_same_shape() -> None:
    folders = {each.name for each in (FOLDER / "blocks").iterdir() if each.is_dir() and each.name != "__pycache__"}
    assert folders == {kind.value for kind in BlockType}
    for folder in folders:
        files = {each.name for each in (FOLDER / "blocks" / folder).iterdir()} - {"__pycache__"}
        assert files == {"__init__.py", "block.py", "block.mjml", "block.txt"}
