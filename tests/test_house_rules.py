"""The rules of the house that a reader could overlook: layers, sizes, names, routes, topics, lock files."""

from __future__ import annotations

import ast
import re
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from plugin.settings import Settings
from tests.test_reached import undeclared
from tests.tree import (
    ROOT,
    among_folders,
    circle,
    imported,
    imports_of,
    module_of,
    public_definitions,
    shown,
    sources,
    tracked,
)

LONGEST_FUNCTION = 45
LONG_FILE, LONGEST_FILE = 300, 400
LONG_BECAUSE = {
    "plugin/rules/events.py": "every kind of event with its payload, in one list",
    "plugin/rules/subjects.py": "every form of subject, in one list",
    "plugin/jobs.py": "every kind of job and the whole schedule on one screen",
    "tests/worth/test_properties.py": "one drawn history, and each thing that is true of all of them",
    "tests/test_house_rules.py": "every rule of the house on one page",
}
"""A file of more than 300 lines is a question: is there a seam? Where there is none, the answer stands here."""
FULLEST_FOLDER = 20
CROWDED = {
    "tests/worth": 30,
}
"""Folders with too many files, and how many at most: they shrink until they are taken off."""
BY_NUMBER = "plugin/store/migrations/versions"
"""One chain, in order: the only folder that nobody looks through."""
PRODUCTION = {"plugin", "webhooks"}
DEVELOPMENT = {"sandbox": set(), "demo": {"sandbox"} | PRODUCTION, "bench": {"sandbox", "demo"} | PRODUCTION}
"""What is never part of production, and what else of this project it may know."""
FAMILIES = ("sandbox", "demo", "plugin/messages", "plugin/rules/imports", "plugin/store/reports")
"""What comes by the dozen, or is a whole of its own: its folders, too, lean on each other one way only."""
COMMANDS = {
    "plugin.cli_bounces",
    "plugin.cli_facts",
    "plugin.cli_messages",
    "plugin.cli_privacy",
    "plugin.cli_programme",
    "plugin.cli_secrets",
    "plugin.cli_staff",
}
LAYERS = [
    {"plugin.errors", "plugin.settings", "plugin.settings_checks", "plugin.observe"},
    {"plugin.rules"},
    {"plugin.store", "plugin.clients", "plugin.extensions_api"},
    {"plugin.actions"},
    {"plugin.messages", "plugin.integrations"},
    {"plugin.web", "webhooks"},
    {
        "plugin.jobs",
        "plugin.what_follows",
        "plugin.app",
        "plugin.worker",
        "plugin.serving",
        "plugin.cli",
        *COMMANDS,
    },
]
"""From left to right; a file imports only from layers to the left of its own, or from its own part."""
PURE = {
    "flask",
    "sqlalchemy",
    "psycopg",
    "requests",
    "time",
    "random",
    "os",
    "socket",
    "smtplib",
    "procrastinate",
}
SQL = re.compile(r"\s*(SELECT .* FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|WITH \w+ AS|CREATE TABLE)\b", re.DOTALL)
NAMES_OF_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "base",
    "manager",
    "service",
    "core",
    "common",
    "misc",
}


def part_of(name: str) -> tuple[int, str] | None:
    """Which layer, and which part of it, a module belongs to."""
    for rank, layer in enumerate(LAYERS):
        for part in layer:
            if name == part or name.startswith(part + "."):
                return rank, part
    return None


def test_every_module_belongs_to_a_layer() -> None:
    strangers = [shown(path) for path in sources("plugin", "webhooks") if part_of(module_of(path)) is None]
    assert [each for each in strangers if each != "plugin/__init__.py"] == []


def test_a_file_imports_only_from_layers_to_its_left_or_from_its_own_part() -> None:
    wrong = []
    for path in sources("plugin", "webhooks"):
        own = part_of(module_of(path))
        for name in imported(path):
            other = part_of(name)
            allowed = own is None or other is None or other[0] < own[0] or other[1] == own[1]
            if not allowed and not (own[0] == other[0] and own[0] in (0, len(LAYERS) - 1)):
                wrong.append(f"{shown(path)} imports {name}")
    assert wrong == []


def test_production_never_imports_what_is_for_development() -> None:
    wrong = [
        f"{shown(path)} imports {name}"
        for path in sources("plugin", "webhooks")
        for name in imported(path)
        if name.split(".")[0] in (*DEVELOPMENT, "tests")
    ]
    assert wrong == []


def test_the_sandbox_knows_nothing_of_the_app_nor_anything_in_development_of_the_tests() -> None:
    project = {*PRODUCTION, *DEVELOPMENT, "tests", "scripts"}
    wrong = [
        f"{shown(path)} imports {name}"
        for top, others in DEVELOPMENT.items()
        for path in sources(top)
        for name in imported(path)
        if name.split(".")[0] in project - {top} - others
    ]
    assert wrong == []


def test_a_circle_is_found_where_there_is_one() -> None:
    way = {"a.x": {"a.b.y"}, "a.b.y": {"a.c.z"}, "a.b.q": set(), "a.c.z": {"a.b.q"}}
    assert circle(way) == []
    assert circle(among_folders(way, "a")) in (["b", "c", "b"], ["c", "b", "c"])
    assert circle(way | {"a.c.z": {"a.x"}})


def test_no_imports_go_in_a_circle() -> None:
    assert circle(imports_of("plugin", "webhooks", *DEVELOPMENT)) == []


@pytest.mark.parametrize("family", FAMILIES)
def test_no_imports_go_in_a_circle_among_the_folders_of_a_family(family: str) -> None:
    assert (ROOT / family).is_dir()
    assert circle(among_folders(imports_of(family.split("/")[0]), family.replace("/", "."))) == []


def test_rules_know_no_clock_no_network_and_no_framework() -> None:
    wrong = [
        f"{shown(path)} imports {name}"
        for path in sources("plugin")
        if module_of(path).startswith("plugin.rules")
        for name in imported(path)
        if name.split(".")[0] in PURE
    ]
    clocks = [
        f"{shown(path)}:{node.lineno}"
        for path in sources("plugin")
        if module_of(path).startswith("plugin.rules")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today")
    ]
    assert wrong + clocks == []


def test_sql_is_written_in_the_store_only() -> None:
    wrong = [
        f"{shown(path)}:{node.lineno}"
        for path in sources("plugin", "webhooks")
        if not module_of(path).startswith("plugin.store")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    ]
    assert wrong == []


def test_a_file_that_is_long_says_why_and_none_is_longer_than_a_person_reads_in_one_go() -> None:
    code = [path for path in tracked() if path.suffix in (".py", ".js", ".mjs", ".sh", ".mjml")]
    lines = {shown(path): len(path.read_text().splitlines()) for path in code}
    long = {name for name, count in lines.items() if count > LONG_FILE}
    assert long - LONG_BECAUSE.keys() == set()
    assert LONG_BECAUSE.keys() - lines.keys() == set()
    assert [name for name in long if lines[name] > LONGEST_FILE] == []


def test_no_folder_is_too_full_to_look_through() -> None:
    code = [path for path in tracked() if path.suffix in (".py", ".html", ".liquid", ".mjml")]
    full = {name: n for name, n in Counter(shown(path.parent) for path in code).items() if n > FULLEST_FOLDER}
    assert {name: n for name, n in full.items() if n > CROWDED.get(name, 0)}.keys() - {BY_NUMBER} == set()
    assert CROWDED.keys() - full.keys() == set()


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{shown(path)}: {node.name}, {(node.end_lineno or 0) - node.lineno + 1} lines"
        for path in sources("plugin", "webhooks", "sandbox", "demo", "bench", "scripts")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_no_file_is_named_after_nothing() -> None:
    code = [path for path in tracked() if path.suffix in (".py", ".js", ".mjs", ".sh")]
    assert [shown(path) for path in code if path.stem.lower() in NAMES_OF_NOTHING] == []


def test_public_functions_of_production_say_what_they_give() -> None:
    mute = [
        f"{shown(path)}: {node.name}"
        for path in sources("plugin", "webhooks")
        if "migrations/versions" not in shown(path)
        for node in public_definitions(ast.parse(path.read_text()))
        if not ast.get_docstring(node)
    ]
    assert mute == []


def test_lock_files_pin_by_hash_and_name_no_host() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        pinned = re.findall(r"^[a-zA-Z0-9._\[\]-]+==", text, flags=re.MULTILINE)
        hashed = re.findall(r"^[a-zA-Z0-9._\[\]-]+==\S+(?: ;.*)? \\\n    --hash=sha256:", text, flags=re.MULTILINE)
        assert len(pinned) == len(hashed) > 0
        assert "://" not in text
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_every_dependency_is_in_the_lock_file() -> None:
    wanted = re.findall(r'^  "([A-Za-z0-9._-]+)', (ROOT / "pyproject.toml").read_text(), flags=re.MULTILINE)
    locked = re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements-dev.txt").read_text(), flags=re.MULTILINE)
    assert {re.sub(r"[._]", "-", name).lower() for name in wanted} - {re.sub(r"[._]", "-", n) for n in locked} == set()


def test_each_decision_has_a_number_of_its_own_and_says_it() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [page.name[:4] for page in pages]
    assert len(numbers) == len(set(numbers))  # they are handed out ahead, so one may be missing for a while
    assert [page.name for page in pages[1:] if not page.read_text().startswith(f"# {page.name[:4]} · ")] == []


def test_nothing_names_a_path_of_the_machine_it_was_written_on() -> None:
    private = re.compile(rf"/(?:home|Users)/[a-z]\w*/|/root/|{re.escape(str(ROOT))}/")
    texts = [path for path in tracked() if path.suffix in (".py", ".md", ".toml", ".json", ".txt", ".sh", ".js", "")]
    naming = [shown(path) for path in texts if private.search(path.read_text(errors="ignore"))]
    assert [name for name in naming if name != "tests/test_house_rules.py"] == []


def test_each_topic_of_the_app_has_the_handler_that_is_named_beside_it() -> None:
    text = (ROOT / "shopify.app.toml").read_text()
    named = re.findall(r'^\s*"([a-z_./]+)",\s*#\s*(\S+\.py): (\w+)\s*$', text, flags=re.MULTILINE)
    for topic, file, function in named:
        module = import_module(Path(file).with_suffix("").as_posix().replace("/", "."))
        assert callable(getattr(module, function, None)), f"{topic}: {file} has no {function}"
    from webhooks.topics import SUBSCRIBED

    assert {topic for topic, _, _ in named} == SUBSCRIBED


def test_every_route_declares_who_may_call_it(settings: Settings) -> None:
    from plugin.app import create_app
    from plugin.web.auth import declared_caller

    app = create_app(settings, create_engine("postgresql+psycopg:///nowhere"))
    silent = [
        rule.rule for rule in app.url_map.iter_rules() if declared_caller(app.view_functions[rule.endpoint]) is None
    ]
    assert silent == []


def routes(settings: Settings) -> list[tuple[str, set[str], Any]]:
    """Every route with its endpoint, its methods and what its view declares."""
    from plugin.app import create_app
    from plugin.web.auth import declared_by

    app = create_app(settings, create_engine("postgresql+psycopg:///nowhere"))
    return [
        (rule.endpoint, rule.methods - {"HEAD", "OPTIONS"}, declared_by(app.view_functions[rule.endpoint]))
        for rule in app.url_map.iter_rules()
    ]


def test_every_page_of_staff_and_programs_says_what_personal_data_it_shows(settings: Settings) -> None:
    from plugin.rules.words.access import CHANGES, NOTHING, READS

    asked = [route for route in routes(settings) if route[2].kind in ("session", "key")]
    assert [end for end, methods, said in asked if "GET" in methods and said.reads not in {*READS, NOTHING}] == []
    acts = [end for end, methods, said in asked if methods - {"GET"} and not said.asks]
    assert [end for end in acts if end not in CHANGES] == []
    assert [end for end, methods, said in asked if said.asks and said.reads not in {*READS, NOTHING}] == []
    shown = {said.reads for *_, said in asked}
    assert set(READS) - shown == set()


def test_every_form_of_staff_declares_a_least_role_and_every_call_of_a_program_a_scope(settings: Settings) -> None:
    from plugin.rules.access.roles import ROLES, SCOPES

    forms = [route for route in routes(settings) if route[1] - {"GET"} and not route[2].asks]
    assert [end for end, _, said in forms if said.kind == "session" and said.role not in ROLES[1:]] == []
    assert {said.kind for *_, said in forms} == {"session", "key", "proxy", "shopper", "link"}
    keys = [route for route in routes(settings) if route[2].kind == "key"]
    assert [end for end, _, said in keys if said.scope not in SCOPES] == []
    assert [end for end, *_, said in routes(settings) if said.kind != "key" and said.scope] == []


def test_csv_is_written_in_one_place_only() -> None:
    writing = [shown(path) for path in sources("plugin", "webhooks") if "csv.writer" in path.read_text()]
    assert writing == ["plugin/rules/points/member_file.py"]
    named = re.compile(r"text/csv|\.csv\"")
    answering = [path for path in sources("plugin", "webhooks") if named.search(path.read_text())]
    assert [shown(path) for path in answering if "as_csv" not in path.read_text()] == []


@pytest.mark.parametrize("process", ["web: suki serve", "worker: suki worker", "release: suki migrate"])
def test_the_procfile_names_every_process(process: str) -> None:
    assert process in (ROOT / "Procfile").read_text().splitlines()


def test_each_property_declares_what_it_reaches_or_is_listed_as_asserting_in_every_case() -> None:
    assert undeclared() == [], (
        "declare it with @reaches (docs/extending/README.md), or list it in tests/test_reached.py"
    )
