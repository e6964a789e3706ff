"""A sandbox that hosts a tiny extension, and an app on another port that allows frames to call it."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page

from sandbox import run
from sandbox.state import Shop
from tests.sandbox.conftest import DOMAIN

TINY = Path(__file__).parent / "tiny"
ASKS = "admin.customer-details.action.should-render"
CONDITION = f"shopify.extend('{ASKS}', async () => ({{display: shopify.settings.value.least !== 9}}));"
"""The action is not offered where the merchant set 9."""
APP_WHEN_BUILT = "https://app.example"
ALLOWED = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Allow-Methods": "GET, POST",
}


def built(folder: Path, handle: str, targets: list[str]) -> Path:
    """The folder of extensions with the tiny one in it, built as the project's own are."""
    shutil.copytree(TINY, folder / handle, dirs_exist_ok=True)
    dist = folder / handle / "dist"
    dist.mkdir()
    shutil.copy(TINY / "tiny.js", dist / f"{handle}.js")
    (dist / f"{handle}-should-render.js").write_text(CONDITION)
    listing = {
        "handle": handle,
        "app_url": APP_WHEN_BUILT,
        "files": [
            {"file": f"{handle}.js", "targets": targets, "bytes": 1},
            {"file": f"{handle}-should-render.js", "targets": [ASKS], "bytes": 1},
        ],
    }
    (dist / "built.json").write_text(json.dumps(listing))
    return folder


@dataclass
class Cors:
    """The app: remembers what it was asked. Without `allows`, browsers refuse its answers."""

    url: str = ""
    asked: list[tuple[str, str, str, str]] = field(default_factory=list)
    allows: bool = True

    def calls(self) -> list[tuple[str, str]]:
        """Method and path of each call."""
        return [(method, path) for method, path, _, _ in self.asked]


@pytest.fixture
def called() -> Iterator[Cors]:
    cors = Cors()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            said = self.headers.get("Origin", ""), self.headers.get("Authorization", "")
            cors.asked.append((self.command, self.path, *said))
            body = b"" if self.command == "OPTIONS" else b"pong"
            self.send_response(200 if body else 204)
            for name, value in (ALLOWED if cors.allows else {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_OPTIONS = answer

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    cors.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield cors
    server.shutdown()
    thread.join()
    server.server_close()


TARGETS = re.findall(r'target = "(.+)"', (TINY / "shopify.extension.toml").read_text("utf-8"))


@pytest.fixture
def hosting(called: Cors, tmp_path: Path) -> Iterator[run.Running]:
    (tmp_path / "extensions").mkdir()
    folder = built(tmp_path / "extensions", "tiny", TARGETS)
    running = run.start(app_url=called.url, data_dir=tmp_path, extensions_dir=folder, time_factor=1)
    yield running
    running.stop()


@pytest.fixture
def store(hosting: run.Running) -> Shop:
    return hosting.shop(DOMAIN, currency="PHP", name="Lakan")


@pytest.fixture
def browser_page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(6_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def frame_of(page: Page, handle: str = "tiny") -> Frame:
    """The frame of an extension, once it has begun."""
    element = page.wait_for_selector(f"iframe[data-handle={handle}]")
    frame = element.content_frame() if element else None
    assert frame is not None
    frame.wait_for_selector("html[data-begun]")
    return frame
