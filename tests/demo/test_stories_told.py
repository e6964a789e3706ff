"""The stories of the demo, told over real processes: each goes as it says, and the books agree after all of them."""

from __future__ import annotations

import html
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from demo.plan import SHOP
from demo.stories import STORIES
from tests.demo.test_demo import ROOT, RUNNING, Demo

SECONDS_A_STORY = 600


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with tempfile.TemporaryDirectory(prefix="suki-server-") as path:
        running = Demo(Path(path) / "My demo #1")
        running.wait_until_it_says(RUNNING)
        yield running
        if running.process.poll() is None:
            running.end()
        if running.process.stdout:
            running.process.stdout.close()


def address(demo: Demo) -> str:
    return f"http://127.0.0.1:{demo.ports[1]}/shops/{SHOP}/stories"


@pytest.mark.parametrize("key", [one.key for one in STORIES])
def test_a_story_goes_as_it_says(demo: Demo, key: str) -> None:
    assert requests.post(f"{address(demo)}/{key}", timeout=20).status_code == 200
    until, pause = time.monotonic() + SECONDS_A_STORY, threading.Event()
    told = {"state": "telling", "lines": []}
    while told["state"] == "telling" and time.monotonic() < until:
        pause.wait(0.5)
        told = requests.get(f"{address(demo)}/{key}.json", timeout=20).json()
    assert told["state"] == "told", "\n".join(told["lines"])
    assert told["lines"][-1] in requests.get(address(demo), timeout=20).text.replace("&#39;", "'")


def test_every_place_to_look_at_is_there(demo: Demo) -> None:
    page = requests.get(address(demo), timeout=20).text
    places = set(re.findall(r'<a href="([^"]+)">look</a>', page))
    assert any("referrals/review?state=paid" in place for place in places)
    for place in sorted(places):
        answer = requests.get(f"http://127.0.0.1:{demo.ports[1]}{html.unescape(place)}", timeout=20)
        assert answer.status_code == 200, place


def test_the_books_agree_after_all_of_them(demo: Demo) -> None:
    for command in (["audit"], ["replay", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "plugin.cli", "--env", str(demo.data_dir / "settings.env"), *command],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert demo.end() == 0
