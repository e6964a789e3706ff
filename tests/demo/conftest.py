"""A sandbox with the demo's pages in it, and an app that only writes down what it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.local_shopify import ADDITIONS
from sandbox import run
from tests.sandbox.conftest import Listener, api, app, shop

__all__ = ["api", "app", "shop"]


@pytest.fixture
def local(app: Listener, tmp_path: Path) -> Iterator[run.Running]:
    running = run.start(
        app_url=app.url, data_dir=tmp_path, additions=ADDITIONS, retry_seconds=(0.05,) * 8, time_factor=1
    )
    yield running
    running.stop()
