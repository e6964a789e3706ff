"""python -m sandbox: a sandbox until Ctrl-C or SIGTERM."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import Any

import click

from sandbox.options import Options
from sandbox.run import Running


@click.command(help=__doc__)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=9300, show_default=True)
@click.option("--smtp-port", default=9325, show_default=True)
@click.option("--data-dir", default=".suki/sandbox", show_default=True, type=click.Path(path_type=Path))
@click.option("--app-url", envvar="APP_URL", default="http://127.0.0.1:8300", show_default=True)
@click.option("--api-key", envvar="SHOPIFY_API_KEY", default="sandbox-key", show_default=True)
@click.option("--api-secret", envvar="SHOPIFY_API_SECRET", default="sandbox-secret-of-at-least-32-bytes")
@click.option("--app-path", default="/app", show_default=True, help="The panel's address within the app.")
@click.option("--webhook-path", default="/webhooks", show_default=True)
@click.option("--app-toml", type=click.Path(path_type=Path), help="Take topics and addresses from a shopify.app.toml.")
@click.option("--time-factor", default=60.0, show_default=True, help="How much faster webhooks are repeated.")
@click.option("--shop", "shops", multiple=True, help="domain[,currency[,plan]] of a shop to open.")
def main(shops: tuple[str, ...], **given: Any) -> None:
    """Run until told to stop."""
    running = Running(Options(**given))
    for text in shops:
        domain, currency, plan = (text.split(",") + ["", ""])[:3]
        running.shop(domain, currency=currency or "USD", plan=plan or "standard")
    click.echo(f"sandbox: {running.url}  mail: {running.options.host}:{running.smtp_port}")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
    running.stop()


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main()
