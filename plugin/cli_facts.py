"""`suki facts`: what reports read of orders and members, computed anew."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
from sqlalchemy import Engine

from plugin.errors import NotFound
from plugin.settings import load_settings

if TYPE_CHECKING:  # what it imports in turn counts metrics, before it is known where
    from plugin.store.shops.shops import Shop

A_LINE_EVERY = 20
"""Steps from one line of progress to the next."""


@click.group()
def facts() -> None:
    """What reports know of orders and members."""


@facts.command()
@click.option("--shop", "domain", metavar="DOMAIN", help="x.myshopify.com. Default: every shop.")
def rebuild(domain: str | None) -> None:
    """Compute it again from the stored orders, beside everything else. What is stopped goes on where it was."""
    settings = load_settings()
    from plugin.store.database import db

    engine = db.create_engine(settings, "suki-facts")
    try:
        for shop in _shops(engine, domain):
            _rebuild(engine, shop)
    finally:
        engine.dispose()


def _shops(engine: Engine, domain: str | None) -> list[Shop]:
    from plugin.store.database.db import system_transaction
    from plugin.store.shops import shops

    with system_transaction(engine) as conn:
        found = [shop for shop in shops.everyone(conn) if domain in (None, shop.domain)]
    if not found and domain:
        raise NotFound(f"We couldn't find the shop {domain}")
    return found


def _rebuild(engine: Engine, shop: Shop) -> None:
    from plugin.actions.reports import rebuild_facts
    from plugin.rules.retention.counted_by import under_way

    before = under_way(shop.settings)
    if before is None:
        rebuild_facts.begin(engine, shop.id)
    else:
        click.echo(f"{shop.domain}: going on after {before.orders} orders and {before.members} members")
    for number, at in enumerate(rebuild_facts.steps(engine, shop.id, lambda: datetime.now(UTC)), 1):
        if at.over:
            click.echo(f"{shop.domain}: {at.orders} orders, {at.changed} of them corrected; {at.members} members")
            return
        if number % A_LINE_EVERY == 0:
            click.echo(f"{shop.domain}: {at.orders} orders and {at.members} members so far")
