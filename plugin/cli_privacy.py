"""`suki privacy`: the list of what was forgotten, and doing it again after a restored backup."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO

import click
from sqlalchemy import Engine

from plugin.errors import BadInput
from plugin.settings import load_settings

SINCE = click.option(
    "--since", metavar="DATE", required=True, help="2026-12-01 or 2026-12-01T09:00, UTC: when the backup was made."
)


@click.group()
def privacy() -> None:
    """Erasures: list them, and repeat them after restoring a backup."""


@privacy.command("export-list")
@SINCE
def export_list(since: str) -> None:
    """Print what was forgotten since then: hashes and moments, nobody's name. Keep it apart from the database."""
    from plugin.actions.privacy import repeating

    with _engine() as engine:
        for line in repeating.listed(engine, _moment(since)):
            click.echo(line)


@privacy.command()
@SINCE
@click.argument("files", nargs=-1, required=True, type=click.File())
def replay(since: str, files: tuple[IO[str], ...]) -> None:
    """Repeat what FILES (lists of export-list, or logs; - for standard input) say was forgotten since then.

    The worker carries the erasures out. What is still remembered is left as it is, so it may be run twice.
    """
    from plugin.actions.privacy import repeating

    said = repeating.read(_lines(files), _moment(since))
    if not said:
        raise BadInput("These files list no erasure since then. Nothing was done.")
    with _engine() as engine:
        done = repeating.repeat(engine, said, datetime.now(UTC))
    for one in done:
        if one.unknown:
            click.echo(f"{one.shop}: not in this database, so there is nothing to erase")
            continue
        asked = [f"{one.people} hashes of people and orders"] if one.people else []
        asked += ["the whole shop"] if one.whole else []
        click.echo(f"{one.shop}: {' and '.join(asked)} to be erased again" if asked else f"{one.shop}: all remembered")


@contextmanager
def _engine() -> Iterator[Engine]:
    settings = load_settings()
    from plugin.store.database import db

    engine = db.create_engine(settings, "suki-privacy")
    try:
        yield engine
    finally:
        engine.dispose()


def _lines(files: tuple[IO[str], ...]) -> Iterator[str]:
    for file in files:
        yield from file


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput("--since must be a date such as 2026-12-01 or 2026-12-01T09:00") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
