"""Start and stop a sandbox, in this process."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sandbox.local import Sandbox
from sandbox.mailbox import MailServer
from sandbox.options import Options
from sandbox.pages.server import Addition, WebServer, make_app
from sandbox.state import Shop
from sandbox.storefront import pages as storefront
from sandbox.trouble import Trouble

STOREFRONT = Addition(storefront.blueprint, "Storefront", "home")


class Running:
    """A running sandbox: its addresses, its parts, and how to stop it."""

    def __init__(self, options: Options, additions: Sequence[Addition] = ()) -> None:
        self.options = options
        self.box = Sandbox(options)
        self.smtp = MailServer(options.host, options.smtp_port, self.box.post, self.box.trouble)
        self.smtp.start()
        self.web = WebServer(options.host, options.port, make_app(self.box, (STOREFRONT, *additions)))
        options.port, options.smtp_port = self.web.port, self.smtp.port
        self.box.dispatcher.start()
        self.web.start()

    @property
    def url(self) -> str:
        """Where the sandbox is reached."""
        return self.options.url

    @property
    def smtp_port(self) -> int:
        """Where mails are taken."""
        return self.smtp.port

    @property
    def trouble(self) -> Trouble:
        """The switches."""
        return self.box.trouble

    @property
    def shop_url(self) -> str:
        """The value for the app's setting shopify_shop_url."""
        return f"{self.url}/shops/{{shop}}"

    def shop(self, domain: str, **wishes: Any) -> Shop:
        """A shop, made when it is new."""
        return self.box.open_shop(domain, **wishes)

    def stop(self) -> None:
        """Stop everything; state is kept in the data directory."""
        self.box.stopping.set()
        self.web.stop()
        self.smtp.stop()
        self.box.close()


def start(
    port: int = 0, smtp_port: int = 0, data_dir: str | Path | None = None, additions: Sequence[Addition] = (),
    **options: Any,
) -> Running:  # fmt: skip
    """Start a sandbox in threads of this process. Port 0 takes a free one; see Options for the rest."""
    directory = Path(data_dir) if data_dir else Path(tempfile.mkdtemp(prefix="suki-sandbox-"))
    return Running(Options(data_dir=directory, port=port, smtp_port=smtp_port, **options), additions)
