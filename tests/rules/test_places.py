"""Where extensions stand: the list is what the extensions are, and what a browser tells is read with care."""

from __future__ import annotations

import tomllib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.rules.places import BY_KEY, PLACES, Place, State, Where, add_link, read_states
from plugin.rules.setup_guide import STEPS, Known, goes_on, steps
from tests.reached import reach, reaches

EXTENSIONS = Path(__file__).resolve().parents[2] / "extensions"
OPENED_FROM_OTHERS = {
    "pos.home.modal.render",
    "pos.customer-details.action.render",
    "admin.customer-details.action.render",
    "admin.customer-details.action.link",
    "admin.order-details.action.render",
    "admin.customers.segmentation-templates.data",
}
"""Targets that nobody adds: another place opens them, or Shopify lists them."""


def targets_in_the_tree() -> set[tuple[str, str]]:
    """Each extension's name with each place that it has, as its own files say."""
    found = set()
    for toml in EXTENSIONS.glob("*/shopify.extension.toml"):
        for extension in tomllib.loads(toml.read_text(encoding="utf-8")).get("extensions", []):
            found |= {(extension["handle"], each["target"]) for each in extension.get("targeting", [])}
    return found | {("theme-loyalty", block.stem) for block in EXTENSIONS.glob("theme-loyalty/blocks/*.liquid")}


def test_the_places_are_all_that_the_extensions_have_and_nothing_else() -> None:
    there = {(name, target) for name, target in targets_in_the_tree() if target not in OPENED_FROM_OTHERS}
    assert {(place.extension, place.target) for place in PLACES} == there


def test_an_embed_is_switched_on_and_a_block_is_added() -> None:
    embed, block = BY_KEY["launcher"], BY_KEY["rewards_page"]
    switched = urlsplit(add_link(embed, "a.myshopify.com", "key"))
    assert (switched.netloc, switched.path) == ("a.myshopify.com", "/admin/themes/current/editor")
    assert parse_qs(switched.query) == {"context": ["apps"], "template": ["index"], "activateAppId": ["key/launcher"]}
    added = parse_qs(urlsplit(add_link(block, "a.myshopify.com", "key")).query)
    assert added == {"template": ["page"], "addAppBlockId": ["key/rewards_page"], "target": ["newAppsSection"]}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.key)
def test_every_place_but_the_till_has_a_link_into_this_shops_admin(place: Place) -> None:
    address = add_link(place, "a.myshopify.com", "key")
    assert address.startswith("https://a.myshopify.com/admin/") or (place.where is Where.TILL and not address)


SHOP = "https://a.myshopify.com/admin"
THEME, EDITOR = f"{SHOP}/themes/current/editor", f"{SHOP}/settings/checkout/editor"
LINKS = {
    "launcher": f"{THEME}?context=apps&template=index&activateAppId=key%2Flauncher",
    "rewards_page": f"{THEME}?template=page&addAppBlockId=key%2Frewards_page&target=newAppsSection",
    "product_points": f"{THEME}?template=product&addAppBlockId=key%2Fproduct_points&target=newAppsSection",
    "cart_points": f"{THEME}?template=cart&addAppBlockId=key%2Fcart_points&target=newAppsSection",
    "account_teaser": f"{THEME}?template=index&addAppBlockId=key%2Faccount_teaser&target=newAppsSection",
    "referral_banner": f"{THEME}?template=index&addAppBlockId=key%2Freferral_banner&target=newAppsSection",
    "checkout": f"{EDITOR}?page=checkout&context=apps&app=key",
    "thank_you": f"{EDITOR}?page=thank-you&context=apps&app=key",
    "account_page": f"{EDITOR}?page=orders&context=apps&app=key",
    "profile": f"{EDITOR}?page=profile&context=apps&app=key",
    "order_status": f"{EDITOR}?page=order-status&context=apps&app=key",
    "order_list": f"{EDITOR}?page=orders&context=apps&app=key",
    "till_tile": "", "till_customer": "", "till_after_sale": "",
    "admin_customer": f"{SHOP}/customers", "admin_order": f"{SHOP}/orders",
}  # fmt: skip


def test_each_place_is_added_in_the_editor_of_its_part_of_the_shop() -> None:
    assert {place.key: add_link(place, "a.myshopify.com", "key") for place in PLACES} == LINKS


def test_each_place_stands_in_its_part_and_the_checkout_alone_asks_for_plus() -> None:
    told = {where.value: [place.key for place in PLACES if place.where is where] for where in Where}
    keys = list(LINKS)
    assert told == {
        "storefront": keys[:6], "checkout": keys[6:8], "account": keys[8:12], "till": keys[12:15], "admin": keys[15:],
    }  # fmt: skip
    assert [place.key for place in PLACES if place.plus] == ["checkout"]
    assert [place.key for place in PLACES if place.embed] == ["launcher"]
    assert [state.value for state in State] == ["active", "available", "unavailable", "unknown"]


def test_an_extension_is_named_even_where_it_stands_nowhere_and_a_theme_by_its_files() -> None:
    target = "customer-account.profile.block.render"
    assert read_states([{"handle": "account-blocks"}]) == dict.fromkeys(
        ("profile", "order_status", "order_list"), State.AVAILABLE
    )
    told = [{"handle": "account-blocks", "type": "ui_extension", "activations": [{"target": target, "status": "x"}]}]
    assert read_states(told)["profile"] is State.ACTIVE
    blocks = [{"handle": "launcher", "status": each} for each in ("unknown", "available")]
    for block, state in zip(blocks, (State.AVAILABLE, State.AVAILABLE), strict=True):
        theme = {"handle": "theme-loyalty", "type": "theme_app_extension", "activations": [block]}
        assert read_states([theme])["launcher"] is state
    later = [{"handle": "launcher", "status": each} for each in ("active", "unknown")]
    theme = {"handle": "theme-loyalty", "type": "theme_app_extension", "activations": later}
    assert read_states([theme])["launcher"] is State.ACTIVE


def test_what_stands_somewhere_is_active_and_what_stands_nowhere_is_available() -> None:
    told = [
        {
            "handle": "theme-loyalty",
            "type": "theme_app_extension",
            "activations": [
                {"handle": "launcher", "name": "Rewards", "target": "body", "status": "active", "activations": []},
                {"handle": "rewards_page", "name": "Page", "target": "section", "status": "unavailable"},
            ],
        },
        {
            "handle": "checkout-loyalty",
            "type": "ui_extension",
            "activations": [{"target": "purchase.thank-you.block.render"}],
        },
    ]
    states = read_states(told)
    assert states["launcher"] is State.ACTIVE
    assert states["rewards_page"] is State.UNAVAILABLE
    assert states["product_points"] is State.AVAILABLE
    assert (states["thank_you"], states["checkout"]) == (State.ACTIVE, State.AVAILABLE)
    assert "profile" not in states  # Shopify did not name that extension


_ODD: st.SearchStrategy[object] = st.sampled_from([None, 7, "", "x", [], ["x"], {}, [[]]])
_NAMED = st.sampled_from([place.extension for place in PLACES]) | _ODD
_ACTIVATION = st.fixed_dictionaries(
    {"target": st.sampled_from([place.target for place in PLACES]) | _ODD},
    optional={"handle": st.sampled_from([place.target for place in PLACES]) | _ODD, "status": _ODD | st.just("active")},
)
_EXTENSION = st.fixed_dictionaries(
    {"handle": _NAMED, "type": st.sampled_from(["ui_extension", "theme_app_extension"]) | _ODD},
    optional={"activations": st.lists(_ACTIVATION | _ODD, max_size=4) | _ODD},
)


@reaches(states=0.2)
@given(st.lists(_EXTENSION | _ODD, max_size=4) | _ODD)
def test_whatever_a_browser_tells_names_only_places_that_exist(told: object) -> None:
    states = read_states(told)
    assert states.keys() <= BY_KEY.keys()
    if states:
        reach("states")
        assert set(states.values()) <= set(State)


def known(**said: object) -> Known:
    values: dict[str, object] = {"saved_rules": False, "saved_brand": False, "places": {}, "had_order": False,
                                "launched": False}  # fmt: skip
    return Known(**{**values, **said})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "done"),
    [
        ({"saved_rules": True}, "programme"),
        ({"saved_brand": True}, "mail"),
        ({"places": {"launcher": State.ACTIVE}}, "storefront"),
        ({"places": {"thank_you": State.ACTIVE}}, "checkout"),
        ({"places": {"profile": State.ACTIVE}}, "checkout"),
        ({"had_order": True}, "order"),
        ({"launched": True}, "launch"),
    ],
)
def test_each_step_is_done_by_what_it_asks_for_and_by_nothing_else(said: dict[str, object], done: str) -> None:
    assert [step.key for step in steps(known(**said), ()) if step.done] == [done]


@pytest.mark.parametrize("place", ["till_tile", "admin_customer"])
def test_a_place_for_staff_is_no_step(place: str) -> None:
    assert [step.key for step in steps(known(places={place: State.ACTIVE}), ()) if step.done] == []


def test_the_guide_ends_when_every_step_is_done_or_put_away() -> None:
    everything = known(
        saved_rules=True,
        saved_brand=True,
        had_order=True,
        launched=True,
        places=dict.fromkeys(("launcher", "checkout"), State.ACTIVE),
    )
    assert goes_on(steps(known(), ()))
    assert goes_on(steps(known(), STEPS[1:]))
    assert not goes_on(steps(known(), STEPS))
    assert not goes_on(steps(everything, ()))
