"""Another app's file is recognised, and each of its columns is what that app's help says it is.

The files were written from the help pages named in `plugin/rules/imports/sources`, before there was anything to read
them.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from plugin.rules.imports import sources
from plugin.rules.imports.lines import Problem, word_of
from plugin.rules.imports.source import Source
from plugin.rules.words.texts import Said
from tests.rules.imports.reading import Found, read

FILES = Path(__file__).parent / "files"
SUMS = {
    "smile.csv": ("smile", 300 + 0 + 45 + 12500),
    "smile_points.csv": ("plain", 52620 + 15),
    "loyaltylion.csv": ("loyaltylion", 500 + 0 + 75),
    "yotpo_export.csv": ("yotpo", 120 + 0 + 1480),
    "yotpo_import.csv": ("yotpo", 120 + 35 + 7),
    "rivo.csv": ("rivo", 56348 + 10 + 0),
    "rivo_profiles.csv": ("rivo", 56348 + 10),
    "bon.csv": ("bon", 120 + 35),
    "bon_move.csv": ("bon", 120 + 35),
    "growave.csv": ("growave", 4 + 120 + 0),
    "stamped.csv": ("stamped", 5000 + 0),
    "joy.csv": ("joy", 120 + 0 + 35),
    "plain.csv": ("plain", 1234 + 35),
}
"""Of each file: whose it is, and the sum of its points as somebody adds them up by hand."""


def of(name: str) -> Found:
    return read((FILES / name).read_bytes())


@pytest.mark.parametrize("name", sorted(SUMS))
def test_a_file_is_recognised_and_its_points_add_up_to_its_own_sum(name: str) -> None:
    found = of(name)
    assert (found.chosen.source, sum(row.points or 0 for row in found.rows)) == SUMS[name]
    assert {each.kept for each in found.problems} <= {False}


def test_every_file_of_the_folder_is_told_of_and_every_source_has_one() -> None:
    assert {each.name for each in FILES.iterdir()} == SUMS.keys()
    assert {source for source, _ in SUMS.values()} == {each.key for each in sources.SOURCES} - {"suki"}


@pytest.mark.parametrize("source", sources.SOURCES, ids=lambda source: source.key)
def test_a_source_writes_its_headings_as_they_are_compared(source: Source) -> None:
    ranks = [rank for of in source.columns.values() for rank in of]
    names = [name for rank in (source.tells, source.others, *source.all_of, *ranks) for name in rank]
    assert [name for name in names if name != " ".join(name.lower().split()) or not name] == []
    assert source.dates in ("", "ymd", "md", "mdy", "dmy", "dm")


def test_smiles_year_of_1004_is_none_and_its_disabled_customers_are_excluded() -> None:
    jane, ana, bo, zoe = of("smile.csv").rows
    assert (jane.birthday, jane.joined, jane.tier, jane.referral) == ((5, 27), date(2024, 4, 4), "Gold", "9qr5pw")
    assert (ana.birthday, ana.last_name, ana.excluded) == (None, "O'Hara, the second", False)
    assert (bo.birthday, bo.excluded) == ((12, 31), True)
    assert zoe.problems == (Problem(5, Said("members.file.birthday", text="1990-02-29"), kept=True),)
    assert zoe.birthday is None and zoe.first_name == "Zoë"


def test_loyaltylions_merchant_id_is_the_customer_and_what_is_pending_is_not_the_points() -> None:
    alice, _, cy = of("loyaltylion.csv").rows
    assert (alice.customer_id, alice.points, alice.birthday, alice.tier) == (1001, 500, (6, 22), "Gold")
    assert (alice.excluded, cy.excluded) == (False, True)


def test_yotpos_links_say_the_code_and_its_birthdays_have_the_month_first() -> None:
    assert [row.referral for row in of("yotpo_export.csv").rows] == ["k3x9q", "p0o1i", "m8n7b"]
    ana, bo, _ = of("yotpo_import.csv").rows
    assert (ana.birthday, bo.birthday) == (None, (3, 7))
    assert ana.problems == (Problem(2, Said("members.file.birthday", text="04/31"), kept=True),)
    assert of("yotpo_import.csv").columns["consent"] == "Opt in"


def test_rivos_credits_are_money_and_its_days_have_the_month_first() -> None:
    found = of("rivo.csv")
    assert "Credits Balance" in found.ignored
    assert (found.rows[0].birthday, found.rows[0].joined, found.rows[0].tier) == ((6, 30), date(2024, 1, 15), "Gold")
    assert [row.excluded for row in of("rivo_profiles.csv").rows] == [False, True]
    assert "id" in of("rivo_profiles.csv").ignored


def test_growaves_decimals_are_rounded_half_up_and_read_in_its_encoding() -> None:
    ana, _, zoe = of("growave.csv").rows
    assert (ana.points, zoe.points, zoe.last_name, ana.birthday) == (4, 0, "Müller", (10, 24))
    half = read(b"Customer ID,Email,points,first_name,last_name,birthdate\n7,a@example.com,2.50,A,B,1990-01-02\n")
    assert half.rows[0].points == 3


def test_joys_name_is_split_and_its_quoted_line_breaks_are_part_of_a_name() -> None:
    ana, bo, zoe = of("joy.csv").rows
    assert (ana.first_name, ana.last_name, bo.first_name, bo.last_name) == ("Ana", "Maria Reyes", "Bo", "")
    assert (zoe.first_name, zoe.last_name, zoe.line, zoe.tier) == ("Zoë", "Müller", 5, "Silver")


def test_a_spreadsheet_that_writes_the_day_first_is_read_so() -> None:
    ana, bo = of("plain.csv").rows
    assert (ana.points, ana.birthday, ana.joined) == (1234, (12, 24), date(2020, 2, 1))
    assert (bo.birthday, bo.joined) == ((3, 7), date(2021, 2, 28))


def test_stampeds_added_points_are_left_out_beside_its_balance() -> None:
    found = read(b"first_name,last_name,email,points,add_points,birthday,vip_tier\nA,B,a@example.com,50,7,,Gold\n")
    assert (found.chosen.source, found.rows[0].points, found.ignored) == ("stamped", 50, ("add_points",))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("https://shop.example/ref/ABC123/", "abc123"), ("shop.example/?ref=Q1w2", "q1w2"), ("Ana-1", "ana-1"),
        ("https://shop.example/", ""), ("", ""), ("two words", ""), ("https://[bad", ""), ("x", ""),
    ],
)  # fmt: skip
def test_a_referral_code_is_the_last_part_of_its_link(text: str, word: str) -> None:
    assert word_of(text) == word
