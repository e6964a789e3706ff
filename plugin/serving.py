"""gunicorn's settings, from ours: `gunicorn -c python:plugin.serving plugin.app:application`."""

from __future__ import annotations

import sys
from collections.abc import MutableMapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import psycopg.waiting
from gunicorn.glogging import Logger

from plugin import observe
from plugin.actions.shops import stored_secrets
from plugin.errors import SettingsError
from plugin.rules.words import catalogues
from plugin.settings import LOCAL_HOSTS, load_settings
from plugin.store.database import embedded

WEBHOOKS_PATH = "/webhooks"
_settings = load_settings()
_only_here = urlsplit(_settings.app_url).hostname in LOCAL_HOSTS
_log = observe.get_logger()


class RequestLog(Logger):
    """One line per request: path only, as query strings carry ID tokens. Webhooks are logged per batch."""

    def setup(self, cfg: Any) -> None:
        """Have gunicorn's own words go through our logger too."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True

    def access(self, resp: Any, _req: Any, environ: MutableMapping[str, Any], request_time: timedelta) -> None:
        """Log one answered request."""
        path, status = observe.path_shown(environ.get("PATH_INFO", "")), int(str(resp.status).split(" ", 1)[0])
        if path != WEBHOOKS_PATH:
            milliseconds = round(request_time.total_seconds() * 1000, 1)
            _log.info("request", method=environ["REQUEST_METHOD"], path=path, status=status, ms=milliseconds)


bind = f"{'127.0.0.1' if _only_here else '0.0.0.0'}:{_settings.port}"
workers = _settings.web_workers
worker_class = "gevent"
worker_connections = 1000
backlog = 2048
timeout = 30
graceful_timeout = 10
keepalive = 75
loglevel = "warning"
accesslog = "-"
logger_class = RequestLog
proc_name = "suki-web"


def on_starting(_server: Any) -> None:
    """In the master, before there are workers: logging, and the private database where it is used."""
    observe.configure_logging(_settings.log_level)
    catalogues.lenient(not _settings.is_local)
    for words in _settings.notices():
        _log.warning("setting", why=words)
    if _settings.database_url is None:
        embedded.join(_settings.data_dir)
    try:
        stored_secrets.check_at_start(_settings)
    except SettingsError as error:
        sys.exit(error.message)


def post_worker_init(_worker: Any) -> None:
    """psycopg was imported before gevent patched, so it would wait in C and hold up every other request."""
    psycopg.waiting.wait = psycopg.waiting.wait_selector


def child_exit(_server: Any, worker: Any) -> None:
    """A worker has ended: its gauges no longer count."""
    observe.forget_process(worker.pid)


def on_exit(_server: Any) -> None:
    """The workers have ended: let go of the private database."""
    if _settings.database_url is None:
        embedded.leave(_settings.data_dir)
