"""Keep the catalogues: `python scripts/catalogues.py check | stats | update`.

check   what is wrong: keys that are used but not written, written but not used, not translated, with other places
stats   how much of each language is translated
update  writes every catalogue anew: English's keys in English's order, those that lack words left empty
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from plugin.rules.words.catalogues import ENGLISH, EXACTLY_ONE, FOLDER, LANGUAGES, PANEL, catalogue, languages_of
from scripts import extension_texts

ROOT = Path(__file__).resolve().parents[1]
CALLS = ("text", "counted", "t", "Said", "Text")
KEY = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+")
TESTED = (*range(7), 11, 21, 100, 1_000_000)
"""The numbers that each counted text is tried with."""


def english() -> dict[str, str | tuple[str, ...]]:
    """Every English text."""
    return dict(catalogue(ENGLISH).texts)


def in_python() -> Iterator[str]:
    """Each text in the code that can be a key, and `a.b.` where a key begins so and goes on with a value."""
    for file in (*(ROOT / "plugin").rglob("*.py"), *(ROOT / "webhooks").rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                yield from _begins(node)


def _begins(node: ast.JoinedStr) -> Iterator[str]:
    first = node.values[0]
    begun = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
    if begun.endswith(".") and KEY.fullmatch(begun + "x"):
        yield begun


def asked_in_python() -> Iterator[tuple[str, str]]:
    """Each key that the code asks for by its name, with the file: the first argument that is a text of the call."""
    for file in (*(ROOT / "plugin").rglob("*.py"), *(ROOT / "webhooks").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _called(node) in CALLS:
                for each in node.args[:2]:
                    if isinstance(each, ast.Constant) and isinstance(each.value, str) and KEY.fullmatch(each.value):
                        yield each.value, str(file.relative_to(ROOT))


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def in_pages() -> Iterator[tuple[str, str]]:
    """Each key that a Jinja template asks `t` or `counted` for; one that goes on with a value ends with a dot."""
    for file, tree in _pages():
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in CALLS and call.args:
                yield from ((key, str(file.relative_to(ROOT))) for key in _keys(call.args[0]))


def _pages() -> Iterator[tuple[Path, nodes.Template]]:
    for file in sorted((ROOT / "plugin" / "web" / "templates").rglob("*.html")):
        yield file, Environment().parse(file.read_text(encoding="utf-8"))


def _keys(node: nodes.Node) -> Iterator[str]:
    """The keys that an expression can be: a text, the first part of a joined one, either of two."""
    if isinstance(node, nodes.Const):
        yield str(node.value)
    elif isinstance(node, nodes.Concat):
        yield from _keys(node.nodes[0])
    elif isinstance(node, nodes.CondExpr):
        yield from (key for each in (node.expr1, node.expr2) if each is not None for key in _keys(each))


def on_pages() -> Iterator[str]:
    """Each text in a Jinja template that can be a key."""
    for _, tree in _pages():
        yield from (node.value for node in tree.find_all(nodes.Const) if _can_be_key(node.value))


def _can_be_key(value: object) -> bool:
    return isinstance(value, str) and KEY.fullmatch(value) is not None


def asked() -> set[tuple[str, str]]:
    """Every key that a page, a mail, an extension or the code asks for, with where."""
    return {*asked_in_python(), *in_pages(), *extension_texts.asked()}


def not_written() -> list[str]:
    """What is asked for and English does not have."""
    known = set(english())
    begun = {key[: dot + 1] for key in known for dot in range(len(key)) if key[dot] == "."}
    return sorted(f"{file}: {key}" for key, file in asked() if key not in known and key not in begun)


def not_used() -> list[str]:
    """What English has and nothing asks for."""
    names = {*in_python(), *on_pages(), *(key for key, _ in asked()), *extension_texts.named()}
    begun = tuple(name for name in names if name.endswith("."))
    return sorted(
        key for key in english() if key.removesuffix(EXACTLY_ONE) not in names and not (begun and key.startswith(begun))
    )


def not_translated() -> list[str]:
    """What a language lacks of the domains that it has, what it has beyond English, and a form too few. The panel may
    be translated in part."""
    wrong = []
    for language in LANGUAGES:
        own = catalogue(language)
        for file in sorted((FOLDER / ENGLISH).rglob("*.po")):
            domain = file.relative_to(FOLDER / ENGLISH).with_suffix("")
            if domain.parts[0] == PANEL or language not in languages_of(domain.parts[0]):
                continue
            wrong += [f"{language}: {key}" for key in keys_of(file) if key not in own.texts and not optional(key)]
        beyond = own.texts.keys() - english().keys()
        wrong += [f"{language} alone: {key}" for key in sorted(beyond) if not optional(key)]
        wrong += [f"{language}: {key} has no text to count with" for key in own.texts if _lonely(key, own.texts)]
    return wrong


def optional(key: str) -> bool:
    """A text for exactly one is for the languages that need it."""
    return key.endswith(EXACTLY_ONE)


def _lonely(key: str, texts: dict[str, str | tuple[str, ...]] | object) -> bool:
    return optional(key) and not isinstance(catalogue(ENGLISH).texts.get(key.removesuffix(EXACTLY_ONE)), tuple)


def keys_of(file: Path) -> list[str]:
    """The keys of one catalogue, in its order."""
    return [
        message.id[0] if isinstance(message.id, tuple | list) else message.id for message in _read(file) if message.id
    ]


def places(text: str) -> set[str]:
    """The places of a text. ValueError for one that is not a plain name."""
    found = {
        name for _, name, spec, conversion in Formatter().parse(text) if name is not None and not (spec or conversion)
    }
    if any(not re.fullmatch(r"[a-z_]+", name) for name in found) or text.count("{") != sum(
        1 for _ in re.finditer(r"\{[a-z_]+\}", text)
    ):
        raise ValueError(f"a place that is not a plain name: {text}")
    return found


def other_places() -> list[str]:
    """Texts that ask for other values than the English one; a form for more than one number says the number."""
    wrong = []
    for language in LANGUAGES:
        own = catalogue(language)
        for key, text in own.texts.items():
            base = english().get(key.removesuffix(EXACTLY_ONE))
            if base is None:
                continue
            if isinstance(text, tuple) != (isinstance(base, tuple) and not optional(key)):
                wrong.append(f"{language}: {key} has plural forms here and not there")
                continue
            all_of = set().union(*(places(form) for form in ([base] if isinstance(base, str) else base)))
            for place, form in enumerate([text] if isinstance(text, str) else text):
                numbers = [n for n in range(201) if own.form_of(n) == place]
                alone = optional(key) or (isinstance(text, tuple) and len(numbers) == 1)
                if places(form) != all_of and not (alone and places(form) <= all_of):
                    wrong.append(f"{language}: {key}: {form}")
    return wrong


def problems() -> list[str]:
    """All that is wrong."""
    return [
        *(f"not written: {each}" for each in not_written()),
        *(f"not used: {each}" for each in not_used()),
        *(f"not translated: {each}" for each in not_translated()),
        *(f"other places: {each}" for each in other_places()),
    ]


def _read(file: Path) -> Catalog:
    with file.open("rb") as source:
        return read_po(source, locale=file.relative_to(FOLDER).parts[0])


def update() -> None:
    """Write each language's catalogues in English's order, with an empty text for what is new."""
    for language in LANGUAGES[1:]:
        own = {key: message for file in (FOLDER / language).rglob("*.po") for key, message in _messages(file)}
        for file in sorted((FOLDER / ENGLISH).rglob("*.po")):
            domain = file.relative_to(FOLDER / ENGLISH)
            part = domain.parts[0] == PANEL and not (FOLDER / language / domain).is_file()
            if not part and language in languages_of(domain.with_suffix("").parts[0]):
                _write(FOLDER / language / domain, language, file, own)


def _messages(file: Path) -> Iterator[tuple[str, object]]:
    for message in _read(file):
        if message.id:
            yield (message.id[0] if isinstance(message.id, tuple | list) else message.id), message.string


def _write(target: Path, language: str, source: Path, own: dict[str, object]) -> None:
    kept = _read(target)
    fresh = Catalog(locale=language, fuzzy=False, header_comment=kept.header_comment)
    for key, text in _messages(source):
        if key + EXACTLY_ONE in own and not optional(key):
            fresh.add(key + EXACTLY_ONE, own[key + EXACTLY_ONE])  # type: ignore[arg-type]
        if not optional(key):
            fresh.add((key, key) if isinstance(text, tuple | list) else key, own.get(key) or "")  # type: ignore[arg-type]
    target.write_text(_head(target) + _body(fresh).rstrip() + "\n", encoding="utf-8")


def _head(file: Path) -> str:
    return file.read_text(encoding="utf-8").partition("\n\n")[0] + "\n\n"


def _body(fresh: Catalog) -> str:
    from io import BytesIO

    written = BytesIO()
    write_po(written, fresh, width=0, omit_header=True)
    return written.getvalue().decode()


def stats() -> Iterable[str]:
    """A line for each language and domain."""
    for language in LANGUAGES:
        for file in sorted((FOLDER / language).rglob("*.po")):
            keys, domain = keys_of(file), file.relative_to(FOLDER / language).with_suffix("")
            done = sum(1 for key in keys if key in catalogue(language).texts)
            yield f"{language:<6}{domain!s:<24}{done} of {len(keys)}"


def main(command: str) -> int:
    """Carry out one command; answers what the shell is told."""
    if command == "update":
        update()
        return 0
    lines = list(stats()) if command == "stats" else problems()
    print("\n".join(lines))
    return 1 if lines and command == "check" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
