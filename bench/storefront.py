"""What the launcher and the blocks cost a shop's pages: Lighthouse with and without them, in turn; and their bytes."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import statistics
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bench.place import Place
from bench.table import Line, not_measured
from plugin.rules import formats
from plugin.rules.orders.shown_figures import figures
from plugin.rules.programme import Programme
from plugin.rules.words.programme_page import programme_page
from sandbox import run
from sandbox.state import Shop, iso, now

ROOT = Path(__file__).parents[1]
THEME = ROOT / "extensions" / "theme-loyalty"
LIGHTHOUSE = ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"
RUNS: Final = 5
MOST_DROP: Final = 2
MOST_BYTES: Final = 10 * 1024
PAGES: Final = {"home page": "/home", "product page": "/products/stoneware-mug"}
CHROME = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"


def measure(_here: Place) -> list[Line]:
    """The scripts' size, then each page."""
    return [_sizes(), *_pages()]


def _sizes() -> Line:
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in sorted((THEME / "assets").glob("*.js"))}
    total = sum(sizes.values())
    how = ", ".join(f"{name} {size:,}" for name, size in sizes.items())
    asked, enough = f"≤ {MOST_BYTES:,}", total <= MOST_BYTES
    return Line("storefront: scripts, compressed", f"{total:,} bytes", asked, enough, how, {"bytes": total})


def _pages() -> list[Line]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    names = [f"storefront: Lighthouse, {name}" for name in PAGES]
    if shutil.which("node") is None or chromium is None or not LIGHTHOUSE.is_file():
        return [not_measured(name, "needs Node, lighthouse and Chromium", f"drop ≤ {MOST_DROP}") for name in names]
    with tempfile.TemporaryDirectory(prefix="suki-bench-") as folder:
        running = run.start(data_dir=folder, theme_extension=THEME)
        try:
            shop = running.shop("bench.myshopify.com", currency="USD", name="Bench")
            _told(shop)
            root = f"{running.url}/shops/{shop.domain}"
            return [_page(name, root + path, chromium) for name, path in PAGES.items()]
        finally:
            running.stop()


def _page(name: str, address: str, chromium: str) -> Line:
    """The medians of runs in turn: without, with, without, with."""
    pairs = [(_score(f"{address}?app=off", chromium), _score(address, chromium)) for _ in range(RUNS)]
    without, given = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    drop = without - given
    return Line(
        f"storefront: Lighthouse, {name}", f"{given:.0f} with, {without:.0f} without: drop of {drop:.0f}",
        f"drop ≤ {MOST_DROP}", drop <= MOST_DROP, f"mobile, medians of {RUNS}", {"with": given, "without": without},
    )  # fmt: skip


def _score(address: str, chromium: str) -> float:
    """Lighthouse's performance score, 0 to 100, as on its slow phone."""
    asked = ["--only-categories=performance", "--output=json", "--quiet", f"--chrome-flags={CHROME}"]
    done = subprocess.run(
        ["node", str(LIGHTHOUSE), address, *asked],
        capture_output=True, text=True, timeout=240, check=True, env={**os.environ, "CHROME_PATH": chromium},
    )  # fmt: skip
    return float(json.loads(done.stdout)["categories"]["performance"]["score"]) * 100


def _told(shop: Shop) -> None:
    """App data as the app writes it, of a programme as every shop begins with."""
    programme, today = Programme(welcome_points=50), datetime.now(UTC)
    shown = figures(programme, shop.currency, taxes_included=False, now=today)
    page = programme_page(programme, shop.currency, "Bench", formats.reader_locale("en"), today)
    _keep(shop, "available", "boolean", True)
    _keep(shop, "programme", "json", {**shown, "live": True, "earns": True, "testers": []})
    _keep(shop, "page", "json", page)


def _keep(shop: Shop, key: str, kind: str, value: Any) -> None:
    owner, stamp = f"gid://shopify/AppInstallation/{shop.settings['shop_id']}", iso(now())
    shop.save("metafield", {
        "id": f"{owner}|suki|{key}", "number": shop.next_id(), "owner": owner, "namespace": "suki", "key": key,
        "type": kind, "value": json.dumps(value), "created_at": stamp, "updated_at": stamp,
    })  # fmt: skip
