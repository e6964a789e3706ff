"""What is mutated, and which tests are to notice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.mutants.mutant import ROOT


@dataclass(frozen=True)
class Place:
    """Some files, and the tests that are to kill their mutants: the first named run first."""

    files: tuple[str, ...]
    tests: tuple[str, ...]
    but: tuple[str, ...] = ()

    def paths(self) -> list[str]:
        """The files, as paths below the root."""
        found = {path for pattern in self.files for path in ROOT.glob(pattern)}
        found -= {path for pattern in self.but for path in ROOT.glob(pattern)}
        return sorted(str(path.relative_to(ROOT)) for path in found if path.stat().st_size)


READING = ("tests/webhooks/reading", "tests/webhooks/test_reading_payloads.py", "tests/worth/test_reading.py")
PLACES = {
    **{
        subject: Place((f"plugin/rules/{subject}/**/*.py",), (f"tests/rules/{subject}", "tests/rules"))
        for subject in ("points", "tiers", "rewards", "referrals", "activities", "versions", "codes", "gifts",
                        "imports", "privacy", "access", "members")
    },  # fmt: skip
    "orders": Place(
        ("plugin/rules/orders/*.py",),
        ("tests/rules/orders", "tests/worth/test_worked_cases.py", "tests/worth/test_properties.py", "tests/rules"),
    ),
    "rules": Place(("plugin/rules/*.py",), ("tests/rules",)),
    "reading": Place(
        ("webhooks/*.py", "plugin/clients/**/*payload*.py", "plugin/clients/**/payload_parts.py"),
        (*READING, "tests/webhooks/test_any_body.py"),
        but=tuple(
            f"webhooks/{name}.py"
            for name in ("receive", "replay", "inbox", "committer", "checkpoints", "read_again", "known_orders",
                         "lifecycle", "compliance", "strangers", "topics", "named_shop", "__init__")
        ),
    ),  # fmt: skip
    "proxy": Place(("plugin/web/shopper/proxy.py",), ("tests/web/test_proxy.py",)),
    "auth": Place(("plugin/web/auth.py",), ("tests/web/test_auth.py", "tests/web/test_session.py")),
    "gate": Place(("plugin/web/gate.py",), ("tests/web/test_gate.py", "tests/web/test_session.py",
                                            "tests/web/test_roles.py")),
}  # fmt: skip


def tests_there(place: Place) -> list[str]:
    """The tests that there are, of those that the place names."""
    return [name for name in place.tests if (ROOT / name).exists()]


def mirrored(file: str) -> str:
    """Where the tests of a file's own subject are."""
    return str(Path(file.replace("plugin/", "tests/", 1) if file.startswith("plugin/") else f"tests/{file}").parent)
