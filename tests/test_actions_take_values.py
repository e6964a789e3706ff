"""Forms are read in web/forms: no action takes one, or knows what a tick looks like."""

from __future__ import annotations

import ast

from tests.test_house_rules import shown, sources


def test_no_action_takes_a_form_or_reads_a_tick() -> None:
    wrong = []
    for path in sources("plugin"):
        if not shown(path).startswith("plugin/actions/"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            named = isinstance(node, ast.arg) and node.arg in ("form", "fields_of_form")
            if named or (isinstance(node, ast.Constant) and node.value == "yes"):
                wrong.append(f"{shown(path)}:{node.lineno}")  # type: ignore[attr-defined]
    assert wrong == []


def test_a_form_knows_no_database() -> None:
    wrong = [
        f"{shown(path)}: {node.module}"
        for path in sources("plugin")
        if shown(path).startswith("plugin/web/forms/")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("sqlalchemy", "flask")
    ]
    assert wrong == []
