"""Strangers read a member's first name only where it is one: no addresses, no sums, no tricks with look-alikes."""

from __future__ import annotations

import pytest

from plugin.rules.referrals.advocate_name import LONGEST, shown_name

NAMES = (
    "Ana", " José ", "Anne-Marie", "O'Neil", "D’Arcy", "María de los Ángeles", "李小龙", "สมชาย", "Ñ", "Jose\u0301",
    "アーサー", "x" * LONGEST,
)  # fmt: skip
OTHERS = (
    "", "   ", "Win 500", "evil.example", "http://x", "a/b", "a:b", "a@b", "evil\u2024example", "evil\u3002example",
    "evil\ua4f8example", "a\uff0eb", "\u24d0\uff11", "\u24d4\u24e5\u24d8\u24db", "A\nB", "A\u202eB", "A\u200bB",
    "<b>Ana</b>", "{{ Ana }}", "%{shop}", "-", "'", "\U0001f600", "a\u00adb", "x" * (LONGEST + 1), "a\uff03b", "\u00bd",
    "\u0301a",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_script_are_shown(name: str) -> None:
    assert shown_name(name)


@pytest.mark.parametrize("name", OTHERS)
def test_anything_else_is_not(name: str) -> None:
    assert shown_name(name) == ""
