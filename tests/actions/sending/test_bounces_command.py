"""`suki bounces`: what a mail server hands over is taken in, and nothing makes it send anything back."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from plugin.actions.sending.email_links import email_links
from plugin.cli import main
from plugin.settings import Settings, load_settings
from plugin.store.database.db import shop_transaction
from tests.conftest import KEY, ShopRow, TestDatabase
from tests.rules.sending.test_bounce_reports import HOLIDAY, QMAIL, REF, dsn
from tests.test_settings import GOOD
from tests.web.figures import add_members, people


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: TestDatabase, engine: Engine, shop: ShopRow) -> str:
    """The reference of an email to Ana, and the environment of an installation."""
    monkeypatch.chdir(tmp_path)
    for name in (*Settings.model_fields, "host"):
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in (GOOD | {"ENCRYPTION_KEYS": KEY, "DATABASE_URL": database.url}).items():
        monkeypatch.setenv(name, value)
    (ana,) = add_members(engine, shop.id, people(1))
    with shop_transaction(engine, shop.id) as conn:
        sql = "INSERT INTO messages (shop_id, member_id, kind, subject, state) VALUES (:s, :m, 'welcome', 'w', 'sent')"
        message = conn.execute(text(f"{sql} RETURNING id"), {"s": shop.id, "m": ana.id}).scalar_one()
        return email_links(conn, load_settings()).ref(shop.id, message)


def run(raw: bytes, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["bounces", *arguments], input=raw)


def said(raw: bytes, *arguments: str) -> str:
    """What the command says, after what is logged."""
    answer = run(raw, *arguments)
    assert answer.exit_code == 0, (answer.output, answer.exception)
    return answer.output.splitlines()[-1]


def rows(engine: Engine, shop: ShopRow, sql: str) -> list[tuple[object, ...]]:
    with shop_transaction(engine, shop.id) as conn:
        return [tuple(row) for row in conn.execute(text(sql))]


def test_a_returned_email_suppresses_whom_it_was_for_and_not_whom_the_report_names(
    sent: str, engine: Engine, shop: ShopRow
) -> None:
    raw = dsn("failed", "5.1.1", to=f"bounce+{sent.upper()}@bounces.example.com")
    assert [said(raw), said(raw)] == ["Taken: hard.", "This report was taken before. Nothing was done."]
    assert rows(engine, shop, "SELECT address, why, source FROM suppressions") == [
        ("p0001@example.com", "bounced", "returned")
    ]
    assert rows(engine, shop, "SELECT state FROM messages") == [("bounced",)]


def test_the_mail_server_may_say_where_it_came_to(sent: str, engine: Engine, shop: ShopRow) -> None:
    raw = dsn("failed", "4.4.7", to="postmaster@example.com")
    assert said(raw, "--to", f"bounce+{sent}@bounces.example.com") == "Taken: soft."
    assert rows(engine, shop, "SELECT why, soft_bounces FROM suppressions") == [("", 1)]


@pytest.mark.parametrize("raw", [b"", b"\xff\0" * 9, QMAIL, dsn("failed", "5.1.1"), HOLIDAY, b"x" * 3_000_000])
@pytest.mark.usefixtures("sent")
def test_what_is_none_of_ours_or_forged_ends_quietly_and_does_nothing(
    raw: bytes, engine: Engine, shop: ShopRow
) -> None:
    answer = run(raw, "--to", f"bounce+{REF}@bounces.example.com")
    assert (answer.exit_code, answer.output) == (0, "This names no email of ours. Nothing was done.\n")
    assert rows(engine, shop, "SELECT count(*) FROM suppressions") == [(0,)]
    assert rows(engine, shop, "SELECT state FROM messages") == [("sent",)]


def test_a_holiday_is_no_failure(sent: str, engine: Engine, shop: ShopRow) -> None:
    assert said(HOLIDAY.replace(REF.encode(), sent.encode())) == "This reports no failure. Nothing was done."
    assert rows(engine, shop, "SELECT count(*) FROM returned_mails") == [(0,)]


@pytest.mark.usefixtures("sent")
def test_without_the_database_the_mail_server_keeps_it_and_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    answer = run(dsn("failed", "5.1.1"))
    assert answer.exit_code == 75
    assert "Try again later" in answer.output
