"""How a mutation says what was wrong."""

from __future__ import annotations

from sandbox.state import Record


def one_error(path: list[str], code: str, text: str) -> list[Record]:
    """The userErrors of a mutation that one thing is wrong with."""
    return [{"field": path, "code": code, "message": text}]
