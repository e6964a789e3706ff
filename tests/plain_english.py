"""What people read, and the turns of phrase that a merchant would stumble over: see docs/extending/words.md.

`python -m tests.plain_english [path …]` prints where they stand, each with what to write instead.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
BANNED = {
    r"\bthere (?:is|are|was|were) no such\b": "say what could not be found: “We couldn't find that reward.”",
    r"\bno such\b": "say what could not be found",
    r"\bnobody has to\b": "“you don't have to …”",
    r"\bby (?:itself|themselves)\b": "automatically",
    r"\b(?:un)?tick(?:s|ed|ing)?\b": "select, clear",
    r"\bmarks? of (?:a|the|its|their) tiers?\b|\b(?:a|the|its|their|next) marks?\b": "threshold",
    r"\b(?:more )?to go\b(?! to)": "“you need … more”",
    r"\b(?:was|is) too old\b": "“has expired”",
    r"\bcan(?:not| no longer| never) be (?:undone|done|changed) any ?more\b": "“can't be undone”",
    r"\bcan no longer be\b": "“can't be … anymore”, or say what to do",
    r"\bwhat (?:is|was|are|were) \w+(?: \w+)? (?:can|is|are|was|were|has|have|will|goes)\b": "name it",
    r"\bwho(?:m|se)?(?: \w+){1,3} (?:gets?|has|have|is|are|loses?|keeps?) (?:the|a|its|their)\b": "“Members who …”",
    r"\b(?:whoever|whatever|whichever|whomever)\b": "name who or what",
    r"\b(?:stands?|stood) (?:in|at|on|for|there|beside|under|below|above|open)\b": "is",
    r"\bholds? (?:good|of|for)\b": "applies to",
    r"\bover there\b": "say where",
    r"\bon (?:the|its|their) way\b": "pending",
    r"\b(?:code|codes|it) (?:is|are) out\b|\bcodes? that (?:is|are) out\b": "issued",
    r"\b(?:gift )?cards? over \{": "“A {worth} gift card”",
    r"\be-mails?\b": "email",
    r"\bmails?\b(?!\.\w|box)": "email",
    r"\bmailed\b": "emailed",
    r"\bfrom then on\b|\bfrom that moment\b": "“from then”, or name the day",
    r"\bas it (?:stands|is|was) (?:now|then)\b": "current",
    r"\bmay be (?:wanted|meant)\b": "say it directly",
    r"\b(?:is|are|was|were) (?:given|taken) (?:back )?by hand\b": "“manually”",
    r"\bby hand\b": "manually",
    r"\bleft out\b": "skipped",
    r"\bhad (?:codes|points|it) made\b": "“Created …”",
    r"\b(?:is|are|was|were) gone\b": "“sold out”, “expired”, “deleted”: say which",
    r"\bin vain\b": "say what happened",
    r"\bof (?:\w+ )?(?:\w+ )?of (?:\w+ )?(?:\w+ )?of\b": "break the chain of “of”",
    r"\bwhich (?:\w+ ){1,8}which\b": "two sentences",
    r"\bfor so many\b|\bso many (?:of|as)\b": "give the limit: “up to 2,000”",
    r"\bnobody looked\b|\bnobody (?:found|knows|asked)\b": "say who or what",
    r"\bis (?:said|shown) at its field\b": "“errors appear next to the field”",
    r"\btells? stories\b": "say what the page does",
    r"\bwent? out\b|\bgoes out\b|\bgo out\b": "sent",
    r"\bputs? (?:it )?(?:to|into) (?:the )?(?:right|use)\b": "say it plainly",
    r"\b(?:at|in) the moment (?:when|that)\b": "when",
    r"\bhereby\b|\bthereof\b|\btherefor\b|\bwherever\b": "plain words",
    r"\bsums?\b(?! up)": "amount, total",
    r"\btelephone\b": "phone",
}
"""Pattern, and what to write instead."""
QUERY = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|query|mutation|fragment)\b")
NOT_WORDS = {
    "plugin/rules/imports/meanings.py": "headings of other apps' files",
    "plugin/rules/imports/heading_words.py": "headings of other apps' files",
    "plugin/rules/message_kinds.py": "stored with messages and compared with what is stored",
    "plugin/rules/privacy/kept_for.py": "what the operator's table of periods says, beside names of rows",
    "plugin/web/admin/activity/redemptions.py": "a heading of a file that programs read",
    "plugin/messages/kinds.py": "the name of a constant",
    "plugin/settings.py": "an address that is on the way of nobody",
    "plugin/actions/shops/launch_programme.py": "the word of the command and the API",
    "plugin/messages/shopify_snippet/order_confirmation.liquid": "a comment within Liquid",
}
"""Files whose finds are no sentences for people, and why."""
SHOWN = ("heading", "subheading", "label", "details", "title", "placeholder", "accessibilityLabel", "alt", "error")


def files() -> list[Path]:
    """The files of the project that hold words for people."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    return [ROOT / name for name in names if _for_people(name) and (ROOT / name).is_file()]


def _for_people(name: str) -> bool:
    if name.startswith(("docs/using/", "docs/operating/")) or name == "README.md":
        return name.endswith(".md")
    if name.startswith("plugin/locales/"):
        return "/en" in name and name.endswith((".po", ".yml"))
    if name.startswith(("plugin/", "webhooks/")) and not name.startswith("plugin/store/") and name not in NOT_WORDS:
        return name.endswith((".py", ".html", ".mjml", ".txt", ".liquid"))
    return False


def sentences(path: Path) -> Iterator[tuple[int, str]]:
    """What people read in one file, each with its line."""
    text = path.read_text()
    if path.suffix == ".py":
        yield from _strings(ast.parse(text))
    elif path.suffix == ".po":
        yield from _translations(text)
    elif path.suffix in (".html", ".mjml"):
        yield from _markup(text)
    else:
        yield from _prose(text)


def _prose(text: str) -> Iterator[tuple[int, str]]:
    """Lines outside fences, without `code`; with the next line, because sentences are wrapped."""
    lines, fenced = text.splitlines(), False
    for number, line in enumerate(lines, 1):
        fenced ^= line.lstrip().startswith("```")
        if not fenced:
            yield number, re.sub(r"`[^`]*`|\]\([^)]*\)|%\{\w+\}", "·", line)


def _translations(text: str) -> Iterator[tuple[int, str]]:
    shown = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(("msgid", "#", "msgctxt")):
            shown = False
        shown = shown or line.startswith("msgstr")
        if shown and (said := re.search(r'"(.*)"', line)):
            yield number, said[1]


def _markup(text: str) -> Iterator[tuple[int, str]]:
    attribute = re.compile(rf'\b(?:{"|".join(SHOWN)})="([^"]*)"')
    for number, line in enumerate(text.splitlines(), 1):
        bare = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", "", line)
        said = [each[1] for each in attribute.finditer(bare)]
        said += [each for each in re.sub(r"<[^>]*>", "\n", bare).splitlines() if each.strip()]
        yield from ((number, each) for each in said)


def _strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The strings of a program that have two words or more; no docstrings, and nothing for the logs or the database."""
    silent = {id(each) for node in ast.walk(tree) for each in _not_for_people(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in silent:
            continue
        if " " in node.value.strip() and not QUERY.match(node.value):
            yield node.lineno, node.value


def _not_for_people(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value  # a docstring
    if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in (
        "text",
        "sql",
        "SQL",
    ):
        yield from ast.walk(node)


def stumbles(path: Path) -> Iterator[tuple[int, str, str]]:
    """Where a banned pattern stands in a file: line, the words, what to write instead."""
    for number, sentence in sentences(path):
        for pattern, better in BANNED.items():
            for found in re.finditer(pattern, sentence, re.IGNORECASE):
                yield number, found[0], better


if __name__ == "__main__":
    wanted = tuple(str(Path(each)) for each in sys.argv[1:])
    total = 0
    for file in files():
        shown = str(file.relative_to(ROOT))
        for number, words, better in stumbles(file) if shown.startswith(wanted or "") else ():
            total += 1
            print(f"{shown}:{number}: {words!r}: {better}")
    print(total)
