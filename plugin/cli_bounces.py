"""`suki bounces`: takes in what came back."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from plugin.errors import SukiError

TRY_LATER = 75
"""EX_TEMPFAIL of sysexits.h: the mail server keeps the report and tries again."""


@click.command()
@click.option("--to", "came_to", default="", help="The address it came to, as your email server knows it.")
def bounces(came_to: str) -> None:
    """Read one returned email from standard input, and take it in.

    It always ends with 0, as a server would send back what is refused; but with 75 while the database can't be
    reached, so that it is tried again.
    """
    from sqlalchemy.exc import OperationalError

    from plugin.actions.sending import take_report
    from plugin.rules.sending.bounce_reports import MOST_BYTES
    from plugin.settings import load_settings
    from plugin.store.database import db

    raw = sys.stdin.buffer.read(MOST_BYTES)
    while sys.stdin.buffer.read(MOST_BYTES):
        pass  # a mail server whose report is not read to its end takes that for a failure
    settings = load_settings()
    engine = db.create_engine(settings, "suki-bounces", pool_size=1)
    try:
        with db.system_transaction(engine) as conn:
            click.echo(take_report.take_report(conn, settings, raw, came_to, datetime.now(UTC)))
    except OperationalError as error:
        click.echo(f"Try again later: {type(error.orig).__name__}", err=True)
        sys.exit(TRY_LATER)
    except SukiError as error:
        click.echo(f"Try again later: {error.message}", err=True)
        sys.exit(TRY_LATER)
    finally:
        engine.dispose()
