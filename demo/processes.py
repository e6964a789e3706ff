"""Child processes of the demo: started together, watched, stopped in order."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

import requests

END_WITH_PARENT = """
import ctypes, os, signal, sys
PR_SET_PDEATHSIG = 1
ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
os.execv(sys.executable, [sys.executable, "-m", *sys.argv[1:]])
"""
LAST_LINES = 15


class DemoStopped(Exception):
    """The demo cannot go on; the message says why, for a person."""


@dataclass
class Child:
    """One process with its log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def running(self) -> bool:
        """Whether it still lives."""
        return self.process.poll() is None

    def epitaph(self) -> str:
        """How it ended, with the last lines of its log."""
        with self.log.open(errors="replace") as lines:
            last = "".join(deque(lines, LAST_LINES)).rstrip()
        return f"{self.name} ended with code {self.process.returncode}. The end of {self.log}:\n{last}"


def start(name: str, module: list[str], environment: dict[str, str], logs: Path) -> Child:
    """Start `python -m …` in a session of its own, so that Ctrl-C reaches the demo only."""
    logs.mkdir(parents=True, exist_ok=True)
    path = logs / f"{name}.log"
    with path.open("ab") as log:
        process = subprocess.Popen(
            _command(module),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Child(name, process, path)


def _command(module: list[str]) -> list[str]:
    """On Linux the kernel tells the child to end should the demo be killed outright."""
    shim = ["-c", END_WITH_PARENT] if sys.platform == "linux" else ["-m"]
    return [sys.executable, *shim, *module]


def stop(child: Child, seconds: float = 25) -> None:
    """Ask it to end; after the time, end it and what it started."""
    if child.running:
        child.process.terminate()
        try:
            child.process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()


def watch(children: list[Child], seconds: float) -> None:
    """Let a while pass; DemoStopped if one of them has ended."""
    for child in children:
        if not child.running:
            raise DemoStopped(child.epitaph())
    time.sleep(seconds)


def wait_for(name: str, address: str, children: list[Child], seconds: float = 60) -> None:
    """Until the address answers with 200."""
    deadline, last = time.monotonic() + seconds, "no answer"
    while time.monotonic() < deadline:
        watch(children, 0.2)
        try:
            answer = requests.get(address, timeout=5)
            if answer.ok:
                return
            last = f"{answer.status_code} {answer.text[:300]}"
        except (requests.ConnectionError, requests.Timeout):
            last = "no answer"
    raise DemoStopped(f"{name} is not up after {seconds:.0f} s: {address} gives {last}")


def claim_port(purpose: str, port: int, option: str) -> None:
    """DemoStopped if another program has the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise DemoStopped(
                f"Port {port}, for the {purpose}, is in use by another program. End it, or choose another "
                f"port: make demo ARGS='{option} {port + 1}'"
            ) from error
