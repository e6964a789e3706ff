"""Every block in every state that a shopper can find it in: what it says, and what it must not say."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.extensions.theme.shown import app, cart, line, member, product, show, variant

LONG = "Ünglaublich langer Name & <script>alert('x')</script> " * 3
PAGE: dict[str, Any] = {
    "headline": "Earn 1 point for every $1.00 you spend.", "more": ["Mug week: 3× points."], "welcome": "+50 points",
    "activities": [{"kind": "birthday", "name": "Your birthday", "gives": "+50 points", "text": "No year."}],
    "tiers": [
        {"name": "Silver", "needs": "$100.00 this year", "benefits": []},
        {"name": "Gold", "needs": "$300.00 this year", "benefits": ["1.5× points"]},
    ],
    "rewards": [
        {"title": "$5 off", "price": {"points": 500, "text": "500 points"}, "brings": "$5.00.", "terms": ["60 days"]},
        {"title": "Mug", "price": {"points": 5000, "text": "5,000 points"}, "brings": "", "terms": []},
    ],
    "referral": "Your friend gets: 10% off. You get: 200 points.",
}  # fmt: skip
FIGURES = {"rewards": [{"title": "$5 off", "points": 500}, {"title": "Mug", "points": 5000}]}
MUG = product(variant(2000))
EMPTY: dict[str, Any] = {
    "headline": "", "more": [], "welcome": "", "activities": [], "tiers": [], "rewards": [], "referral": "",
}  # fmt: skip
BLOCKS = ("launcher", "rewards_page", "product_points", "cart_points", "account_teaser", "referral_banner")
STATES: dict[str, dict[str, Any]] = {
    "guest": {"customer": None},
    "member": {"customer": member(tier="Gold")},
    "empty": {"customer": member(balance=0), "app": app({"rewards": []}, page=EMPTY), "cart": cart()},
    "long names": {"customer": member(name=LONG, tier=LONG), "shop": {"name": LONG}, "app": app(
        {"name": LONG, "rewards": [{"title": LONG, "points": 9_000_000}]},
        page=PAGE | {"referral": LONG, "tiers": [{"name": LONG, "needs": LONG, "benefits": [LONG] * 9}]},
    )},
    "no decimals": {"customer": member(), "currency": "JPY", "app": app({**FIGURES, "currency": "JPY"}, page=PAGE),
                    "cart": cart(line(MUG, 2), currency="JPY")},
    "three decimals": {"customer": member(), "currency": "KWD", "app": app({**FIGURES, "currency": "KWD"}, page=PAGE),
                       "cart": cart(line(product(variant(1234.5))), currency="KWD")},
    "right to left": {"customer": member(name="آنا"), "language": "ar", "shop": {"name": "متجر"}},
    "filipino": {"customer": member(), "language": "fil"},
}  # fmt: skip


def rendered(block: str, **page: Any) -> str:
    known: dict[str, Any] = {"app": app(FIGURES, page=PAGE), "product": MUG, "cart": cart(line(MUG, 2))}
    return show(block, **known | page)


class Nesting(HTMLParser):
    """Whether every element is closed, and which ids there are twice."""

    VOID = ("input", "br", "path", "img", "link", "meta")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag in self.VOID or self.open.pop() == tag, tag


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_is_whole_in_every_state(block: str, state: str) -> None:
    html = rendered(block, **STATES[state])
    seen = Nesting()
    seen.feed(html)
    assert seen.open == []
    assert len(seen.ids) == len(set(seen.ids))
    assert "<script>alert" not in html
    assert not re.search(r"Translation missing|None|undefined|Liquid error|{{|}}|: ;", html)
    assert not re.search(r"\b(left|right|margin-left|padding-right)\s*:", html)


@pytest.mark.parametrize("block", BLOCKS)
def test_before_the_launch_a_block_shows_itself_to_test_members_only(block: str) -> None:
    draft = {**FIGURES, "live": False, "earns": False, "testers": [7001]}
    assert "suki" not in re.sub(r'<div id="shopify-block[^>]*>', "", rendered(block, app=app(draft, page=PAGE)))
    assert "suki-" in rendered(block, app=app(draft, page=PAGE), customer=member())


@pytest.mark.parametrize("block", BLOCKS)
def test_while_earning_is_paused_only_what_is_about_earning_goes(block: str) -> None:
    html = rendered(block, app=app({**FIGURES, "earns": False}, page=PAGE), customer=member())
    assert ('class="suki' in html) == (block not in ("product_points", "cart_points"))


@pytest.mark.parametrize("block", BLOCKS)
def test_a_guest_can_sign_in_and_come_back_and_reads_nothing_of_anybody(block: str) -> None:
    html = rendered(block)
    assert 'href="/customer_authentication/login?return_to=%2F"' in html
    assert "1,045" not in html


def test_the_launcher_says_balance_tier_and_name_at_once() -> None:
    html = rendered("launcher", customer=member(tier="Gold"))
    assert html.count("1,045 points") == 2
    assert ">Hello Ana</h2>" in html
    assert '<p class="suki-panel__tier">Gold</p>' in html
    assert "Sign in" not in html


def test_the_launcher_hands_its_script_texts_and_what_the_merchant_shows() -> None:
    html = rendered("launcher", settings={"show_birthday": False})
    texts, shows = (
        json.loads(re.search(rf"<script[^>]*data-{name}>(.*?)</script>", html, re.DOTALL)[1])  # type: ignore[index]
        for name in ("texts", "shows")
    )
    assert (texts["until"], texts["redeem"]) == ("Until {day}", "Redeem now")
    assert shows == {"earn": True, "invite": True, "birthday": False, "history": True}


def test_settings_come_before_the_look_of_the_panel_and_that_before_the_usual() -> None:
    look = {"accent": "#7a2e1f", "on_accent": "#fafafa", "position": "start", "launcher_text": "Perks", "guests": "yes",
            "guest_heading": "Be one of us", "guest_text": "Truly."}  # fmt: skip
    usual = rendered("launcher")
    assert "--suki-fill: #1f2933; --suki-on-fill: #ffffff" in usual
    assert 'data-side="end"' in usual
    chosen = rendered("launcher", app=app(FIGURES, page=PAGE, look=look))
    assert "--suki-fill: #7a2e1f; --suki-on-fill: #fafafa" in chosen
    assert 'data-side="start"' in chosen
    assert all(words in chosen for words in ("Perks", "Be one of us", "Truly."))
    settings = {"fill": "#123456", "side": "end", "label": "Mine", "guest_title": "Title", "guest_text": "Text"}
    own = rendered("launcher", app=app(FIGURES, page=PAGE, look=look), settings=settings)
    assert "--suki-fill: #123456; --suki-on-fill: #ffffff" in own
    assert 'data-side="end"' in own
    assert all(words in own for words in ("Mine", ">Title</h2>", "<p>Text</p>"))
    assert "Perks" not in own


@pytest.mark.parametrize("hidden", [{"guests": False}, {"on_index": False}])
def test_guests_and_templates_can_be_left_out(hidden: dict[str, Any]) -> None:
    assert "suki-launcher" not in rendered("launcher", settings=hidden)
    elsewhere = {"locale": {"iso_code": "en"}, "page_type": "product", "design_mode": False}
    shown = rendered("launcher", settings=hidden, customer=member(), request=elsewhere)
    assert "suki-launcher" in shown


def test_guests_can_be_left_out_in_the_panel_too() -> None:
    hidden = app(FIGURES, page=PAGE, look={"guests": ""})
    assert "suki-launcher" not in rendered("launcher", app=hidden)
    assert "suki-launcher" in rendered("launcher", app=hidden, customer=member())


def test_the_address_of_the_app_in_the_store_is_the_merchants() -> None:
    moved = app(FIGURES, page=PAGE, proxy="/tools/loyalty")
    for block in ("launcher", "cart_points", "account_teaser", "referral_banner", "rewards_page"):
        html = rendered(block, app=moved, customer=member())
        assert "/tools/loyalty" in html
        assert "/apps/suki" not in html


def test_the_rewards_page_tells_everything_to_everybody() -> None:
    html = rendered("rewards_page")
    for words in (
        "1 point for every $1.00", "Mug week: 3× points", "50 points", "Your birthday", "Silver", "$300.00 this year",
        "1.5× points", "$5 off", "5,000 points", "60 days", "Your friend gets: 10% off",
    ):  # fmt: skip
        assert words in html
    assert "Redeem" not in html


def test_a_member_sees_their_place_on_the_rewards_page_and_redeems_without_a_script() -> None:
    html = rendered("rewards_page", customer=member(tier="Gold"))
    assert re.findall(r"<li data-mine[^>]*>\s*<h3>(\w+)", html) == ["Gold"]
    assert html.count(">Redeem</a>") == 1  # the mug costs more than Ana has
    assert 'href="/apps/suki/rewards" data-suki-open="rewards"' in html


def test_a_page_in_a_language_that_the_app_does_not_have_is_the_shops() -> None:
    shown = app(FIGURES, page=PAGE, page_fil={**PAGE, "headline": "1 point sa bawat $1.00"})
    assert "sa bawat" in rendered("rewards_page", app=shown, language="fil")
    assert "for every" in rendered("rewards_page", app=shown, language="sv")


def test_no_referrals_no_banner() -> None:
    assert "suki-teaser" not in rendered("referral_banner", app=app(FIGURES, page=PAGE | {"referral": ""}))


@pytest.mark.parametrize(
    ("figures", "items", "said"),
    [
        ({}, [line(MUG, 2)], "This order earns 40 points."),
        ({}, [line(product(variant(1950))), line(product(variant(1050)))], "This order earns 30 points."),
        ({"up_to": True}, [line(MUG)], "This order earns up to 20 points."),
        ({"min": 2001}, [line(MUG)], "This order earns no points."),
        ({"min": 2000}, [line(MUG)], "This order earns 20 points."),
        ({"per_order": 50, "per_item": 5}, [line(MUG, 3)], "This order earns 125 points."),
        ({"before_discounts": True}, [line(MUG, 1, price=1500)], "This order earns 20 points."),
        ({}, [line(MUG, 1, price=1500)], "This order earns 15 points."),
        ({}, [line(product(variant(2500), **{"gift_card?": True}))], "This order earns no points."),
        ({"no_tags": ["sale"]}, [line(MUG), line(product(variant(900), tags=["Sale"]))], "This order earns 20 points."),
        ({}, [], "Add something to your cart to earn points."),
    ],
)
def test_a_cart_says_what_it_earns(figures: dict[str, Any], items: list[dict[str, Any]], said: str) -> None:
    assert said in rendered("cart_points", app=app({**FIGURES, **figures}), cart=cart(*items))


def test_a_cart_is_rounded_once_and_shares_what_codes_take_off() -> None:
    halves = [line(product(variant(150))) for _ in range(3)]
    assert "earns 4 points" in rendered("cart_points", cart=cart(*halves))
    assert "earns 2 points" in rendered("cart_points", cart=cart(*halves, total=225))
    with_code = {**cart(*halves), "discount_applications": [{"title": "X"}]}
    assert "earns 2 points" in rendered("cart_points", cart=with_code, app=app({**FIGURES, "code_percent": 50}))


@pytest.mark.parametrize(("free", "words"), [("off", "money off"), ("credit", "store credit")])
@pytest.mark.parametrize("block", ["cart_points", "account_teaser"])
def test_a_reward_of_a_free_amount_is_never_said_by_its_name(block: str, free: str, words: str) -> None:
    figures = {"rewards": [{"title": "As much as you like", "points": 9_000, "free": free}]}
    html = rendered(block, app=app(figures, page=PAGE), customer=member(balance=20))
    assert f"more to reach {words}<" in html
    assert "As much as you like" not in html


def test_a_cart_says_how_far_the_next_reward_is() -> None:
    html = rendered("cart_points", customer=member(balance=400))
    assert "60 points more to reach $5 off" in html
    assert "inline-size: 88%" in html
    assert "more to reach Mug" in rendered("cart_points", customer=member(balance=470))
    assert "more to reach" not in rendered("cart_points", customer=member(balance=9000))


def test_a_cart_that_the_page_cannot_judge_is_left_to_the_app() -> None:
    assert "data-ask" in rendered("cart_points", app=app({**FIGURES, "asks": True}))
    foreign = rendered("cart_points", cart=cart(line(MUG), currency="JPY"))
    assert "data-ask" in foreign
    assert "earns" not in re.sub(r"data-earns", "", foreign)
    assert "data-ask" not in rendered("cart_points")


def test_the_teaser_speaks_to_members_and_guests() -> None:
    assert "Ana, you have 1,045 points" in rendered("account_teaser", customer=member())
    assert "3,955 points more to reach Mug" in rendered("account_teaser", customer=member())
    assert "You have 0 points" in rendered("account_teaser", customer=member(balance=0, name=""))
    assert "suki-teaser" not in rendered("account_teaser", settings={"guests": False})


def test_while_redeeming_is_paused_the_rewards_page_says_so_and_offers_no_button() -> None:
    rich = member(balance=9000)
    assert 'data-suki-open="rewards">Redeem<' in rendered("rewards_page", customer=rich)
    paused = rendered("rewards_page", customer=rich, app=app(FIGURES, page=PAGE | {"paused": "Paused & <b>"}))
    assert "Paused &amp; &lt;b&gt;" in paused
    assert 'data-suki-open="rewards">Redeem<' not in paused
