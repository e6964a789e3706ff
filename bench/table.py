"""The one table that `make bench` prints, and the same as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Line:
    """One thing measured: what came out, what the design asks, and whether that is enough.

    `enough` is None where nothing is asked, or where nothing could be measured (`figure` then says why).
    """

    name: str
    figure: str
    asked: str = ""
    enough: bool | None = None
    how: str = ""
    numbers: dict[str, object] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """One word."""
        return {True: "ok", False: "SHORT", None: ""}[self.enough]


def not_measured(name: str, why: str, asked: str = "") -> Line:
    """A line without a figure."""
    return Line(name, f"not measured: {why}", asked)


def show(head: Iterable[str], lines: Iterable[Line]) -> None:
    """Print the table; as wide as its words where no person watches."""
    console = Console(highlight=False)
    wide = console if console.is_terminal else Console(highlight=False, width=170)
    table = Table(title="\n".join(head), title_justify="left")
    for title in ("What", "Figure", "Asked", ""):
        table.add_column(title)
    for line in lines:
        figure = f"{line.figure}\n[dim]{line.how}[/dim]" if line.how else line.figure
        table.add_row(line.name, figure, line.asked, line.verdict)
    wide.print(table)


def write(path: Path, head: Iterable[str], lines: Iterable[Line]) -> None:
    """The same as JSON."""
    rows = [asdict(line) | {"verdict": line.verdict} for line in lines]
    path.write_text(json.dumps({"measured_on": list(head), "lines": rows}, indent=2) + "\n")
