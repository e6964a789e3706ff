"""`make demo`, from nothing: it starts, keeps its data, and leaves nothing running, however it ends."""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from demo.plan import SHOP
from plugin.store.database import embedded

ROOT = Path(__file__).parents[2]
START_SECONDS = 120
RUNNING = "Suki is running"


class Demo:
    """One demo in a directory, on ports of its own."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.ports = free_ports(3)
        self.said = ""
        self.process = self.start()

    def start(self) -> subprocess.Popen[str]:
        app, sandbox, smtp = map(str, self.ports)
        options = ["--port", app, "--sandbox-port", sandbox, "--smtp-port", smtp, "--orders", "12"]
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.said = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "demo", *options, "--data-dir", str(self.data_dir)],
            cwd=ROOT,
            env=environment | {"COLUMNS": "200"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return self.process

    def wait_until_it_says(self, words: str) -> None:
        assert self.process.stdout is not None
        deadline = time.monotonic() + START_SECONDS
        while words not in self.said and time.monotonic() < deadline:
            if select.select([self.process.stdout], [], [], 1)[0]:
                said = os.read(self.process.stdout.fileno(), 65536)  # past Python's buffer, which select cannot see
                if not said:
                    break
                self.said += said.decode(errors="replace")
        assert words in self.said, self.said

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=90)
        self.said += rest
        return self.process.returncode

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def orders(self) -> int:
        [shop] = requests.get(f"http://127.0.0.1:{self.ports[1]}/shops.json", timeout=10).json()
        assert shop["domain"] == SHOP
        return int(shop["orders"])


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still run; one that only waits to be buried does not."""
    return [each for each in processes if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@pytest.fixture
def demo(server_dir: Path) -> Iterator[Demo]:
    running = Demo(server_dir / "My demo #1")
    yield running
    if running.process.poll() is None:
        running.end()
    if running.process.stdout:
        running.process.stdout.close()


def test_the_demo_starts_from_nothing_stops_cleanly_and_goes_on_with_its_data(demo: Demo) -> None:
    demo.wait_until_it_says(RUNNING)
    for address in re.findall(r"http://\S+", demo.said):
        assert requests.get(address, timeout=20).status_code == 200, address
    placed = demo.orders()
    assert placed >= 12
    children = demo.children()
    assert demo.end() == 0
    assert alive(children) == []
    assert embedded.pid_of(demo.data_dir) is None

    demo.start()
    demo.wait_until_it_says(RUNNING)
    assert "Two years of orders" not in demo.said
    assert demo.orders() >= placed
    assert demo.end(signal.SIGTERM) == 0
    assert embedded.pid_of(demo.data_dir) is None


def test_a_part_that_dies_is_named_with_its_last_words_and_everything_stops(demo: Demo) -> None:
    demo.wait_until_it_says(RUNNING)
    children = demo.children()
    [worker] = [child for child in children if child.cmdline()[-2:] == ["demo.moved", "worker"]]
    worker.kill()
    rest, _ = demo.process.communicate(timeout=90)
    assert demo.process.returncode == 1
    assert "worker ended with code -9" in rest and "worker_started" in rest
    assert alive(children) == []
    assert embedded.pid_of(demo.data_dir) is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent was killed")
def test_even_kill_9_of_the_demo_leaves_no_process_behind(demo: Demo) -> None:
    demo.wait_until_it_says(RUNNING)
    children = demo.children()
    demo.process.kill()
    demo.process.wait()
    psutil.wait_procs(children, timeout=40)
    assert alive(children) == []


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "demo", "--port", str(port), "--data-dir", str(tmp_path)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 1
    assert f"Port {port}, for the app, is in use by another program." in done.stdout
