"""What the merchant guide tells theme developers to write works as it stands there."""

from __future__ import annotations

import re

from tests.extensions.theme.shown import FOLDER, liquid, member

GUIDE = FOLDER.parents[1] / "docs" / "using" / "storefront.md"


def written() -> str:
    found = re.search(r"```liquid\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert found
    return found[1]


def test_a_themes_own_liquid_shows_a_members_balance_and_opens_the_panel() -> None:
    html = liquid("en", "USD").from_string(written()).render(customer=member(balance=120))
    assert re.sub(r"\s+", " ", html).strip() == ('<a href="/apps/suki/rewards" data-suki-open="rewards">120 points</a>')
    assert liquid("en", "USD").from_string(written()).render(customer=None).strip() == ""


def test_the_views_that_the_guide_names_are_there() -> None:
    views = (FOLDER.parent / "theme-scripts" / "src" / "views.js").read_text()
    named = re.search(r"`data-suki-open` takes (.*?), or nothing", GUIDE.read_text(), re.DOTALL)
    assert named
    for name in re.findall(r"`(\w+)`", named[1]):
        assert re.search(rf"^export (?:async )?function {name}\(", views, re.MULTILINE), name
