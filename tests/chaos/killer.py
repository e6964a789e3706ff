"""Our processes, and somebody who kills them: web, worker and database, at any moment, with SIGKILL."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from random import Random

import psutil
import requests

from demo import processes
from demo.plan import Plan
from demo.processes import Child
from plugin.store.database import embedded

COMMANDS = {"web": ("plugin.cli", "serve"), "worker": ("plugin.cli", "worker")}
TARGETS = ("worker", "postgres", "web")
BACK_SECONDS = 60
BREATH = (0.3, 2.5)
"""How long everything may work between being back and the next kill: from, to."""


class Cast:
    """Web and worker of one app, started again when they end."""

    def __init__(self, plan: Plan, changes: dict[str, str]) -> None:
        self.plan = plan
        self.environment = plan.environment | changes
        self.children: dict[str, Child] = {name: self._start(name) for name in COMMANDS}

    def _start(self, name: str) -> Child:
        return processes.start(name, list(COMMANDS[name]), self.environment, self.plan.logs)

    def revive(self) -> None:
        """Start what has ended."""
        for name, child in self.children.items():
            if not child.running:
                self.children[name] = self._start(name)

    def wait_until_back(self) -> None:
        """Until the web answers and reaches the database, whatever has to be started again for that."""
        deadline, last = time.monotonic() + BACK_SECONDS, "nothing"
        while time.monotonic() < deadline:
            self.revive()
            try:
                answer = requests.get(f"{self.plan.app_url}/readyz", timeout=5)
                if answer.ok:
                    return
                last = f"{answer.status_code} {answer.text[:200]}"
            except requests.RequestException as error:
                last = type(error).__name__
            threading.Event().wait(0.1)
        raise AssertionError(f"not back after {BACK_SECONDS} s: {last}")

    def stop(self) -> None:
        """End everything as an operator would."""
        for child in self.children.values():
            processes.stop(child)


class Killer:
    """Kills in turn what the dice say; every target comes up as often as the others."""

    def __init__(self, cast: Cast, dice: Random) -> None:
        self._cast, self._dice = cast, dice
        self.kills: Counter[str] = Counter()
        self._next: list[str] = []

    def strike(self) -> None:
        """One kill, and wait until everything is back."""
        if not self._next:
            self._next = self._dice.sample(TARGETS, len(TARGETS))
        threading.Event().wait(self._dice.uniform(*BREATH))
        target = self._next.pop()
        how = getattr(self, f"_{target}")()
        self.kills[f"{target}: {how}"] += 1
        self._cast.wait_until_back()

    def total(self, target: str) -> int:
        """How often a target was killed, in whatever way."""
        return sum(count for name, count in self.kills.items() if name.startswith(target))

    def _worker(self) -> str:
        process = self._cast.children["worker"].process
        _kill(process.pid)
        process.wait()
        return "the process"

    def _web(self) -> str:
        master = psutil.Process(self._cast.children["web"].process.pid)
        how = self._dice.choice(("all", "master", "one child"))
        children = master.children()
        if how == "one child" and children:
            _kill(self._dice.choice(children).pid)
            return how
        victims = [master, *children] if how == "all" else [master]
        for victim in victims:
            _kill(victim.pid)
        self._cast.children["web"].process.wait()
        return how

    def _postgres(self) -> str:
        pid = embedded.pid_of(self._cast.plan.data_dir)
        if pid is None:
            return "was down"
        postmaster = psutil.Process(pid)
        backends = postmaster.children()
        if self._dice.random() < 0.4 and backends:
            _kill(self._dice.choice(backends).pid)
            return "one backend"
        for victim in [postmaster, *backends]:
            _kill(victim.pid)
        return "all"


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # it ended by itself meanwhile
