"""`make demo`: a whole shop on this machine, from nothing, until Ctrl-C.

Starts the database (a private one unless DATABASE_URL is set), the sandbox, the app and its worker; installs
the app in a demo shop; has two years of orders sent as signed webhooks, once; then lets new ones trickle in.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from types import FrameType

import click
import requests
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import Engine

from demo import extensions, names, processes
from demo.plan import SHOP, Plan
from demo.processes import Child, DemoStopped
from demo.programme import PROGRAMME
from plugin.actions.shops import show_programme
from plugin.actions.shops.save_counts_from import save_counts_from
from plugin.errors import SukiError
from plugin.rules.brand import Brand
from plugin.store.database import embedded, migrate
from plugin.store.database.db import dispatch_transaction, engine_at, enter_shop, system_transaction
from plugin.store.reports import health
from plugin.store.shops import launches, shops
from plugin.store.versions import programmes
from sandbox.names import serving

PAST = timedelta(days=800)
console = Console(highlight=False)


@click.command(help=__doc__)
@click.option("--port", default=8300, show_default=True, help="Of the app.")
@click.option("--sandbox-port", default=9300, show_default=True)
@click.option("--smtp-port", default=9325, show_default=True)
@click.option("--data-dir", default=".suki", show_default=True, type=click.Path(path_type=Path))
@click.option("--orders", default=0, help="Stop the history after so many orders (0: all of it).")
def main(port: int, sandbox_port: int, smtp_port: int, data_dir: Path, orders: int) -> None:
    """Run the demo."""
    plan = Plan(data_dir.absolute(), port, sandbox_port, smtp_port)
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    try:
        with _only_demo_of(plan):
            _run(plan, orders)
    except KeyboardInterrupt:
        console.print("Stopped. The next `make demo` goes on with the same data.")
    except (DemoStopped, SukiError, requests.RequestException) as error:
        console.print(f"The demo stopped: {error}", style="red", markup=False, soft_wrap=True)
        sys.exit(1)


def _as_ctrl_c(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def _only_demo_of(plan: Plan) -> Iterator[None]:
    plan.data_dir.mkdir(parents=True, exist_ok=True)
    with (plan.data_dir / "demo.lock").open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError as error:
            raise DemoStopped(f"A demo is running in {plan.data_dir} already.") from error
        yield


def _run(plan: Plan, orders: int) -> None:
    children: list[Child] = []
    with ExitStack() as until_the_end:
        until_the_end.callback(_stop_all, plan, children)
        _claim_ports(plan)
        engine = _database(plan)
        plan.write_settings()
        until_the_end.enter_context(serving(names.zone(engine, plan.settings(), SHOP), plan.smtp_port))
        missing = _build_extensions(plan)
        _start_all(plan, children)
        _install(plan)
        _set_up_programme(engine)
        _send_history(plan, children, orders)
        _drain(engine, children)
        _ask(plan, "trickle", {"on": True})
        _show_addresses(plan, missing)
        while True:
            processes.watch(children, 0.5)


def _claim_ports(plan: Plan) -> None:
    processes.claim_port("app", plan.port, "--port")
    processes.claim_port("sandbox", plan.sandbox_port, "--sandbox-port")
    processes.claim_port("sandbox's mail server", plan.smtp_port, "--smtp-port")


def _database(plan: Plan) -> Engine:
    given = plan.environment.get("DATABASE_URL")
    with console.status("Starting the database" if given is None else "Looking at the database"):
        url = given or embedded.join(plan.data_dir)
        plan.remember_database(url)
        migrate.upgrade(url, wait_seconds=10)
    return engine_at(url, "suki-demo", pool_size=1)


def _build_extensions(plan: Plan) -> str:
    with console.status("Building the extensions"):
        return extensions.build(plan.app_url)


def _start_all(plan: Plan, children: list[Child]) -> None:
    with console.status("Starting the sandbox, the app and its worker"):
        children.append(plan.child("sandbox", "demo.local_shopify", *plan.sandbox_options))
        processes.wait_for("The sandbox", f"{plan.sandbox_url}/healthz", children)
        children.append(plan.child("worker", "demo.moved", "worker"))
        children.append(plan.child("web", "demo.moved", "serve"))
        processes.wait_for("The app", f"{plan.app_url}/readyz", children)


def _install(plan: Plan) -> None:
    """Open the app as the admin frame does; the first time that installs it."""
    with console.status("Opening the app in the shop's admin"):
        load = requests.get(f"{plan.sandbox_url}/shops/{SHOP}/admin/load", timeout=30).json()
        answer = requests.get(load["url"], timeout=30)
    if answer.status_code != requests.codes.ok:
        raise DemoStopped(f"The app cannot be opened: {answer.status_code} {answer.text[:500]}")


def _set_up_programme(engine: Engine) -> None:
    """As a merchant would: a programme, then, in Settings, let orders from before the installation count."""
    now = datetime.now(UTC)
    with system_transaction(engine) as connection:
        shop = shops.by_domain(connection, SHOP)
        if shop and shop.counts_from > now - PAST:
            enter_shop(connection, shop.id)
            launches.launch(connection, shop.id, now)
            shops.set_brand(connection, shop.id, asdict(Brand()))
            show_programme.want(connection, shop.id, now)
            programmes.add(connection, shop.id, PROGRAMME, "demo", "A point for every ten pesos", now)
            save_counts_from(connection, shop.id, now - 2 * PAST, "demo", now)


def _ask(plan: Plan, what: str, wish: dict[str, object] | None = None) -> dict[str, object]:
    address = f"{plan.sandbox_url}/shops/{SHOP}/{what}.json"
    answer = requests.get(address, timeout=30) if wish is None else requests.post(address, json=wish, timeout=30)
    if not answer.ok:
        raise DemoStopped(f"The sandbox refuses {what}: {answer.status_code} {answer.text[:300]}")
    said: dict[str, object] = answer.json()
    return said


def _send_history(plan: Plan, children: list[Child], orders: int) -> None:
    state = _ask(plan, "history")
    if state["state"] == "done":
        return
    _ask(plan, "history", {"orders": orders})
    with _bar("Two years of orders, as webhooks") as bar:
        task = bar.add_task("", total=None)
        while state["state"] != "done":
            if state["state"] == "failed":
                raise DemoStopped(f"The history was not sent: {state['error']}")
            processes.watch(children, 0.3)
            state = _ask(plan, "history")
            bar.update(task, completed=float(str(state["sent"])), total=float(str(state["total"])) or None)


def _drain(engine: Engine, children: list[Child]) -> None:
    """Until the worker has processed what came and carried out what follows."""
    most = left = _waiting(engine)
    with _bar("Points, codes and mails") as bar:
        task = bar.add_task("", total=most)
        while left:
            processes.watch(children, 0.3)
            left = _waiting(engine)
            most = max(most, left)
            bar.update(task, completed=most - left, total=most)


def _waiting(engine: Engine) -> int:
    with dispatch_transaction(engine) as connection:
        backlog = health.backlog(connection)
    return backlog.inbox_due + backlog.jobs_due


def _bar(what: str) -> Progress:
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)


def _show_addresses(plan: Plan, missing: str) -> None:
    """Plain lines, so that a narrow terminal wraps an address and does not cut it."""
    console.print("\nSuki is running. Ctrl-C stops it.\n", style="bold green")
    if missing:
        console.print(f"  {missing}\n", soft_wrap=True)
    for what, address in (plan.addresses | {"Logs": str(plan.logs), "Checks": "make audit, make replay"}).items():
        console.print(f"  [bold]{what:22}[/bold] {address}", soft_wrap=True)
    console.print()


def _stop_all(plan: Plan, children: list[Child]) -> None:
    """In the order in which nobody waits for an answer: worker, sandbox, app, database."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is stopping already
    order = ("worker", "sandbox", "web")
    with console.status("Stopping"):
        for child in sorted(children, key=lambda each: order.index(each.name)):
            processes.stop(child)
        embedded.leave(plan.data_dir)


if __name__ == "__main__":
    main()
