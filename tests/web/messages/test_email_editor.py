"""Staff change an email by the form alone: texts, blocks, languages; and each mistake is said at its place."""

from __future__ import annotations

import json

from sqlalchemy import Engine

from plugin.messages.designs import DESIGNS, TYPE_DEFAULTS, default_of, default_text
from plugin.rules.emails.design import Override, fingerprint
from plugin.rules.emails.stored import to_stored
from plugin.rules.message_kinds import MessageKind
from plugin.store.database.db import shop_transaction
from plugin.web.admin.messages.shown_blocks import CONDITIONS
from tests.conftest import ShopRow
from tests.web.figures import plain_text
from tests.web.messages.form import KIND, PAGE, TITLE, fields_of, kept, opened, press, sent
from tests.web.session import Browser


def test_a_form_that_is_sent_as_it_came_changes_nothing(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    for language in ("en", "fil"):
        assert press(browser, opened(browser, language=language)).status_code == 303
    assert kept(engine, shop) is None


def test_a_changed_text_is_kept_for_its_language_and_knows_the_default_it_replaced(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    answer = press(browser, opened(browser, language="fil"), **{TITLE: "Kape tayo, {{ first_name }}!"})
    assert answer.status_code == 303
    design = kept(engine, shop)
    assert design is not None
    block = design.block("earned")
    assert block is not None
    default = default_text(KIND, block, "title", "fil")
    assert block.texts == {"fil": {"title": Override(text="Kape tayo, {{ first_name }}!", was=fingerprint(default))}}
    assert [one.texts for one in design.blocks if one.id != "earned"] == [{}] * (len(design.blocks) - 1)
    page = browser.page(PAGE, language="fil")
    assert plain_text(page).count("Use the default") == 1
    assert "Use the default" not in browser.page(PAGE, language="en")


def test_what_is_sent_stays_until_it_is_published_and_then_has_a_number_and_a_note(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    press(browser, opened(browser), **{TITLE: "Welcome in"})
    assert sent(engine, shop) is None
    assert press(browser, opened(browser), "publish", note="A warmer welcome").status_code == 303
    design = sent(engine, shop)
    assert design is not None
    assert kept(engine, shop) is None
    said = plain_text(browser.page(f"{PAGE}/versions"))
    assert "A warmer welcome" in said
    assert "Published by you, today" in said
    assert "Customised" in browser.page("/app/messages/emails")


def test_a_changed_text_is_put_back(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    press(browser, opened(browser), **{TITLE: "Welcome in", "t.email.subject": "Hi"})
    press(browser, opened(browser), "back:earned:title")
    design = kept(engine, shop)
    assert design is not None
    assert design.block("earned").texts == {}  # type: ignore[union-attr]
    assert set(design.texts) == {"en"}
    press(browser, opened(browser), "back:email:subject")
    assert kept(engine, shop) is None, "it follows the default again"


def test_a_default_that_changed_since_is_said(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    press(browser, opened(browser), **{TITLE: "Welcome in"})
    assert "The default has changed since" not in browser.page(PAGE)
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql(
            "UPDATE email_drafts SET content = replace(content::text, %(now)s, '000000000000')::jsonb",
            {"now": fingerprint(default_text(KIND, default_of(KIND).block("earned"), "title", "en"))},
        )
    page = browser.page(PAGE)
    assert page.count("The default has changed since") == 2  # at the block and at the text
    press(browser, fields_of(page), **{"t.email.subject": "Other"})
    assert "The default has changed since" in browser.page(PAGE), "saving something else does not take the hint away"


def test_blocks_move_hide_come_and_go_by_buttons(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    def order() -> list[str]:
        design = kept(engine, shop)
        return [block.id for block in design.blocks] if design else []

    first, second, *rest = [block.id for block in default_of(KIND).blocks]
    press(browser, opened(browser), f"down:{first}")
    assert order() == [second, first, *rest]
    press(browser, opened(browser), f"turn:{first}")
    assert "Hidden" in browser.page(PAGE)
    press(browser, opened(browser), "add", new_type="button")
    [added] = set(order()) - {first, second, *rest}
    assert order()[-2] == added
    answer = press(browser, opened(browser), f"remove:{added}")
    assert answer.status_code == 303
    assert order() == [second, first, *rest]
    press(browser, opened(browser), "undo")
    assert added in order()


def test_the_order_of_the_form_is_the_order_of_the_blocks(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    fields = opened(browser)
    press(browser, {**fields, "block": fields["block"][::-1]})
    design = kept(engine, shop)
    assert design is not None
    assert [block.id for block in design.blocks] == fields["block"][::-1]


def test_options_and_conditions_are_kept(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    press(browser, opened(browser), **{"align.earned": "end", "ground.earned": "plain", "guest.earned": "no",
                                      "first_order.earned": "yes"})  # fmt: skip
    design = kept(engine, shop)
    assert design is not None
    block = design.block("earned")
    assert block is not None
    assert (block.align, block.ground, block.when.guest, block.when.first_order, block.when.has_balance) == (
        "end",
        "plain",
        False,
        True,
        None,
    )
    assert press(browser, opened(browser)).status_code == 303
    assert kept(engine, shop) == design


def test_changed_texts_are_copied_to_chosen_languages(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    fields = opened(browser, language="en")
    press(browser, {**fields, "t.email.subject": ["Hi"], TITLE: ["Welcome in"]}, "copy", copy_to=["fil"])
    design = kept(engine, shop)
    assert design is not None
    assert design.texts["fil"]["subject"].text == "Hi"
    assert design.block("earned").texts["fil"]["title"].text == "Welcome in"  # type: ignore[union-attr]
    for targets in ([], ["xx"]):
        answer = press(browser, opened(browser), "copy", copy_to=targets)
        assert answer.status_code == 422
        assert "Select at least one language" in answer.text


def test_the_language_is_switched_and_what_was_typed_is_kept(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    answer = press(browser, opened(browser), "language", to_language="fil", **{TITLE: "Welcome in"})
    assert answer.status_code == 303
    assert "language=fil" in answer.headers["Location"]
    assert kept(engine, shop) is not None


def test_of_two_at_once_the_second_reads_who_was_first_and_nothing_typed_is_lost(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    mine, theirs = opened(browser), opened(browser)
    assert press(browser, theirs, **{TITLE: "Theirs"}).status_code == 303
    answer = press(browser, mine, **{TITLE: "Mine"})
    assert answer.status_code == 409
    assert "You changed this email today" in answer.text
    assert "Nothing of yours was saved yet" in plain_text(answer.text)
    again = fields_of(answer.text)
    assert again[TITLE] == ["Mine"]
    assert kept(engine, shop).block("earned").texts["en"]["title"].text == "Theirs"  # type: ignore[union-attr]
    assert press(browser, again).status_code == 303
    assert kept(engine, shop).block("earned").texts["en"]["title"].text == "Mine"  # type: ignore[union-attr]
    press(browser, opened(browser), "undo")
    assert kept(engine, shop).block("earned").texts["en"]["title"].text == "Theirs"  # type: ignore[union-attr]


def test_a_draft_is_discarded(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    press(browser, opened(browser), **{TITLE: "Welcome in"})
    assert press(browser, opened(browser), "discard").status_code == 303
    assert kept(engine, shop) is None


def test_every_kind_has_its_page_below_the_limit(browser: Browser) -> None:
    for kind in MessageKind:
        page = browser.page(f"/app/messages/emails/{kind}")
        assert len(page.encode()) < 100_000, kind
        assert fields_of(page)["block"] == [block.id for block in default_of(kind).blocks]


def test_another_shop_has_its_own_drafts(
    browser: Browser, other_browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    press(browser, opened(browser), **{TITLE: "Welcome in"})
    assert "Welcome in" not in other_browser.page(PAGE)


def test_a_design_is_carried_whole(browser: Browser) -> None:
    assert json.loads(opened(browser)["design"][0]) == json.loads(json.dumps(to_stored(default_of(KIND))))


def test_what_the_checker_finds_is_listed_with_its_block_and_errors_stop_publishing(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    press(browser, opened(browser), "add", new_type="button")
    [added] = {block.id for block in kept(engine, shop).blocks} - {block.id for block in default_of(KIND).blocks}  # type: ignore[union-attr]
    fields = opened(browser)
    page = browser.page(PAGE)
    assert f'data-to="block-{added}"' in page
    assert "Error:" in page
    assert "You can&#39;t publish yet" in page
    answer = press(browser, fields, "publish")
    assert answer.status_code == 422
    assert "Saved as a draft, but not published. Fix 1 problem first." in answer.text
    assert "Nothing was saved" not in plain_text(answer.text)
    assert sent(engine, shop) is None
    assert kept(engine, shop) is not None, "what was typed is kept as a draft"


def test_what_was_mended_since_the_last_check_is_published_without_saving_it_first(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    press(browser, opened(browser), "add", new_type="button")
    [added] = {block.id for block in kept(engine, shop).blocks} - {block.id for block in default_of(KIND).blocks}  # type: ignore[union-attr]
    page = browser.page(PAGE)
    [button] = [one for one in page.split("<button")[1:] if 'value="publish"' in one]
    assert "disabled" not in button.partition(">")[0]
    answer = press(browser, fields_of(page), "publish", **{f"o.{added}.link": "https://shop.example/new"})
    assert answer.status_code == 303, answer.text[:2000]
    block = sent(engine, shop).block(added)  # type: ignore[union-attr]
    assert block is not None and block.options == {"link": "https://shop.example/new"}


def test_a_block_says_whom_it_is_for_by_itself(browser: Browser) -> None:
    page = browser.page("/app/messages/emails/order_confirmation")
    heads = {part.split('"')[0]: plain_text(part.split("<details")[0]) for part in page.split('data-block="')[1:]}
    assert "Only for guests. Only if the order earns points." in heads["guest"]
    assert "Not for guests." in heads["balance"]
    assert "Only" not in heads["points"] + heads["lines"] + heads["footer"]


def test_an_image_says_why_a_preview_may_leave_it_out(browser: Browser) -> None:
    assert "The preview leaves out images" not in browser.page(PAGE)
    press(browser, opened(browser), "add", new_type="image")
    page = browser.page(PAGE)
    assert page.count("The preview leaves out images from sites other than Shopify") == page.count("data-picture") == 1


def test_every_condition_of_a_default_block_has_words_of_its_own() -> None:
    """Add it to CONDITIONS, and its words to panel/messages.po."""
    own = {each for design in DESIGNS.values() for block in design.blocks for each in block.shown or ()}
    assert own | {each for usual in TYPE_DEFAULTS.values() for each in usual.shown} == CONDITIONS.keys()
    assert len(set(CONDITIONS.values())) == len(CONDITIONS)
