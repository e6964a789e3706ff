"""Everything that another app's file says comes along, is compared with what is there, and goes back as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.imports import carry_out_file, undo_file, upload_file
from plugin.errors import Conflict
from plugin.rules.imports import choices
from plugin.rules.points.member_file import as_csv
from plugin.rules.programme import Programme
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction
from plugin.store.imports import files
from plugin.store.imports.files import Import
from plugin.store.members import members
from plugin.store.privacy import exports
from plugin.store.referrals import referrals
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests.actions.points.test_adjust_points import NOW, STAFF, audit_of_points

FILES = Path(__file__).parents[2] / "rules/imports/files"
LADDER = Tiers(metric="points", window="lifetime", levels=(Tier(key="ta", name="Silver", enter=100),
                                                           Tier(key="tb", name="Gold", enter=10_000)))  # fmt: skip


class House:
    """A shop with two tiers, and staff who bring a file."""

    def __init__(self, engine: Engine, shop_id: int) -> None:
        self.engine, self.shop_id = engine, shop_id
        with shop_transaction(engine, shop_id) as conn:
            programmes.add(conn, shop_id, Programme(tiers=LADDER), "test", "", NOW)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with shop_transaction(self.engine, self.shop_id) as conn:
            return [tuple(row) for row in conn.exec_driver_sql(sql)]

    def add(self, customer_id: int | None, email: str, **said: Any) -> int:
        buyer = Buyer(customer_id, email, **said)
        with shop_transaction(self.engine, self.shop_id) as conn:
            [(number, _)] = members.add(conn, self.shop_id, [buyer], {buyer: NOW})
        return number

    def upload(self, content: bytes) -> int:
        with shop_transaction(self.engine, self.shop_id) as conn:
            shop = shops.get(conn, self.shop_id)
            return upload_file.upload(conn, shop, "a.csv", content, "", NOW, shown=False, actor=STAFF)

    def choose(self, number: int, **changed: Any) -> None:
        with shop_transaction(self.engine, self.shop_id) as conn:
            chosen = replace(choices.from_stored(self.file(number).choices), **changed)
            upload_file.choose(conn, shops.get(conn, self.shop_id), number, chosen, STAFF, NOW)

    def file(self, number: int) -> Import:
        with shop_transaction(self.engine, self.shop_id) as conn:
            found = files.get(conn, self.shop_id, number)
        assert found is not None
        return found

    def carry_out(self, number: int) -> Import:
        with shop_transaction(self.engine, self.shop_id) as conn:
            return carry_out_file.carry_out(conn, shops.get(conn, self.shop_id), number, STAFF, NOW)

    def undo(self, number: int) -> Import:
        with shop_transaction(self.engine, self.shop_id) as conn:
            return undo_file.undo(conn, shops.get(conn, self.shop_id), number, STAFF, NOW + timedelta(hours=1))

    def export(self) -> bytes:
        with shop_transaction(self.engine, self.shop_id) as conn:
            _, rows = exports.page(conn, self.shop_id, "members", 0)
        said: Sequence[list[object]] = [list(exports.HEADINGS["members"]), *rows]
        return as_csv([[str(cell) if cell is not None else "" for cell in row] for row in said]).encode()

    def state(self) -> list[Any]:
        assert audit_of_points(self.engine) == []
        return [
            self.rows(
                "SELECT email, state, balance, first_name, last_name, locale, joined_at FROM members ORDER BY id"
            ),
            self.rows("SELECT member_id, birth_month, birth_day FROM member_profiles WHERE birth_month > 0 ORDER BY 1"),
            self.rows("SELECT member_id, tier, pinned FROM member_tiers WHERE tier <> '' ORDER BY 1"),
            self.rows("SELECT word, member_id FROM referral_aliases ORDER BY 1"),
            self.rows("SELECT member_id, source, lifetime_points FROM member_origins ORDER BY 1"),
        ]


@pytest.fixture
def house(engine: Engine, shop: Any) -> House:
    return House(engine, shop.id)


def test_smiles_file_brings_everything_and_goes_back_as_a_whole(house: House) -> None:
    ana, bo = house.add(None, "ana@example.com", first_name="Anna"), house.add(12, "bo@example.com", verified=True)
    before = house.state()
    number = house.upload((FILES / "smile.csv").read_bytes())
    totals = house.file(number).totals
    assert house.state() == before
    assert (totals["new"], totals["known"], totals["sum"], totals["given"]) == (2, 2, 12845, 12845)
    assert (totals["excluded"], totals["birthdays"], totals["referrals"]) == (1, 2, 4)
    assert totals["tiers"] == {"Gold": 2, "Silver": 1}
    assert house.carry_out(number).state == "done"
    people, birthdays, tiers, words, _ = house.state()
    assert [(row[0], row[1], row[2]) for row in people] == [
        ("ana@example.com", "guest", 0), ("bo@example.com", "left", 45),
        ("Jane@Doe.example", "guest", 300), ("zoe@example.com", "guest", 12500),
    ]  # fmt: skip
    assert people[0][3:5] == ("Anna", ""), "a name that is here stays"
    assert birthdays == [(bo, 12, 31), (bo + 1, 5, 27)]
    assert [row[1:] for row in tiers] == [("tb", True), ("tb", True)], "who is excluded holds no tier"
    assert dict(words) == {"9qr5pw": bo + 1, "zz81kq": ana, "bo12ab": bo, "zoe999": bo + 2}
    assert house.rows("SELECT kind FROM messages WHERE state <> 'skipped'") == [], "nobody is told"
    assert house.undo(number).state == "undone"
    after = house.state()
    assert after[0][:2] == before[0]
    assert ([row[2] for row in after[0]], after[1:]) == ([0, 0, 0, 0], [[], [], [], []])
    assert house.undo(number).state == "undone"


def test_who_is_told_gets_one_email_each_and_an_undo_stops_it_and_tells_nobody(house: House) -> None:
    house.carry_out(house.upload(b"email,points\nless@example.com,90\n"))
    number = house.upload(
        b"email,points balance,vip tier\nup@example.com,50,Gold\nless@example.com,5,\n,,\ntier@example.com,,Gold\n"
        b"same@example.com,0,\n"
    )
    with shop_transaction(house.engine, house.shop_id) as conn:
        carry_out_file.carry_out(conn, shops.get(conn, house.shop_id), number, STAFF, NOW, tell=True)
    told = "SELECT m.email, g.kind, g.state FROM messages g JOIN members m ON m.id = g.member_id ORDER BY g.id"
    assert house.rows(told) == [
        ("up@example.com", "points_given", "queued"),
        ("up@example.com", "tier_reached", "skipped"),
        ("tier@example.com", "tier_reached", "queued"),
    ]
    house.undo(number)
    assert house.rows(told)[2] == ("tier@example.com", "tier_reached", "skipped")
    assert {row[1] for row in house.rows(told)} == {"points_given", "tier_reached"}, "no email of what went back"
    assert house.file(number).tell


def test_an_old_code_leads_to_its_member_and_a_taken_one_stays_with_who_has_it(house: House) -> None:
    ana = house.add(7, "ana@example.com")
    with shop_transaction(house.engine, house.shop_id) as conn:
        referrals.add_links(conn, house.shop_id, {ana: "taken1"}, NOW)
    number = house.upload(b"email,points,referral code\nbo@example.com,5,OLD77\ncy@example.com,5,TAKEN1\n")
    assert [each[2] for each in house.file(number).problems] == ["members.file.referral_taken"]
    house.carry_out(number)
    with shop_transaction(house.engine, house.shop_id) as conn:
        found = {word: referrals.link_by_word(conn, house.shop_id, word) for word in ("Old77", "taken1", "none")}
    assert found["Old77"] is not None and found["Old77"].member_id == ana + 1
    assert found["taken1"] is not None and found["taken1"].member_id == ana
    assert found["none"] is None


def test_our_own_export_comes_back_without_change(house: House) -> None:
    for number, (customer, email) in enumerate(
        [(7, "ana@example.com"), (None, "bo@example.com"), (9, "cy@example.com")]
    ):
        house.add(customer, email, first_name="=1+1" if number == 1 else "Z", locale="de")
    house.carry_out(house.upload(b"customer id,email,points,birthday,tier\n7,,120,12-24,Gold\n,bo@example.com,7,,\n"))
    before, entries = house.state(), house.rows("SELECT count(*) FROM entries")
    again = house.upload(house.export())
    file = house.file(again)
    assert (file.choices["source"], file.state, file.problems) == ("suki", "checked", [])
    assert (file.totals["given"], file.totals["taken"], file.totals["changed"], file.totals["new"]) == (0, 0, 0, 0)
    assert file.totals["sum"] == 127
    house.carry_out(again)
    assert (house.state(), house.rows("SELECT count(*) FROM entries")) == (before, entries)


def test_a_file_that_would_double_what_members_hold_is_seen_and_setting_changes_nothing(house: House) -> None:
    content = b"email,points\nana@example.com,120\nbo@example.com,35\n"
    house.carry_out(house.upload(content))
    number = house.upload(content)
    totals = house.file(number).totals
    assert (house.file(number).choices["points_as"], totals["doubles"], totals["held"]) == ("add", 2, 2)
    house.choose(number, points_as="set")
    totals = house.file(number).totals
    assert (totals["changed"], totals["given"], totals["taken"]) == (0, 0, 0)
    house.carry_out(number)
    assert [row[2] for row in house.state()[0]] == [120, 35]


def test_setting_a_balance_takes_what_is_too_much_and_the_first_line_of_a_person_counts(house: House) -> None:
    house.carry_out(house.upload(b"email,points\nana@example.com,120\n"))
    number = house.upload(b"email,points balance\nana@example.com,50\nANA@example.com,999\nnew@example.com,3\n")
    file = house.file(number)
    assert (file.totals["lowered"], file.totals["taken"], file.totals["given"], file.totals["wrong"]) == (1, 70, 3, 1)
    assert file.problems == [[3, "Line 2 is about the same person, so this line is skipped.", "members.file.again",
                              {"line": 2}, False]]  # fmt: skip
    house.carry_out(number)
    assert [row[2] for row in house.state()[0]] == [50, 3]


def test_tiers_that_nobody_knows_are_left_out_until_staff_say_which_they_are(house: House) -> None:
    number = house.upload(b"email,points,vip tier\nana@example.com,5,VIP\nbo@example.com,5,silver\n")
    assert [each[2] for each in house.file(number).problems] == ["members.file.tier_unknown"]
    house.choose(number, tiers={"VIP": "tb"})
    assert house.file(number).problems == []
    house.carry_out(number)
    assert [row[1] for row in house.state()[2]] == ["tb", "ta"]


def test_lifetime_points_count_for_tiers_of_a_lifetime(house: House) -> None:
    house.add(7, "ana@example.com")
    number = house.upload(b"customer id,points balance,lifetime points\n7,5,20000\n")
    house.carry_out(number)
    assert house.state()[4] == [(1, "plain", 20000)]
    assert house.state()[2] == [(1, "tb", False)]
    house.undo(number)
    assert house.state()[2:] == [[], [], []]


def test_a_file_without_points_changes_no_balance(house: House) -> None:
    house.carry_out(house.upload(b"email,points\nana@example.com,120\n"))
    number = house.upload(b"email,birthday\nana@example.com,1990-12-24\n")
    assert (house.file(number).totals["given"], house.file(number).totals["birthdays"]) == (0, 1)
    house.carry_out(number)
    assert (house.state()[0][0][2], house.state()[1]) == (120, [(1, 12, 24)])


def test_a_file_whose_columns_nobody_knows_waits_for_staff(house: House) -> None:
    number = house.upload(b"who,how many\nAna,1\nana@example.com,120\n")
    file = house.file(number)
    assert (file.state, file.totals["wanting"][1]) == ("uploaded", "members.file.no_person")
    assert house.carry_out(number).state == "uploaded"
    from plugin.rules.imports.meanings import Meaning

    house.choose(number, columns={Meaning.EMAIL: 0, Meaning.POINTS: 1})
    assert house.file(number).totals["given"] == 120
    house.carry_out(number)
    with pytest.raises(Conflict):
        house.choose(number)


def test_two_shops_bring_the_same_file_each_for_itself(house: House, engine: Engine, other_shop: Any) -> None:
    other = House(engine, other_shop.id)
    for one in (house, other):
        one.carry_out(one.upload((FILES / "yotpo_export.csv").read_bytes()))
    assert [row[2] for row in house.state()[0]] == [row[2] for row in other.state()[0]] == [120, 0, 1480]
    assert {row[0] for row in house.state()[3]} == {"k3x9q", "p0o1i", "m8n7b"} == {row[0] for row in other.state()[3]}


def test_who_is_excluded_without_an_account_is_left_out(house: House) -> None:
    number = house.upload(b"email,points,blocked\nana@example.com,5,true\nbo@example.com,5,no\n")
    assert [each[2] for each in house.file(number).problems] == ["members.file.no_account"]
    house.carry_out(number)
    assert [row[0] for row in house.state()[0]] == ["bo@example.com"]
