"""What every mail prints, to the letter: names cut, addresses checked, the next reward, and a code."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from babel import Locale

from plugin.rules.messages import CodeOffer, Common, code_values, common_values, optional_address, reward_values
from plugin.rules.rewards.next_reward import NextReward

EN = Locale("en")
SHOP = Common(shop_name="Kape", shop_url="https://kape.example/", currency="USD", first_name="Ana")


def test_every_template_has_these_values() -> None:
    values = common_values(SHOP, Locale("en", "GB"))
    assert {name: values[name] for name in ("shop_name", "shop_url", "locale", "dir", "first_name", "points_name")} == {
        "shop_name": "Kape",
        "shop_url": "https://kape.example/",
        "locale": "en-GB",
        "dir": "ltr",
        "first_name": "Ana",
        "points_name": "points",
    }
    assert common_values(SHOP, Locale("ar"))["dir"] == "rtl"


def test_names_are_cut_each_at_its_own_length() -> None:
    long = Common(shop_name="s" * 200, shop_url="https://kape.example", currency="USD", first_name="f" * 200,
                  points_name="p" * 200)  # fmt: skip
    values = common_values(long, EN)
    assert [len(str(values[name])) for name in ("shop_name", "first_name", "points_name")] == [100, 60, 40]
    assert [str(values[name])[-2:] for name in ("shop_name", "first_name", "points_name")] == ["s…", "f…", "p…"]


def test_an_address_is_checked_where_there_is_one() -> None:
    assert (optional_address(""), optional_address("https://x.example")) == ("", "https://x.example")
    with pytest.raises(ValueError, match="web address"):
        optional_address("javascript:alert(1)")
    with pytest.raises(ValueError, match="web address"):
        common_values(Common(shop_name="", shop_url="", currency="USD"), EN)


@pytest.mark.parametrize(
    ("cost", "missing", "progress"),
    [(200, 50, 75), (200, 200, 0), (200, 0, 100), (3, 1, 66), (3, 2, 33), (200, 300, 0), (200, -5, 100), (1, 0, 100),
     (1, 1, 0)],
)  # fmt: skip
def test_the_way_to_the_next_reward_is_told_in_whole_percent(cost: int, missing: int, progress: int) -> None:
    found = reward_values(NextReward("5 off", cost, missing), SHOP, EN)
    assert found == {"name": "5 off", "cost": cost, "missing": max(0, missing), "progress": progress,
                     "left": 100 - progress}  # fmt: skip


def test_where_there_is_no_reward_and_where_it_costs_nothing() -> None:
    assert reward_values(None, SHOP, EN) is None
    free = reward_values(NextReward("n" * 120, 0, 0), SHOP, EN)
    assert free is not None
    assert (free["cost"], free["progress"], free["left"], len(str(free["name"]))) == (0, 100, 0, 100)


TEN = CodeOffer("SUKI AB", percent_off=Decimal(10))


@pytest.mark.parametrize(
    ("offer", "changes"),
    [
        (TEN, {}),
        (CodeOffer("SUKI AB", amount_off_minor=550), {"off": "$5.50"}),
        (CodeOffer("SUKI AB", amount_off_minor=0), {"off": "$0.00"}),
        (CodeOffer("SUKI AB", percent_off=Decimal(10), minimum_spend_minor=1), {"minimum": "$0.01"}),
        (CodeOffer("SUKI AB", percent_off=Decimal(10), minimum_spend_minor=-1), {}),
        (CodeOffer("SUKI AB", percent_off=Decimal(10), valid_until=date(2026, 12, 6)), {"until": "December 6, 2026"}),
    ],
)
def test_a_code_is_told_with_what_it_takes_off_and_where_it_leads(offer: CodeOffer, changes: dict[str, Any]) -> None:
    said = {"value": "SUKI AB", "off": "10%", "minimum": "", "until": "",
            "url": "https://kape.example/discount/SUKI%20AB", **changes}  # fmt: skip
    assert code_values(offer, SHOP, EN) == said


def test_a_code_is_one_short_line_that_leads_to_itself() -> None:
    found = code_values(CodeOffer("a/b\n" + "x" * 100, percent_off=Decimal(5)), SHOP, EN)
    assert found is not None
    assert (len(str(found["value"])), str(found["url"])[:41]) == (64, "https://kape.example/discount/a%2Fb%20xxx")
    assert code_values(None, SHOP, EN) is None


@pytest.mark.parametrize("both", [{}, {"percent_off": Decimal(5), "amount_off_minor": 5}])
def test_a_code_takes_off_exactly_one_of_the_two(both: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a code takes off a percentage or an amount, exactly one of the two"):
        CodeOffer("X", **both)
