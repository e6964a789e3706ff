"""`make bench`: measure what the design asks, side by side, on this machine, and print one table.

docs/extending/benchmarks.md says how each line is measured and what it does not show.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import psutil
from rich.console import Console

from bench import (
    big,
    clicking,
    emails,
    ending,
    intake,
    load,
    member_list,
    moving,
    orders,
    processing,
    settling,
    spending,
    storefront,
    surfaces,
)
from bench.automation import webhooks
from bench.emails import previews
from bench.place import Place, place
from bench.table import Line, not_measured, show, write
from plugin.observe import configure_logging

console = Console(stderr=True, highlight=False)
PARTS = (
    "acknowledgements",
    "orders",
    "pace",
    "settling",
    "backlog",
    "big",
    "surfaces",
    "members",
    "ending",
    "moving",
    "spending",
    "clicking",
    "storefront",
    "emails",
    "previews",
    "rules",
    "webhooks",
)


@click.command(help=__doc__)
@click.option("--only", multiple=True, type=click.Choice(PARTS), help="Measure only this part (may be repeated).")
@click.option("--entries", default=big.ENTRIES, show_default=True, help="Length of the long ledger.")
@click.option("--members", default=big.MEMBERS, show_default=True, help="Members of the big shop.")
@click.option("--backlog", default=processing.BACKLOG, show_default=True, help="Deliveries to drain.")
@click.option("--workers", default=1, show_default=True, help="Processes of `suki worker` that drain.")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the results there too.")
def main(only: tuple[str, ...], entries: int, members: int, backlog: int, workers: int, file: Path | None) -> None:
    """Measure and print."""
    started = time.monotonic()
    configure_logging("warning")
    sale = orders.example(timedelta(hours=1))
    parts: dict[str, Callable[[Place], list[Line]]] = {
        "acknowledgements": lambda here: intake.acknowledgements(here, sale),
        "orders": lambda here: [processing.orders_to_ledger(here, sale)],
        "pace": lambda here: [intake.at_a_pace(here)],
        "settling": settling.measure,
        "backlog": lambda here: processing.backlogs(here, backlog, workers),
        "big": lambda here: big.measure(here, processing.old(), entries, members),
        "surfaces": lambda here: surfaces.measure(here, entries, members),
        "members": lambda here: member_list.measure(here, members),
        "ending": lambda here: ending.measure(here, entries, members),
        "moving": moving.measure,
        "spending": spending.measure,
        "clicking": clicking.measure,
        "storefront": storefront.measure,
        "emails": lambda here: emails.measure(here, sale),
        "previews": previews.measure,
        "rules": lambda _: processing.rules_alone(sale),
        "webhooks": webhooks.measure,
    }
    with place() as here:
        before = list(_head(here, sale))
        lines = [line for name in only or PARTS for line in _measured(here, name, parts[name])]
    head = [*before, f"{(time.monotonic() - started) / 60:.1f} minutes; load of the machine at the end: {_busy()}"]
    show(head, lines)
    if file:
        write(file, head, lines)


def _head(here: Place, sale: orders.Example) -> Iterator[str]:
    yield f"Suki, measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC; load of the machine before: {_busy()}"
    memory = psutil.virtual_memory().total / 2**30
    yield f"{os.cpu_count()} processors, {memory:.0f} GiB, Python {platform.python_version()}"
    yield f"PostgreSQL {here.database.ask('SHOW server_version')}: {here.durability()}"
    yield f"{sale.source}, {len(sale.body(0, 0)):,} bytes; {load.CONNECTIONS} connections; {load.generator()}"


def _busy() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def _measured(here: Place, name: str, measure: Callable[[Place], list[Line]]) -> list[Line]:
    """One part; what goes wrong in it is said in its line, and the next part has its turn."""
    with console.status(name):
        started = time.monotonic()
        try:
            lines = measure(here)
        except (RuntimeError, TimeoutError, OSError, *here.failures) as error:
            lines = [not_measured(name, f"{type(error).__name__}: {error}")]
    console.print(f"{name}: {time.monotonic() - started:.0f} s")
    return lines


if __name__ == "__main__":
    main()
