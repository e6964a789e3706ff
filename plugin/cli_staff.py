"""`suki staff`: who may do what in a shop, for whoever runs the app."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
from sqlalchemy import Connection

from plugin.errors import NotFound
from plugin.settings import load_settings

if TYPE_CHECKING:  # what it imports in turn counts metrics, before it is known where
    from plugin.store.shops.shops import Shop

SHOP = click.option("--shop", "domain", metavar="DOMAIN", required=True, help="x.myshopify.com")


@click.group()
def staff() -> None:
    """Accounts of a shop's staff and their roles."""


@staff.command("list")
@SHOP
def listed(domain: str) -> None:
    """Who has opened the app, latest first."""
    from plugin.store.shops import staff as store

    with opened(domain) as (conn, shop):
        for one in store.all_of(conn, shop.id):
            click.echo(f"{one.id:<16} {one.role:<8} {one.seen_at:%Y-%m-%d %H:%M} {one.name}".rstrip())


@staff.command()
@SHOP
@click.option("--account", required=True, metavar="NUMBER", help="Shopify's number of the account; see `staff list`.")
def owner(domain: str, account: str) -> None:
    """Make an account an owner, where no owner can do it."""
    from plugin.actions.shops import staff_roles

    with opened(domain) as (conn, shop):
        staff_roles.appoint(conn, shop.id, account, datetime.now(UTC))
    click.echo(f"{account} is now an owner of {domain}.")


@contextmanager
def opened(domain: str) -> Iterator[tuple[Connection, Shop]]:
    """A transaction on the rows of one shop."""
    from plugin.store.database import db
    from plugin.store.shops import shops

    engine = db.create_engine(load_settings(), "suki-staff")
    try:
        with db.system_transaction(engine) as conn:
            found = shops.by_domain(conn, domain)
            if found is None:
                raise NotFound(f"{domain} has never opened the app.")
            db.enter_shop(conn, found.id)
            yield conn, found
    finally:
        engine.dispose()
