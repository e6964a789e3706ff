"""`suki programme`: a shop's programme as a file, and what is different between versions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Connection

from plugin.errors import BadInput, SukiError
from plugin.settings import load_settings

if TYPE_CHECKING:  # what it imports in turn counts metrics, before it is known where
    from plugin.store.shops.shops import Shop

ACTOR = "command line"
SHOP = click.option("--shop", "domain", metavar="DOMAIN", help="x.myshopify.com. Required if there are several shops.")


@click.group()
def programme() -> None:
    """A shop's programme: export, import and diff."""


@programme.command()
@SHOP
@click.option("--version", "number", type=int, help="The version. Default: the active one.")
def export(domain: str | None, number: int | None) -> None:
    """Print a version as YAML."""
    from plugin.actions.programme import transfer_programme

    with _shop(domain) as (conn, shop):
        click.echo(transfer_programme.export(conn, shop, number, datetime.now(UTC)), nl=False)


@programme.command("import")
@SHOP
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--at",
    "when",
    metavar="DATE",
    help="When it takes effect, in the shop's time zone: 2026-12-01 or 2026-12-01T09:00.",
)
@click.option("--note", default="", help="A note for the list of versions.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
def bring_in(domain: str | None, file: Path, when: str | None, note: str, *, dry_run: bool) -> None:
    """Publish a YAML file as the next version."""
    from plugin.actions.programme import transfer_programme

    with _shop(domain) as (conn, shop):
        try:
            done = transfer_programme.bring_in(
                conn,
                shop,
                _text(file),
                at=_moment(when, shop),
                note=note,
                actor=ACTOR,
                now=datetime.now(UTC),
                dry_run=dry_run,
            )
        except BadInput as error:
            lines = [error.message, *(f"  {field}: {words}" for field, words in error.fields.items())]
            raise click.ClickException("\n".join(lines)) from error
    for change in done.changes:
        click.echo(change.sentence)
    if not done.changes:
        click.echo("Nothing would change." if dry_run else "Nothing has changed.")
    elif dry_run:
        click.echo("Nothing was saved. This was a dry run.")
    else:
        click.echo(f"Saved as version {done.number}{f', planned for {when}' if when else ''}.")


@programme.command()
@SHOP
@click.argument("old", type=int)
@click.argument("new", type=int)
def diff(domain: str | None, old: int, new: int) -> None:
    """Say what is different between two versions."""
    from plugin.actions.programme import transfer_programme
    from plugin.rules.versions.programme_changes import changes

    with _shop(domain) as (conn, shop):
        one, other = (transfer_programme.version(conn, shop, number, datetime.now(UTC)) for number in (old, new))
    found = changes(one.programme, other.programme)
    for change in found:
        click.echo(change.sentence)
    if not found:
        click.echo("These versions are the same.")


@contextmanager
def _shop(domain: str | None) -> Iterator[tuple[Connection, Shop]]:
    """The shop that is meant, within its transaction."""
    from plugin.store.database import db
    from plugin.store.shops import shops

    engine = db.create_engine(load_settings(), "suki-programme")
    try:
        with db.system_transaction(engine) as conn:
            found = shops.by_domain(conn, domain) if domain else _only(shops.everyone(conn))
        if found is None or found.state == "redacted":
            raise SukiError(f"There is no shop {domain}.")
        with db.shop_transaction(engine, found.id) as conn:
            yield conn, found
    finally:
        engine.dispose()


def _only(everyone: list[Shop]) -> Shop:
    known = [shop for shop in everyone if shop.state != "redacted"]
    if len(known) != 1:
        names = ", ".join(shop.domain for shop in known[:20])
        raise SukiError(f"Say which shop with --shop: {names}." if known else "There is no shop yet.")
    return known[0]


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        raise BadInput("The file cannot be read.", {"file": "must be text in UTF-8"}) from None


def _moment(text: str | None, shop: Shop) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput("Some values can't be used.", {"at": "Enter a date such as 2026-12-01."}) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(shop.timezone))
