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


WORDS_AND_LIMITS = ("tests/rules/versions", "tests/rules/test_explain.py", "tests/rules/test_programme.py")
BESIDE = ("tests/rules/orders/test_cashback.py", "tests/rules/test_advocate_name.py")
"""What is about one of the subjects, and stands elsewhere."""
PLACES = {
    **{
        subject: Place((f"plugin/rules/{subject}/**/*.py",), (f"tests/rules/{subject}", *BESIDE, *WORDS_AND_LIMITS))
        for subject in ("points", "tiers", "rewards", "referrals", "activities", "versions", "codes", "gifts",
                        "imports", "privacy", "access", "members", "sending")
    },  # fmt: skip
    "orders": Place(
        ("plugin/rules/orders/*.py", "plugin/rules/worth/*.py"),
        ("tests/rules/orders", "tests/rules/worth", "tests/worth/test_worked_cases.py",
         "tests/worth/test_properties.py", "tests/worth/test_reading.py", "tests/worth/test_first_reading.py",
         "tests/worth/test_stripped.py",
         "tests/worth/test_sent_in_part.py", "tests/rules/payloads/test_values.py", *WORDS_AND_LIMITS),
    ),
    "rules": Place(("plugin/rules/*.py",), ("tests/rules",)),
    "retention": Place(("plugin/rules/retention/*.py",), ("tests/rules/retention",)),
    "values": Place(("plugin/rules/values/*.py",), ("tests/rules/values",)),
    "names": Place(
        ("plugin/rules/names/*.py",),
        ("tests/rules/names", "tests/rules/test_subjects.py", "tests/rules/test_small_rules.py",
         "tests/rules/test_explain.py", "tests/rules/test_explain_edges.py"),
    ),
    "words": Place(
        ("plugin/rules/words/*.py",),
        ("tests/rules/words", "tests/rules/versions", "tests/rules/referrals", "tests/rules/tiers",
         *(f"tests/rules/test_{name}.py" for name in
           ("explain", "explain_edges", "formats", "programme", "what_is_wrong", "reach"))),
    ),
    "reading": Place(
        ("webhooks/*.py", "plugin/rules/payloads/*.py"),
        ("tests/webhooks/reading", "tests/rules/payloads", "tests/webhooks/test_reading_payloads.py",
         "tests/rules/test_json_text.py", "tests/rules/test_kept_fields.py", "tests/worth/test_reading.py",
         "tests/worth/test_worked_cases.py"),
        but=tuple(
            f"webhooks/{name}.py"
            for name in ("receive", "replay", "inbox", "committer", "checkpoints", "read_again", "known_orders",
                         "lifecycle", "compliance", "strangers", "topics", "named_shop", "people", "__init__")
        ),
    ),  # fmt: skip
    "proxy": Place(
        ("plugin/web/shopper/proxy.py",), ("tests/web/shopper/test_proxy.py", "tests/web/shopper/test_app_proxy.py")
    ),
    "tokens": Place(
        ("plugin/web/shopper/tokens.py", "plugin/web/surfaces.py", "plugin/web/keys.py",
         "plugin/web/shopper/api/pace.py"),
        ("tests/web/shopper_api/doors/test_doors.py", "tests/web/shopper/test_proxy.py"),
    ),
    "people": Place(("webhooks/people.py",), ("tests/actions/members",)),
    "auth": Place(("plugin/web/auth.py",), ("tests/web/test_auth.py", "tests/web/test_session.py")),
    "gate": Place(
        ("plugin/web/gate.py",),
        tuple(f"tests/web/{name}.py" for name in
              ("test_gate", "test_session", "activity/test_access_log", "api/test_api", "api/test_api_gate",
               "api/test_api_scopes", "shopper/test_visits", "shopper/test_shopper_pace", "settings/test_roles",
               "settings/test_launch", "settings/test_staff_accounts", "test_operators", "test_install", "test_auth",
               "shopper/test_shopper", "shopper_api/doors/test_doors")),
    ),
}  # fmt: skip


def tests_there(place: Place) -> list[str]:
    """The tests that there are, of those that the place names."""
    return [name for name in place.tests if (ROOT / name).exists()]


def mirrored(file: str) -> str:
    """Where the tests of a file's own subject are."""
    return str(Path(file.replace("plugin/", "tests/", 1) if file.startswith("plugin/") else f"tests/{file}").parent)
