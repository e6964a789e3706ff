"""The web server: all routes in one Flask app, on a threaded server with kept-alive connections."""

from __future__ import annotations

import logging
import socketserver
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from sandbox.admin_api import routes
from sandbox.local import Sandbox
from sandbox.pages import (
    app_proxy,
    clock_pages,
    customer_pages,
    file_pages,
    frame,
    mailbox_pages,
    order_pages,
    picker_pages,
    receiver_pages,
    shop_pages,
    store_pages,
    trouble_pages,
    webhook_pages,
)
from sandbox.pages.surfaces import account, admin, checkout, frames, people, thank_you, till


class Handler(WSGIRequestHandler):
    """Keeps connections open and sends an answer in one piece."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65536
    timeout = 60

    def finish(self) -> None:
        """What was not written yet has no reader, where the client is gone."""
        try:
            super().finish()
        except ConnectionError:
            self.rfile.close()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: every page of the sandbox shows what happened."""

    def log_error(self, format: str, *args: object) -> None:
        """A client that goes away is no news."""


@dataclass(frozen=True)
class Addition:
    """Pages that somebody else adds to a sandbox, and where each shop's header leads to them."""

    blueprint: Callable[[Sandbox], Blueprint]
    title: str = ""
    path: str = ""


def make_app(box: Sandbox, additions: Sequence[Addition] = ()) -> Flask:
    """The Flask app of a sandbox."""
    app = Flask("sandbox", root_path=str(Path(__file__).parents[1]))
    app.extensions["sandbox"] = box
    app.jinja_env.globals["additions"] = [one for one in additions if one.title]
    app.register_blueprint(routes.blueprint(box.calls, box.world, box.trouble, box.stopping))
    own = (
        app_proxy, clock_pages, customer_pages, file_pages, frame, mailbox_pages, order_pages, picker_pages,
        receiver_pages, shop_pages, store_pages, trouble_pages, webhook_pages, account, admin, checkout, frames,
        people, thank_you, till,
    )  # fmt: skip
    for blueprint in (*(part.blueprint for part in own), *(one.blueprint for one in additions)):
        app.register_blueprint(blueprint(box))
    return app


class WebServer:
    """The server in a thread of its own."""

    def __init__(self, host: str, port: int, app: Flask) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.server: BaseWSGIServer = make_server(host, port, app, threaded=True, request_handler=Handler)
        if isinstance(self.server, socketserver.ThreadingMixIn):
            self.server.daemon_threads = True
            self.server.block_on_close = False
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.1,), name="sandbox-web", daemon=True)

    def start(self) -> None:
        """Serve."""
        self.thread.start()

    def stop(self) -> None:
        """Close."""
        self.server.shutdown()
        self.thread.join(5)
        self.server.server_close()
