"""The command line of a sandbox, which runs until Ctrl-C or SIGTERM."""

from __future__ import annotations

import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from sandbox.options import Options
from sandbox.pages.server import Addition
from sandbox.run import Running

FOLDER = click.Path(path_type=Path)


def _options() -> list[click.Parameter]:
    return [
        click.Option(["--host"], default="127.0.0.1", show_default=True),
        click.Option(["--port"], default=9300, show_default=True),
        click.Option(["--smtp-port"], default=9325, show_default=True),
        click.Option(["--data-dir"], default=".suki/sandbox", show_default=True, type=FOLDER),
        click.Option(["--app-url"], envvar="APP_URL", default="http://127.0.0.1:8300", show_default=True),
        click.Option(["--api-key"], envvar="SHOPIFY_API_KEY", default="sandbox-key", show_default=True),
        click.Option(["--api-secret"], envvar="SHOPIFY_API_SECRET", default="sandbox-secret-of-at-least-32-bytes"),
        click.Option(["--app-path"], default="/app", show_default=True, help="The panel's address within the app."),
        click.Option(["--webhook-path"], default="/webhooks", show_default=True),
        click.Option(["--app-toml"], type=FOLDER, help="Take topics and addresses from a shopify.app.toml."),
        click.Option(["--extensions-dir"], type=FOLDER, help="Host the UI extensions that were built in this folder."),
        click.Option(["--theme-extension"], type=FOLDER, help="A theme app extension that the online store shows."),
        click.Option(["--time-factor"], default=60.0, show_default=True, help="How much faster webhooks are repeated."),
        click.Option(["--shop", "shops"], multiple=True, help="domain[,currency[,plan]] of a shop to open."),
    ]


def command(about: str, additions: Sequence[Addition] = ()) -> click.Command:
    """A command that runs a sandbox, with whatever pages are added to it."""

    def main(shops: tuple[str, ...], **given: Any) -> None:
        _run(Running(Options(**given), additions), shops)

    return click.Command("sandbox", callback=main, params=_options(), help=about)


def _run(running: Running, shops: tuple[str, ...]) -> None:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    for text in shops:
        domain, currency, plan = (text.split(",") + ["", ""])[:3]
        running.shop(domain, currency=currency or "USD", plan=plan or "standard")
    click.echo(f"sandbox: {running.url}  mail: {running.options.host}:{running.smtp_port}")
    stop.wait()
    running.stop()
