"""`suki`: every process and every chore of an operator."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import psutil
from dotenv import dotenv_values
from pydantic import SecretStr

from plugin.cli_bounces import bounces
from plugin.cli_facts import facts
from plugin.cli_messages import messages
from plugin.cli_privacy import privacy
from plugin.cli_programme import programme
from plugin.cli_secrets import secrets
from plugin.cli_staff import SHOP, opened, staff
from plugin.errors import SukiError
from plugin.settings import Settings, load_settings

GUNICORN_CONFIG = "python:plugin.serving"
DOMAIN = click.argument("domain")
"""x.myshopify.com"""
WHAT = click.argument("what", type=click.Choice(("earning", "spending", "mails")))


class _Commands(click.Group):
    """Expected errors end a command with their message and exit code 1, without a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except SukiError as error:
            raise click.ClickException(error.message) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="suki-loyalty", prog_name="suki")
@click.option(
    "--env",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of NAME=value lines, for settings that aren't in the environment.",
)
def main(env: Path | None) -> None:
    """Suki: loyalty and retention for Shopify shops."""
    if env is not None:
        for name, value in dotenv_values(env).items():
            os.environ.setdefault(name, value or "")


@main.command()
def serve() -> None:
    """Serve the app and its webhooks (gunicorn)."""
    settings = load_settings()
    _refuse_unfit_database(settings)
    share_metrics(settings)
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "-c", GUNICORN_CONFIG, "plugin.app:application"])


@main.command()
def worker() -> None:
    """Process deliveries and carry out jobs."""
    settings = load_settings()
    _refuse_unfit_database(settings)
    share_metrics(settings)
    from plugin.worker import main as work

    work()


@main.command()
@click.option("--wait", default=60.0, show_default=True, help="Seconds to wait for the database.")
def migrate(wait: float) -> None:
    """Bring the database to the newest schema; with an owner of its own, give the processes' role its rights."""
    from plugin.store.database import db, migrate, roles

    settings = load_settings()
    url = db.owner_url(settings)
    runtime = roles.role_of(settings.database_url or "") if settings.database_owner_url else ""
    migrate.upgrade(url, wait)
    click.echo(f"The database is at schema {migrate.newest()}.")
    if runtime:
        roles.grant(url, runtime)
        click.echo(f"The role {runtime} can read and write rows, but can't create or truncate tables.")


def _refuse_unfit_database(settings: Settings) -> None:
    """A role that nothing binds, a pooler that shares sessions: said before anything begins."""
    from plugin.store.database import roles, sessions

    roles.refuse(settings.database_url)
    sessions.refuse_shared(settings.database_url)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def demo(arguments: tuple[str, ...]) -> None:
    """Show everything on this machine: a demo shop, its history, orders trickling in."""
    os.execv(sys.executable, [sys.executable, "-m", "demo", *arguments])


@main.command()
def audit() -> None:
    """Recompute every balance and lot, and list what does not agree."""
    settings = load_settings()
    from plugin.actions.points.audit import audit as run
    from plugin.store.database import db

    mismatches = run(db.create_engine(settings, "suki-audit"))
    for mismatch in mismatches:
        click.echo(mismatch)
    click.echo(
        f"{len(mismatches)} {'mismatch' if len(mismatches) == 1 else 'mismatches'}."
        if mismatches
        else "Every balance and lot agrees."
    )
    sys.exit(1 if mismatches else 0)


@main.command()
@click.option("--check", is_flag=True, required=True, help="Compare only. Nothing is changed.")
def replay(check: bool) -> None:
    """Rebuild the ledger from the stored deliveries in a scratch schema, and compare."""
    settings = load_settings()
    from webhooks.replay import replay as run

    differences, begins = run(settings)
    for domain, at in sorted(begins.items()):
        click.echo(f"{domain}: webhooks up to {at:%Y-%m-%d %H:%M} UTC were emptied. The ledger was rebuilt from then.")
    for difference in differences.faults:
        click.echo(difference)
    for difference in differences.apart:
        click.echo(f"{difference} (calculated the old way; your staff decide under Activity)")
    count = len(differences.faults)
    same = "The rebuilt ledger is the same." if not differences.apart else "Otherwise, the ledger is the same."
    click.echo(f"{count} {'difference' if count == 1 else 'differences'}." if count else same)
    sys.exit(1 if count else 0)


@main.command()
@click.option("--connect", is_flag=True, help="Also connect to the database.")
def settings(connect: bool) -> None:
    """Check the settings and say which are set; values of secrets are never shown."""
    loaded = load_settings()
    for name in Settings.model_fields:
        click.echo(f"{name.upper():28} {_shown(loaded, name)}")
    for words in loaded.notices():
        click.echo(words)
    if connect:
        from plugin.store.database import db, roles

        for name, address in (
            ("DATABASE_URL", db.libpq_url(loaded)),
            ("DATABASE_OWNER_URL", loaded.database_owner_url),
        ):
            if address:
                click.echo(f"{name} {roles.tried(address)}")


def _shown(loaded: Settings, name: str) -> str:
    value = getattr(loaded, name)
    if value is None:
        return "not set"
    if (
        isinstance(value, SecretStr) or name.startswith("database_") and name.endswith("_url")
    ):  # the address may hold a password
        return "set"
    return f"{value}" if name in loaded.model_fields_set else f"{value} (by default)"


@main.group()
def shops() -> None:
    """What only whoever runs the app can know of a shop, and whether its programme reaches shoppers."""


@shops.command()
@SHOP
def left(domain: str) -> None:
    """The merchant removed the app for certain, and Shopify does not say so clearly."""
    from plugin.actions.shops import leaving

    with opened(domain) as (conn, shop):
        done = leaving.known_to_have_left(conn, shop, datetime.now(UTC))
    click.echo(
        f"{domain} has left. Its data can be erased in 48 hours. Opening the app again brings the shop back."
        if done
        else f"{domain} doesn't have the app. Nothing was changed."
    )


@shops.command()
@DOMAIN
def launch(domain: str) -> None:
    """Launch the programme: from now on it reaches shoppers, and orders earn."""
    from plugin.actions.shops import launch_programme

    with opened(domain) as (conn, shop):
        launch_programme.launch(conn, shop, "cli", datetime.now(UTC))
    click.echo(f"{domain} is launched.")


@shops.command()
@DOMAIN
@WHAT
def pause(domain: str, what: str) -> None:
    """Pause earning, spending or mails."""
    from plugin.actions.shops import launch_programme

    with opened(domain) as (conn, shop):
        new = launch_programme.pause(conn, shop, what, "cli", datetime.now(UTC))
    click.echo(f"{domain}: {what} {'is' if new else 'was already'} paused.")


@shops.command()
@DOMAIN
@WHAT
def resume(domain: str, what: str) -> None:
    """Resume what is paused."""
    from plugin.actions.shops import launch_programme

    with opened(domain) as (conn, shop):
        new = launch_programme.resume(conn, shop, what, "cli", datetime.now(UTC))
    click.echo(f"{domain}: {what} {'goes on' if new else 'was not paused'}.")


@shops.command()
@DOMAIN
def show(domain: str) -> None:
    """Whether it is launched, and what is paused."""
    with opened(domain) as (_, shop):
        paused = f", paused: {', '.join(shop.paused)}" if shop.paused else ""
        click.echo(f"{domain}: {shop.stage}{paused}")


main.add_command(programme)
main.add_command(facts)
main.add_command(messages)
main.add_command(bounces)
main.add_command(privacy)
main.add_command(staff)
main.add_command(secrets)


def share_metrics(settings: Settings) -> None:
    """Have the processes on this machine add up their metrics; prometheus_client reads this when imported."""
    directory = Path(settings.data_dir).absolute() / "metrics"
    directory.mkdir(parents=True, exist_ok=True)
    for file in directory.glob("*_*.db"):
        if not psutil.pid_exists(int(file.stem.rpartition("_")[2])):
            file.unlink(missing_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(directory)


if __name__ == "__main__":
    main()
