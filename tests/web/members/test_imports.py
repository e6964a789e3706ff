"""Files in and files out, through the panel."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Engine

from plugin import jobs
from plugin.actions.shops.tokens import AdminClients
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.rules.imports.sources import SOURCES
from plugin.rules.programme import Programme
from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.versions import programmes
from plugin.web.admin.members import imports
from tests.conftest import ShopRow
from tests.web.session import Browser, id_token

PATH = "/app/members/import"
GUIDES = Path(__file__).parents[3] / "docs/using/moving"


def upload(browser: Browser, content: bytes) -> str:
    answer = browser.post(PATH, file=(io.BytesIO(content), "points.csv"), note="Moved here", shown="yes")
    assert answer.status_code == 303, answer.text[:400]
    return answer.headers["Location"].partition("?")[0]


def test_a_file_with_three_bad_lines_in_a_thousand(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    work = Work(engine, AdminClients.of(browser.settings), cast(Mailer, None), lambda: datetime.now(UTC))
    lines = [f"{number}@example.com,5" for number in range(1000)]
    lines[9], lines[500], lines[999] = "nobody,5", "x@example.com,many", ",5"
    one = upload(browser, "\n".join(["email;points", *lines]).replace(",", ";").encode())
    shown = browser.page(one)
    assert "Nothing has been imported yet." in shown and "Import 997 valid lines" in shown
    for line in ("11", "502", "1,001"):
        assert f"<s-table-cell>{line}</s-table-cell>" in shown
    assert "No members yet" in browser.page("/app/members")
    for _ in range(2):
        assert browser.post(f"{one}/carry-out").status_code == 303
    assert "Imported 500 of 1,000 lines so far." in browser.page(one)
    jobs.run(work, shop.id, "import_members")
    assert "4,985" in browser.page(one)
    assert "unsure=1" in browser.post(f"{one}/undo").location
    assert "Select this first. Nothing was undone." in browser.page(one, unsure="1")
    log = browser.page("/app/activity/staff")
    assert re.findall(rf'href="{one}[^"]*">([^<]+)<', log) == ["Imported points.csv", "Uploaded points.csv"]
    assert browser.post(f"{one}/undo", sure="yes").status_code == 303
    assert "Undone for 500 of 997 members so far." in browser.page(one)
    jobs.run(work, shop.id, "import_members")
    assert "−4,985" in browser.page(one)
    assert "points.csv" in browser.page(PATH)
    assert "Undid the import of points.csv" in browser.page("/app/activity/staff")


def test_a_file_that_is_under_way_shows_how_far_it_is_and_can_be_canceled(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    one = upload(browser, "\n".join(["email,points", *(f"{n}@example.com,5" for n in range(900))]).encode())
    assert "Tell members by email" in browser.page(one)
    assert browser.post(f"{one}/carry-out").status_code == 303
    shown = browser.page(one)
    assert "data-refresh" in shown and '<progress class="progress" max="2" value="1"' in shown
    assert "Cancel and undo" in shown and "Canceling skips the remaining lines" in shown
    for _ in range(2):
        assert browser.post(f"{one}/cancel").status_code == 303
    shown = browser.page(one)
    assert "Undone for 500 of 500 members so far." in shown and "Cancel and undo" not in shown
    with shop_transaction(engine, shop.id) as conn:
        assert conn.exec_driver_sql("SELECT DISTINCT balance FROM members").all() == [(0,)]
    assert browser.page("/app/activity/staff").count("Canceled the import of points.csv") == 1


def test_until_when_an_import_can_be_undone_and_what_that_does_is_said(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    one = upload(browser, b"email,points\nana@example.com,5\n")
    browser.post(f"{one}/carry-out", tell="yes")
    shown = browser.page(one)
    assert "You can undo this until" in shown and "Undo goes through the 1 member of this file" in shown
    assert "Members were told by email." in shown and f"{one}/undo" in shown
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("UPDATE imports SET done_at = now() - interval '30 days'")
    shown = browser.page(one)
    assert ("can&#39;t be undone anymore" in shown, f"{one}/undo" in shown) == (True, False)
    assert browser.post(f"{one}/undo", sure="yes").status_code == 409


def test_what_a_file_would_do_that_nobody_expects_is_said(browser: Browser) -> None:
    shown = browser.page(upload(browser, b"email,points\nana@example.com,5\nANA@example.com,-20\nbea@example.com,5\n"))
    assert "1 member has less than this file removes" in shown
    assert "1 line is about a person of an earlier line. Every line counts." in shown
    assert "The file has no lines below its headings." in browser.page(upload(browser, b"email,points\n"))
    plain = browser.page(upload(browser, b"email,points\nana@example.com,5\n"))
    assert "less than" not in plain and "several" not in plain


def test_the_columns_and_the_first_lines_are_shown_as_they_are_understood(browser: Browser) -> None:
    lines = "".join(f"{number}@example.com,Nr,{number},7\n" for number in range(1, 9))
    shown = browser.page(upload(browser, f"E-mail,First Name,Points Balance,Points spent\n{lines}".encode()))
    for at, meaning in enumerate(("email", "first_name", "points", "")):
        [chosen] = re.findall(rf'name="column_{at}" .*?value="([a-z_]*)"', shown)
        assert chosen == meaning
    assert "1@example.com · 2@example.com · 3@example.com · 4@example.com" in shown
    assert "<s-table-cell>5@example.com</s-table-cell><s-table-cell>5</s-table-cell>" in shown
    assert ">6@example.com<" not in shown and "Showing 5 of 8." in shown
    assert "The valid lines add up to 36 points. Balances are set to the file&#39;s points." in shown


def test_a_file_without_points_is_said_and_never_taken_for_a_good_one(browser: Browser) -> None:
    one = upload(browser, b"email,points_pending\nana@example.com,5\n")
    shown = browser.page(one)
    assert "Select the columns first" in shown and "No column has members&#39; current points" in shown
    assert "carry-out" not in shown
    left = browser.page(upload(browser, b"email,birthday\nana@example.com,12-24\n"))
    assert "This file brings no points" in left


def test_staff_assign_columns_and_the_source_and_the_preview_follows(browser: Browser) -> None:
    one = upload(browser, b"who,how many,vip\nana@example.com,120,Gold\nBo,1,\n")
    assert "Needs columns" in browser.page(one)
    answer = browser.post(f"{one}/columns", source="plain", column_0="email", column_1="points", points_as="set")
    assert answer.status_code == 303
    assert "Import 1 valid line" in browser.page(one)
    twice = browser.post(f"{one}/columns", source="plain", column_0="email", column_1="email")
    assert twice.status_code == 422 and "“who” is already this." in twice.text
    assert browser.post(f"{one}/columns", source="joy").status_code == 303
    assert re.search(r'name="source".*?value="joy"', browser.page(one))


def test_what_a_file_is_worth_is_said_and_a_rate_makes_less_of_it(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    rewards = [{"id": "r5", "name": "Five off", "kind": "amount_off", "points": 50, "value": "5"}]
    with shop_transaction(engine, shop.id) as conn:
        rules = Programme.model_validate({"rewards": rewards})
        programmes.add(conn, shop.id, rules, "test", "", datetime.now(UTC))
    one = upload(browser, b"email,points balance,lifetime points\nana@example.com,1250,4990\nbo@example.com,-40,\n")
    shown = browser.page(one)
    assert ": 1,250 points." in shown and "Worth up to" in shown and "set a rate below" in shown
    rate = {"source": "plain", "column_0": "email", "column_1": "points", "column_2": "lifetime", "points_as": "set"}
    for wrong in ("0", "-1", "1.5", "", "1000001", "x"):
        answer = browser.post(f"{one}/columns", **rate, theirs=wrong, ours="1")
        assert answer.status_code == 422 and "Enter a whole number from 1 to 1,000,000." in answer.text
    assert browser.post(f"{one}/columns", **rate, theirs="100", ours="1").status_code == 303
    shown = browser.page(one)
    assert ": 13 points." in shown and "Worth up to" in shown and "set a rate below" not in shown
    assert re.search(r'name="theirs".*?value="100"', shown)
    browser.post(f"{one}/carry-out")
    with shop_transaction(engine, shop.id) as conn:
        rows = conn.exec_driver_sql("SELECT email, balance FROM members ORDER BY email").all()
        brought = conn.exec_driver_sql("SELECT lifetime_points FROM member_origins").all()
    assert (rows, brought) == ([("ana@example.com", 13), ("bo@example.com", 0)], [(50,)])
    shown = browser.page(one)
    assert "2 of them have no customer account in your shop" in shown
    assert '&amp;who=guest">See guests' in shown
    browser.post(f"{one}/undo", sure="yes")
    assert "2 guests from this file are kept, without the file&#39;s points." in browser.page(one)


def test_only_tiers_that_the_program_has_are_counted_and_the_others_are_said_above_the_button(browser: Browser) -> None:
    shown = browser.page(upload(browser, b"email,points,vip tier\nana@example.com,5,Gold\nbo@example.com,5,gold\n"))
    assert "with a tier, kept" not in shown
    assert shown.index("Select below which of your tiers they become.") < shown.index("Import 2 lines")
    assert "already here" not in shown


def test_a_file_that_would_double_balances_says_so_before(browser: Browser) -> None:
    content = b"email,points\nana@example.com,120\nbo@example.com,35\n"
    browser.post(f"{upload(browser, content)}/carry-out")
    shown = browser.page(upload(browser, content))
    assert "This would double what 2 members hold" in shown and "Import 2 lines anyway" in shown


def test_every_source_has_a_guide_and_says_what_cannot_come_along(browser: Browser) -> None:
    assert "/app/members/import/from" in browser.page(PATH)
    shown = browser.page("/app/members/import/from")
    for source in SOURCES:
        assert (f"From {source.name or 'Another app or a spreadsheet'}" in shown) == (source.key != "suki")
        assert source.key in ("suki", "plain") or (GUIDES / f"{source.key}.md").is_file()


def test_consent_is_never_taken_and_that_is_said(browser: Browser) -> None:
    shown = browser.page(upload(browser, b"email,points,accepts marketing\nana@example.com,5,yes\n"))
    assert "Consent to marketing is never taken from a file (accepts marketing)." in shown
    assert '<option value="consent"' not in shown


def test_what_is_no_csv_is_refused_with_a_reason(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    for content, why in ((b"\xff\xfe\x00", "read the letters"), (b'email,points\n"a', "valid CSV")):
        answer = browser.post(PATH, file=(io.BytesIO(content), "x.csv"))
        assert answer.status_code == 422 and why in answer.text
    assert browser.post(PATH, note="x").status_code == 422
    assert "x.csv" not in browser.page(PATH)
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\n'
    monkeypatch.setattr(imports, "MOST_BYTES", 2 << 20)
    large = browser.client.post(
        PATH,
        data=head + b"e" * 3_000_000 + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
        headers={"Authorization": f"Bearer {id_token(browser.settings, browser.domain)}"},
    )
    assert large.status_code == 422 and "larger than 2 MB" in large.text


def test_another_shops_file_is_not_there(browser: Browser, other_browser: Browser) -> None:
    one = upload(browser, b"email,points\na@example.com,5\n")
    assert other_browser.get(one).status_code == 404
    assert other_browser.post(f"{one}/carry-out").status_code == 404
    assert other_browser.post(f"{one}/columns", source="joy").status_code == 404


def test_exports_hold_everything_of_this_shop_and_no_formula(
    browser: Browser, other_browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    eve = Buyer(customer_id=7, email="eve@example.com", first_name="=cmd()")
    with shop_transaction(engine, shop.id) as conn:
        members.add(conn, shop.id, [eve], {eve: datetime.now(UTC)})
    one = upload(browser, b"customer id,points\n7,50\n7,-20\n")
    browser.post(f"{one}/carry-out")
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql(
            "INSERT INTO member_tiers (shop_id, member_id, tier, since)"
            " VALUES (%(shop)s, 1, 'gold', '2026-11-01')", {"shop": shop.id},
        )  # fmt: skip
    assert exported(browser, "members")[0][6] == "balance"
    assert [row[-2:] for row in exported(browser, "members")] == [["tier", "tier since"], ["gold", "2026-11-01"]]
    assert exported(browser, "members")[1][:7] == ["1", "7", "eve@example.com", "'=cmd()", "", "member", "30"]
    assert [row[2:4] for row in exported(browser, "entries")[1:]] == [["adjusted", "50"], ["adjusted", "-20"]]
    assert [row[2:4] for row in exported(browser, "lots")[1:]] == [["50", "30"]]
    assert [len(exported(other_browser, what)) for what in ("members", "entries", "lots")] == [1, 1, 1]
    assert browser.get("/app/members/export/shops.csv").status_code == 404


def exported(browser: Browser, what: str) -> list[list[str]]:
    answer = browser.get(f"/app/members/export/{what}.csv")
    assert re.match(r'attachment; filename="\w+-[\d-]+\.csv"', answer.headers["Content-Disposition"])
    assert answer.text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"), newline="")))
