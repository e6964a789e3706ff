"""`suki programme`: a version goes out as a file, comes back changed, and the difference is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from plugin.cli import main
from plugin.rules.programme import Programme
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from tests.conftest import ShopRow, TestDatabase
from tests.test_settings import GOOD


@pytest.fixture(autouse=True)
def installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: TestDatabase, engine: Engine, shop: ShopRow
) -> None:
    """A correct environment, and a shop with its first programme."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in {**GOOD, "DATABASE_URL": database.url}.items():
        monkeypatch.setenv(name, value)
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme(), "test", "", datetime.now(UTC) - timedelta(days=1))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["programme", *arguments])


def edited(file: Path, old: str, new: str) -> str:
    text = run("export").output
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    return str(file)


def test_a_programme_is_exported_edited_tried_imported_and_compared(
    tmp_path: Path, engine: Engine, shop: ShopRow
) -> None:
    file = edited(tmp_path / "programme.yaml", "welcome_points: 0", "welcome_points: 25")
    tried = run("import", file, "--dry-run")
    assert tried.output.splitlines() == ["Welcome points: 0 → 25", "Nothing was saved. This was a dry run."]
    done = run("import", file, "--note", "From the file")
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "Saved as version 2.")
    with shop_transaction(engine, shop.id) as conn:
        newest = programmes.versions(conn, shop.id)[-1]
    assert (newest.programme.welcome_points, newest.note, newest.author) == (25, "From the file", "command line")
    assert run("diff", "1", "2").output == "Welcome points: 0 → 25\n"
    assert run("diff", "2", "2").output == "These versions are the same.\n"
    assert run("import", file).output == "Nothing has changed.\n"
    assert "welcome_points: 0" in run("export", "--version", "1").output


def test_an_import_can_be_planned(tmp_path: Path, engine: Engine, shop: ShopRow) -> None:
    file = edited(tmp_path / "programme.yaml", "welcome_points: 0", "welcome_points: 25")
    day = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    assert run("import", file, "--at", day).output.splitlines()[-1] == f"Saved as version 2, planned for {day}."
    with shop_transaction(engine, shop.id) as conn:
        assert programmes.current(conn, shop.id, datetime.now(UTC)).number == 1
    assert "That time has passed" in run("import", file, "--at", "2020-01-01").output
    assert "Enter a date" in run("import", file, "--at", "soon").output


def test_what_is_wrong_in_a_file_is_named_and_nothing_is_done(tmp_path: Path, engine: Engine, shop: ShopRow) -> None:
    for old, new, told in (
        ("welcome_points: 0", "welcome_points: -1", "welcome_points: Enter 0 or more."),
        ("welcome_points: 0", "welcome: 0", "welcome: "),
        ("per_amount: 1", "per_amount: 0.001", "earning.per_amount: "),
        ("format: 1", "format: 2", "format: must be 1"),
    ):
        refused = run("import", edited(tmp_path / "wrong.yaml", old, new))
        assert refused.exit_code == 1
        assert told in refused.output
    (tmp_path / "latin.yaml").write_bytes(b"format: \xff")
    assert "UTF-8" in run("import", str(tmp_path / "latin.yaml")).output
    with shop_transaction(engine, shop.id) as conn:
        assert len(programmes.versions(conn, shop.id)) == 1


def test_a_version_or_shop_that_does_not_exist_is_an_error() -> None:
    assert "We couldn't find version 7" in run("diff", "1", "7").output
    assert "We couldn't find version 0" in run("export", "--version", "0").output
    assert "There is no shop nobody.myshopify.com" in run("export", "--shop", "nobody.myshopify.com").output


def test_with_several_shops_one_must_be_named(other_shop: ShopRow, shop: ShopRow) -> None:
    refused = run("export")
    assert refused.exit_code == 1
    assert other_shop.domain in refused.output
    assert run("export", "--shop", shop.domain).exit_code == 0
