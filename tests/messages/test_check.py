"""The checker: each thing that can be wrong with an email, named by its block; and nothing where all is well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from plugin.messages.apart import Apart
from plugin.messages.check import check
from plugin.messages.designs import block_fields, default_of, options_of
from plugin.messages.source import source_of
from plugin.rules.brand import Brand
from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.design import Block, Conditions, Content, Design, Override, Source, fingerprint
from plugin.rules.emails.findings import SEVERITIES, errors
from plugin.rules.message_kinds import MessageKind
from plugin.rules.words.catalogues import knows
from tests.messages.test_designs import changed, said, with_block
from tests.messages.test_emails import KAPE, NENA

ADDED = "b12345678"
LANGUAGES = ("en", "fil")


@pytest.fixture(scope="module")
def room() -> Iterator[Apart]:
    own = Apart()
    yield own
    own.close()


def found(
    room: Apart, content: Content, kind: MessageKind = MessageKind.WELCOME, brand: Brand | None = None
) -> set[Any]:
    """What is wrong, as (code, block, field, language)."""
    findings = check(kind, content, brand or Brand(), LANGUAGES, NENA, room)
    assert all(str(one.said) for one in findings)
    return {(one.code, one.block, one.field, one.language) for one in findings}


def added(**parts: Any) -> Design:
    return with_block(Block(id=ADDED, **{"type": BlockType.TEXT, **parts}))


@pytest.mark.parametrize("kind", MessageKind)
def test_nothing_is_wrong_with_any_default(room: Apart, kind: MessageKind) -> None:
    assert check(kind, default_of(kind), Brand(), LANGUAGES, KAPE, room) == []
    assert check(kind, source_of(kind, default_of(kind)), Brand(), LANGUAGES, KAPE, room) == []


BOTH = {"en": {"body": Override(text="x")}, "fil": {"body": Override(text="x")}}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (changed("how", texts=said(body="{{ nobody }}")), {("unknown_variable", "how", "body", "en")}),
        (changed("how", texts=said(body="{{ order_name }}")), {("unknown_variable", "how", "body", "en")}),
        (changed("how", texts=said(body="Hi {{ first_name }}")), {("blank_variable", "how", "body", "en")}),
        (changed("how", texts=said(body="Hi {{ first_name | default: 'you' }}")), set()),
        (changed("how", texts=said(body="[x]({{ shop_name }})")), {("not_an_address", "how", "body", "en")}),
        (changed("how", texts=said(body="{% for %}")), {("broken", "how", "body", "en")}),
        (changed("how", options={"link": "javascript:alert(1)"}), None),
        (changed("how", options={"link": "{{ first_name }}"}), {("not_an_address", "how", "link", "")}),
        (added(texts=said(body="x")), {("missing_text", ADDED, "title", "fil")}),
        (added(texts=BOTH), set()),
        (added(texts=BOTH, when=Conditions(tiers=frozenset({"gold"}))), {("unknown_tier", ADDED, "", "")}),
        (added(type=BlockType.IMAGE), {("no_image", ADDED, "image", ""), ("no_alt", ADDED, "alt", "en"),
                                       ("no_alt", ADDED, "alt", "fil")}),
        (added(type=BlockType.BUTTON, options={"link": ""}), {("no_link", ADDED, "link", "")}),
        (added(type=BlockType.BUTTON), {("no_link", ADDED, "link", "")}),
        (added(type=BlockType.PRODUCTS), {("empty_slot", ADDED, "", "")}),
        (added(hidden=True, type=BlockType.IMAGE), set()),
        (replace(default_of(MessageKind.WELCOME), texts=said(subject="  ")), {("no_subject", "", "subject", "en")}),
        (replace(default_of(MessageKind.WELCOME), texts=said(subject="{{ nobody }}")),
         {("unknown_variable", "", "subject", "en")}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_block(room: Apart, content: Design, expected: set[Any] | None) -> None:
    codes = found(room, content)
    if expected is None:
        assert "not_https" in {code for code, *_ in codes}
    else:
        assert codes == expected, "each mistake is said once"


WITH_BUTTON = [each for each in BlockType if each.field("button") and each.option("link")]


@pytest.mark.parametrize("block", WITH_BUTTON)
def test_a_button_with_words_that_leads_nowhere_is_an_error_of_its_block(room: Apart, block: BlockType) -> None:
    wrong = ("no_link", ADDED, "link", "")
    words = {each: {"button": Override(text="Go")} for each in LANGUAGES}
    assert wrong in found(room, added(type=block, texts=words, options={"link": ""}))
    assert wrong in found(room, added(type=block, texts={"fil": words["fil"]}, options={"link": ""}))
    leads = found(room, added(type=block, texts=words))
    assert (wrong in leads) == (block is BlockType.BUTTON), "every other leads where its type does"
    silent = {each: {"title": Override(text="Hi"), "button": Override(text=" ")} for each in LANGUAGES}
    without = found(room, added(type=block, texts=silent, options={"link": ""}))
    assert (wrong in without) == (block is BlockType.BUTTON), "this is nothing but a button"


def test_the_link_of_a_default_button_that_was_taken_away_is_missed(room: Apart) -> None:
    kind = MessageKind.ORDER_CONFIRMATION
    design = default_of(kind)
    (guest,) = (one for one in design.blocks if options_of(kind, one).get("link") == "{{ account_url }}")
    bare = replace(guest, options={"link": ""})
    changed = replace(design, blocks=tuple(bare if one is guest else one for one in design.blocks))
    assert found(room, changed, kind) == {("no_link", guest.id, "link", "")}
    assert errors(check(kind, changed, Brand(), LANGUAGES, NENA, room))


def test_an_override_of_a_text_that_has_changed_since_is_named(room: Apart) -> None:
    block = default_of(MessageKind.WELCOME).block("how")
    assert block is not None
    (body,) = (one for one in block_fields(MessageKind.WELCOME, block) if one.name == "body")
    now = fingerprint(body.default("en"))
    for was, expected in ((now, set()), ("0" * 12, {("default_changed", "how", "body", "en")})):
        texts = {"en": {"body": Override(text="Mine", was=was)}}
        assert found(room, changed("how", texts=texts)) == expected


def test_an_email_that_mail_programs_cut_off_is_named(room: Apart) -> None:
    long = {"en": {"body": Override(text="x" * 4_900)}, "fil": {"body": Override(text="x")}}
    *others, footer = default_of(MessageKind.WELCOME).blocks
    blocks = [Block(id=f"b{n:08}", type=BlockType.TEXT, texts=long) for n in range(25)]
    assert found(room, Design(blocks=(*others, *blocks, footer))) == {("too_big", "", "", "en")}


def test_colours_that_nobody_can_read_are_named(room: Apart) -> None:
    pale = Brand(text="#f0f0f0", background="#ffffff")
    assert found(room, default_of(MessageKind.WELCOME), brand=pale) == {("contrast", "", "", "")}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"mjml": "<mjml><mj-body><mj-include path='x'/></mj-body></mjml>"}, {("broken", "", "mjml", "")}),
        ({"text": "{{ nobody }}"}, {("broken", "", "text", "")}),
        ({"text": "{% for a in (1..99999999) %}x{% endfor %}"}, {("broken", "", "text", "")}),
        ({"subject": ""}, {("no_subject", "", "subject", ""), ("no_subject", "", "subject", "en"),
                           ("no_subject", "", "subject", "fil")}),
        ({"mjml": '<mjml><mj-body><mj-section><mj-column><mj-image src="https://a.example/a.png" />'
                  "</mj-column></mj-section></mj-body></mjml>"}, {("no_alt", "", "mjml", "")}),
        ({"mjml": '<mjml><mj-body><mj-section><mj-column><mj-text><b style="color:#777777;background:#888888">x</b>'
                  "</mj-text></mj-column></mj-section></mj-body></mjml>"}, {("contrast", "", "mjml", "")}),
        ({"mjml": '<mjml><mj-body><mj-section><mj-column><mj-button href="http://a.example/">x</mj-button>'
                  "</mj-column></mj-section></mj-body></mjml>"},
         {("not_https", "", "mjml", ""), ("broken", "", "mjml", "")}),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_source_is_named_by_its_part(
    room: Apart, parts: dict[str, str], expected: set[Any]
) -> None:
    plain = Source(subject="s", preheader="p", mjml="<mjml><mj-body></mj-body></mjml>", text="t")
    assert found(room, replace(plain, **parts)) == expected


def test_a_promotional_source_without_an_unsubscribe_link_cannot_be_published(room: Apart) -> None:
    kind = MessageKind.REWARD_GIVEN
    whole = source_of(kind, default_of(kind))
    without = replace(whole, mjml=whole.mjml.replace("unsubscribe_url", "shop_url"))
    assert found(room, without, kind) == {("no_unsubscribe", "", "mjml", "")}
    assert errors(check(kind, without, Brand(), LANGUAGES, NENA, room))


TABLE = "<mjml><mj-body><mj-section><mj-column><mj-text>{}</mj-text></mj-column></mj-section></mj-body></mjml>"
LINK = '<a href="{{ unsubscribe_url }}">Unsubscribe</a>'
UNSEEN = {
    "a comment": "<!-- unsubscribe_url -->Hi",
    "never": "Hi{% if false %}" + LINK + "{% endif %}",
    "for some only": "{% if reward.value == 'nobody' %}" + LINK + "{% endif %}Hi",
    "without words": '<a href="{{ unsubscribe_url }}"></a>Hi',
    "with a space for words": '<a href="{{ unsubscribe_url }}">&nbsp;&#8203;</a>Hi',
    "in letters of no size": '<span style="font-size:0">' + LINK + "</span>Hi",
    "not displayed": '<div style="display: none !important">' + LINK + "</div>Hi",
    "in the colour of its ground": '<a href="{{ unsubscribe_url }}" style="color:#fff">Unsubscribe</a>Hi',
    "only as words": "{{ unsubscribe_url }}",
}


@pytest.mark.parametrize("body", UNSEEN.values(), ids=UNSEEN)
def test_a_link_to_unsubscribe_that_no_reader_sees_is_none(room: Apart, body: str) -> None:
    kind = MessageKind.REWARD_GIVEN
    text = "{% comment %}unsubscribe_url{% endcomment %}{% if false %}{{ unsubscribe_url }}{% endif %}Hi"
    source = Source(subject="s", preheader="p", mjml=TABLE.format(body), text=text)
    assert found(room, source, kind) == {("no_unsubscribe", "", "mjml", ""), ("no_unsubscribe", "", "text", "")}
    plain = replace(source, mjml=TABLE.format(LINK), text="Unsubscribe: {{ unsubscribe_url }}.")
    assert found(room, plain, kind) == set()


def test_every_finding_has_words() -> None:
    assert all(knows(f"emails.finding.{code}") for code in SEVERITIES)
