"""The programme's page: what is saved, what is refused, and where it says so."""

from __future__ import annotations

import html as entities
import re
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.programme.save_programme import checked
from plugin.errors import BadInput
from plugin.rules.programme import Basis, Earning, Goal, NextOrderCode, Programme
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.store.work import activity_pages
from plugin.web.forms import rules
from plugin.web.forms.rules import PARTS, SWITCHES, form_of
from tests.conftest import ShopRow
from tests.web.session import STAFF, Browser

RICH = Programme(
    points_name="beans",
    earning=Earning(points=3, per_amount=Decimal("2.50"), rounding="half_up", award_on="created", pending_days=14),
    basis=Basis(
        tax=True,
        guests=False,
        minimum_order=Decimal("19.99"),
        excluded_products=frozenset({11, 12}),
        excluded_collections=frozenset({21}),
        excluded_tags=frozenset({"sale", "no points"}),
    ),
    welcome_points=50,
    below_zero="clamp",
    next_order_code=NextOrderCode(kind="amount", value=Decimal("5"), prefix="BEAN", valid_days=30),
    goals=(Goal(name="Free mug", points=500),),
    confirmation="shopify",
)


def versions(engine: Engine, shop: ShopRow) -> list[Version]:
    with shop_transaction(engine, shop.id) as conn:
        return programmes.versions(conn, shop.id)


def programme_from(fields: dict[str, str], currency: str) -> Programme:
    """The programme that a form describes."""
    draft = rules.read(fields)
    return checked(draft.values, currency, draft.wrong)


def form(programme: Programme = RICH, **more: Any) -> dict[str, Any]:
    """A filled form as the browser sends it: unticked boxes are absent."""
    return {**form_of(programme), "based_on": "1", "note": "Spring", **more}


def shown_fields(page: str) -> dict[str, str]:
    """The values that a page's form would send back."""
    fields = {}
    for tag in re.findall(
        r"<(?:s-(?:text|number|email|url|color|date)-field|s-text-area|s-select|input)\b[^>]*>", page
    ):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value:
            fields[name[1]] = entities.unescape(value[1])
    for name in re.findall(r'<s-checkbox name="([^"]*)"[^>]*\bchecked\b', page):
        fields[name] = "yes"
    return fields


@pytest.mark.parametrize("programme", [Programme(), RICH])
def test_a_form_and_its_programme_say_the_same(programme: Programme) -> None:
    assert programme_from(form_of(programme), "USD") == programme


def test_saving_makes_the_next_version_with_note_and_author(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    answer = browser.post("/app/programme", **form())
    assert answer.status_code == 303
    newest = versions(engine, shop)[-1]
    assert (newest.number, newest.programme, newest.note) == (2, RICH, "Spring")
    assert newest.author == f"staff:{STAFF}"
    assert 'data-toast="Saved"' in browser.get(answer.headers["Location"]).text
    with shop_transaction(engine, shop.id) as conn:
        [act] = activity_pages.staff_acts(conn, shop.id, None)
    assert (act.action, act.subject, act.actor) == ("save_programme", "version 2", f"staff:{STAFF}")


def test_the_page_shows_what_was_saved_and_saving_it_again_changes_nothing(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    browser.post("/app/programme", **form())
    fields = {}
    for path in ("rules", "earning", "next-order"):
        fields |= shown_fields(browser.page(f"/app/programme/{path}"))
    fields.pop("part")
    assert {name: fields.get(name, "") for name in form_of(RICH)} == form_of(RICH)
    assert {name for name in SWITCHES if fields.get(name)} == {name for name in SWITCHES if form_of(RICH).get(name)}
    answer = browser.post("/app/programme", **fields)
    assert "done=unchanged" in answer.headers["Location"]
    assert len(versions(engine, shop)) == 2


@pytest.mark.parametrize("part", PARTS)
def test_a_page_saves_its_own_fields_and_leaves_the_others_as_they_are(
    browser: Browser, engine: Engine, shop: ShopRow, part: str
) -> None:
    browser.post("/app/programme", **form())
    paths = {"rules": "rules", "earning": "earning", "code": "next-order"}
    page = shown_fields(browser.page(f"/app/programme/{paths[part]}"))
    change = {"rules": {"points_name": "stars"}, "earning": {"welcome_points": "11"}, "code": {}}[part]
    change |= {"next_order_code.enabled": ""} if part == "code" else {}
    answer = browser.post("/app/programme", **page | change)
    assert answer.headers["Location"].split("?")[0].endswith(f"/app/programme/{paths[part]}")
    before, after = (each.programme for each in versions(engine, shop)[-2:])
    assert [name for name in Programme.model_fields if getattr(before, name) != getattr(after, name)] == {
        "rules": ["points_name"], "earning": ["welcome_points"], "code": ["next_order_code"],
    }[part]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("earning.points", "", "Enter a value."),
        ("earning.points", "1.5", "Enter a whole number."),
        ("earning.points", "-1", "Enter 0 or more."),
        ("earning.per_amount", "0", "Enter a number greater than 0."),
        ("earning.per_amount", "free", "Enter a number."),
        ("earning.per_amount", "1.001", "Use up to 2 decimals for amounts in USD."),
        ("earning.pending_days", "366", "Enter 365 or less."),
        ("earning.rounding", "sideways", "Select one of the options."),
        ("points_name", " ", "Enter a value."),
        ("basis.minimum_order", "NaN", "Enter a number."),
        ("basis.minimum_order", "1e400", "Enter a number with fewer digits."),
        ("basis.excluded_products", "11 abc", "“abc” is not a product ID"),
        ("basis.excluded_tags", "x" * 256, "Use up to 255 characters."),
        ("next_order_code.value", "-5", "Enter a number greater than 0."),
        ("next_order_code.prefix", "A B", "Use up to 12 capital letters and digits."),
        ("goals.0.points", "", "Enter a value."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    browser: Browser, engine: Engine, shop: ShopRow, field: str, value: str, words: str
) -> None:
    answer = browser.post("/app/programme", **form(**{field: value}))
    assert answer.status_code == 422
    tag = re.search(rf'<s-[a-z-]+ name="{re.escape(field)}"[^>]*>', answer.text)
    assert tag is not None
    assert words in entities.unescape(tag[0])
    assert len(versions(engine, shop)) == 1


def test_a_percentage_above_a_hundred_is_refused_at_the_value(browser: Browser) -> None:
    answer = browser.post(
        "/app/programme", **form(**{"next_order_code.kind": "percent", "next_order_code.value": "101"})
    )
    assert answer.status_code == 422
    tag = re.search(r'<s-number-field name="next_order_code.value"[^>]*>', answer.text)
    assert tag is not None
    assert "Enter a percentage up to 100." in tag[0]


def test_what_was_typed_is_still_there_after_a_mistake(browser: Browser) -> None:
    answer = browser.post("/app/programme", **form(part="earning", welcome_points="many", **{"earning.points": "7"}))
    fields = shown_fields(answer.text)
    assert (fields["welcome_points"], fields["earning.points"], answer.status_code) == ("many", "7", 422)


def test_ids_are_taken_as_people_paste_them() -> None:
    pasted = "11, gid://shopify/Product/12\nhttps://admin.shopify.com/store/demo/products/13"
    assert programme_from(form(**{"basis.excluded_products": pasted}), "USD").basis.excluded_products == {11, 12, 13}


@pytest.mark.parametrize(("currency", "fine"), [("JPY", "1"), ("USD", "0.01"), ("KWD", "0.001")])
def test_amounts_are_as_fine_as_the_currency(currency: str, fine: str) -> None:
    assert programme_from(form(**{"earning.per_amount": fine, "basis.minimum_order": "1"}), currency)
    with pytest.raises(BadInput) as refused:
        finer = fine + ("5" if "." in fine else ".5")
        programme_from(form(**{"earning.per_amount": finer, "basis.minimum_order": "1"}), currency)
    assert list(refused.value.fields) == ["earning.per_amount"]


@pytest.mark.parametrize("based_on", ["", "x", "0", "99", "1" * 40])
def test_a_form_without_a_version_saves_nothing(browser: Browser, engine: Engine, shop: ShopRow, based_on: str) -> None:
    assert browser.post("/app/programme", **form(based_on=based_on)).status_code == 409
    assert len(versions(engine, shop)) == 1


def test_the_list_of_versions_says_what_changed(browser: Browser) -> None:
    browser.post("/app/programme", **form(Programme(welcome_points=25)))
    page = browser.page("/app/programme/versions")
    assert "Welcome points: 0 → 25" in page
    assert "Spring" in page
    assert "Saved by you." in page
