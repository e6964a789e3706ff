"""A sandbox needs nothing but itself: copied to where there is no app, it runs, sells, and stops when told to."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest
import requests

ROOT = Path(__file__).parents[2]
DOMAIN = "nag-iisa.myshopify.com"
SECONDS = 60
ALONE = """
import runpy, sys
sys.modules.update(dict.fromkeys(("plugin", "webhooks", "demo", "bench", "tests")))
runpy.run_module("sandbox", run_name="__main__", alter_sys=True)
"""
"""python -m sandbox, where nothing else of this project can be imported, even if it is installed."""


def said(output: IO[str]) -> str:
    """The line in which it says where it is; the process ends, and with it the line, should it fail."""
    return output.readline()


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    """A folder with a space in its name, and a copy of the sandbox as the only thing in it."""
    here = tmp_path / "just the sandbox"
    shutil.copytree(ROOT / "sandbox", here / "sandbox", ignore=shutil.ignore_patterns("__pycache__"))
    return here


@pytest.fixture
def process(alone: Path) -> Iterator[subprocess.Popen[str]]:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "SANDBOX_CLOCK")}
    options = ["--port", "0", "--smtp-port", "0", "--data-dir", "its data", "--shop", f"{DOMAIN},PHP,plus"]
    started = subprocess.Popen(
        [sys.executable, "-c", ALONE, *options], cwd=alone, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    yield started
    if started.poll() is None:
        started.kill()
    started.communicate(timeout=SECONDS)


def test_a_sandbox_without_an_app_sells_and_stops_when_told_to(process: subprocess.Popen[str], alone: Path) -> None:
    assert process.stdout is not None and process.stderr is not None
    found = re.search(r"sandbox: (http://\S+)  mail: 127\.0\.0\.1:(\d+)", said(process.stdout))
    assert found, process.stderr.read()
    shop = f"{found[1]}/shops/{DOMAIN}"
    variant = re.findall(r'name="q(\d+)"', requests.get(f"{shop}/", timeout=10).text)[0]
    bought = {f"q{variant}": "1", "email": "ana@example.com", "first_name": "Ana", "last_name": "Reyes"}
    assert "Order #1001 is placed" in requests.post(f"{shop}/checkout", data=bought, timeout=10).text
    for path in ("/", "/mailbox", "/deliveries", "/trouble", "/clock"):
        assert requests.get(found[1] + path, timeout=10).status_code == 200, path
    [known] = requests.get(f"{found[1]}/shops.json", timeout=10).json()
    assert (known["domain"], known["currency"], known["orders"]) == (DOMAIN, "PHP", 1)
    assert requests.get(f"{shop}/apps/suki/rewards", timeout=10).status_code == 502
    process.send_signal(signal.SIGINT)
    rest, complaints = process.communicate(timeout=SECONDS)
    assert (process.returncode, rest, complaints) == (0, "", "")
    assert (alone / "its data").is_dir()


def test_what_the_demo_adds_is_not_there(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    found = re.search(r"http://\S+", said(process.stdout))
    assert found
    shop = f"{found[0]}/shops/{DOMAIN}"
    assert "stories" not in requests.get(f"{shop}/orders", timeout=10).text.lower()
    asked = [requests.get(f"{shop}/{path}", timeout=10) for path in ("stories", "history.json", "trickle.json")]
    assert [answer.status_code for answer in asked] == [404, 404, 404]
