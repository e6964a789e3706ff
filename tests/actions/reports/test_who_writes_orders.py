"""Whoever writes order views keeps their facts, too: the list of all who do."""

from __future__ import annotations

import re
from pathlib import Path

from plugin.store.database import bulk

ROOT = Path(bulk.__file__).parents[3]
WRITES = re.compile(r"(?:UPDATE|INSERT INTO|DELETE FROM) order_views|bulk\.(?:update|insert)\(conn, order_views")
SAVES = re.compile(r"\b(?:orders|stored_orders)\.(?:save|move)\(")
WITHOUT_FACTS = {
    "plugin/store/orders/guesses.py": "the orders are judged again in the same transaction",
    "plugin/store/orders/order_checkpoints.py": "in the scratch schema of a replay",
    "plugin/store/orders/reading_differences.py": "only by which reading an order was judged",
    "plugin/store/tiers/tiers.py": "in the scratch schema of a replay",
}
"""SQL that changes nothing that facts are made of."""
KEPT_BY_THEIR_CALLERS = {"plugin/store/orders/orders.py", "plugin/store/privacy/erasure_orders.py"}


def test_every_statement_that_writes_orders_is_known() -> None:
    found = {str(path.relative_to(ROOT)) for path in _code("plugin/store") if WRITES.search(path.read_text())}
    assert found == WITHOUT_FACTS.keys() | KEPT_BY_THEIR_CALLERS


def test_whoever_saves_orders_keeps_their_facts() -> None:
    callers = {
        path for part in ("plugin/actions", "webhooks") for path in _code(part) if SAVES.search(path.read_text())
    }
    callers |= {path for path in _code("plugin/actions") if "make_nobodys(" in path.read_text()}
    assert {path.name for path in callers} == {
        "settle_orders.py", "merge_members.py", "read_again.py", "forget_stored.py",
    }  # fmt: skip
    assert [path.name for path in callers if not re.search(r"keep_facts\.(?:keep|refresh)\(", path.read_text())] == []


def _code(part: str) -> list[Path]:
    return [path for path in (ROOT / part).rglob("*.py") if "migrations" not in path.parts]
