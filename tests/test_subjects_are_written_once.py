"""Nobody but the grammar of subjects puts such a text together or takes one apart, in Python or in SQL."""

from __future__ import annotations

import ast
import re

import pytest

from tests.test_house_rules import shown, sources

GRAMMAR = (
    "plugin/rules/names/subject_grammar.py",
    "plugin/rules/subjects.py",
    "plugin/rules/names/staff_log.py",
    "plugin/rules/names/actors.py",
    "plugin/store/database/subject_sql.py",
)
"""Where subjects are written and read; `subject_sql` does it in SQL."""
LIKE_A_SUBJECT = re.compile(r"(?:[a-z_:]+|\0):(?:[^ /:'\">.].*)?", re.DOTALL)
OTHERS = re.compile(r"https?:|gid:|urn:|shopify:|postgresql:|discount_code:|updated_at:|currency_code:|tag:")
NOT_SUBJECTS = {
    "plugin/serving.py": "host and port",
    "plugin/store/shops/seal.py": "what a sealed value is bound to",
    "plugin/clients/dns/lookups.py": "host and port",
    "plugin/messages/sending/letters.py": "the header Feedback-ID, as mailbox providers read it",
    "plugin/actions/imports/check_file.py": "how totals of tiers are counted beside the others",
    "plugin/rules/emails/style_sheets.py": "the declarations of a style",
    "plugin/rules/emails/unsubscribe_link.py": "the declarations of a style",
    "plugin/web/forms/emails/mailing.py": "the hours of a select",
    "plugin/web/admin/messages/email.py": "what a button of the editor does",
    "plugin/web/admin/messages/email_preview.py": "for whom a preview is, as its select says",
    "webhooks/bounces/postmark.py": "what a provider calls one event",
    "webhooks/bounces/sendgrid.py": "what a provider calls one event",
    "webhooks/bounces/ses.py": "what a provider calls one event",
}
"""Files that have another use for a colon, and which."""
IN_SQL = re.compile(r"split_part\([^)]*':'|'[a-z]+:(?:[%\[]|')|\^[a-z]+:\[")


def formatted(node: ast.JoinedStr) -> str:
    """An f-string with a nought in place of each value."""
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "\0" for part in node.values)


def takes_a_subject_apart(node: ast.AST) -> bool:
    """Whether a call splits at a colon, or looks for or takes off a word with one."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
        return False
    said = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
    if node.func.attr in ("split", "rsplit", "partition", "rpartition"):
        return said == ":"
    return node.func.attr in ("startswith", "removeprefix") and bool(re.fullmatch(r"[a-z_]+:", str(said)))


def test_subjects_are_written_and_read_by_their_grammar_only() -> None:
    wrong = []
    for path in sources("plugin", "webhooks"):
        if shown(path) in GRAMMAR or shown(path) in NOT_SUBJECTS or "migrations/versions" in shown(path):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            text = formatted(node) if isinstance(node, ast.JoinedStr) else ""
            written = LIKE_A_SUBJECT.fullmatch(text) and not OTHERS.match(text)
            in_sql = isinstance(node, ast.Constant) and isinstance(node.value, str) and IN_SQL.search(node.value)
            if written or in_sql or takes_a_subject_apart(node):
                wrong.append(f"{shown(path)}:{node.lineno}")  # type: ignore[attr-defined]
    assert wrong == []


@pytest.mark.parametrize(
    ("code", "caught"),
    [
        ('f"order:{key}"', True),
        ('f"survey:{key}:{round}"', True),
        ('f"{member}:{key}"', True),
        ('f"{order}:forgiven"', True),
        ('f"{domain}: {words}"', False),
        ('f"https://{domain}/x"', False),
        ('f"{amount}::bigint"', False),
    ],
)
def test_what_is_put_together_like_a_subject_is_told_from_other_texts(code: str, caught: bool) -> None:
    node = ast.parse(code, mode="eval").body
    assert isinstance(node, ast.JoinedStr)
    text = formatted(node)
    assert bool(LIKE_A_SUBJECT.fullmatch(text) and not OTHERS.match(text)) is caught
