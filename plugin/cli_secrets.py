"""`suki secrets`: make keys, change what stored secrets are under, give up a key that is lost."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from cryptography.fernet import Fernet
from sqlalchemy import Engine

from plugin.settings import Settings, load_settings

if TYPE_CHECKING:
    from plugin.actions.shops.stored_secrets import Report


@click.group()
def secrets() -> None:
    """Keys, and the secrets that are stored under them."""


@secrets.command("new")
def new_secret() -> None:
    """Print a fresh key for ENCRYPTION_KEYS."""
    click.echo(Fernet.generate_key().decode())


@secrets.command()
@click.option("--check", is_flag=True, help="Only count what still uses an older key.")
def rotate(check: bool) -> None:
    """Encrypt everything anew under the first of ENCRYPTION_KEYS. May be stopped and begun again."""
    from plugin.actions.shops import stored_secrets

    with _engine() as (engine, settings):
        report = stored_secrets.count(engine) if check else stored_secrets.rotate(engine, settings)
    _tell(report)
    sys.exit(0 if report.done else 1)


def _tell(report: Report) -> None:
    for name in sorted({*report.renewed, *report.left, *report.unreadable}):
        row = (name, report.renewed[name], report.left[name], report.unreadable[name])
        click.echo("{:<26} {:>9} encrypted anew {:>9} under an older key {:>9} unreadable".format(*row))
    if report.done:
        click.echo("Everything uses the first of ENCRYPTION_KEYS. You can remove the others.")
    elif report.unreadable.total():
        click.echo("Unreadable secrets need a key that isn't in ENCRYPTION_KEYS, or are damaged. Keep every key.")
    else:
        click.echo("Some secrets still use an older key. Run `suki secrets rotate`, and keep every key until then.")


@secrets.command()
@click.option("--yes", is_flag=True, help="Skip the confirmation.")
def lost(yes: bool) -> None:
    """Start without keys that are lost: what only they can read stays unreadable."""
    from plugin.actions.shops import stored_secrets

    if not yes:
        click.confirm("Codes that need a lost key stay unreadable. Continue?", abort=True)
    with _engine() as (engine, settings):
        gone = stored_secrets.give_up_lost(engine, settings)
    click.echo(f"{gone} {'key is' if gone == 1 else 'keys are'} no longer needed.")


@contextmanager
def _engine() -> Iterator[tuple[Engine, Settings]]:
    from plugin.store.database import db

    settings = load_settings()
    engine = db.create_engine(settings, "suki-secrets")
    try:
        yield engine, settings
    finally:
        engine.dispose()
