"""Which texts the extensions ask for, and which catalogues they take them from.

A key stands in the catalogues with its domain's first part, `checkout.offer.redeem`, and in an extension without it,
`offer.redeem`; what two or more extensions share begins with `surface.` in both.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXTENSIONS = ROOT / "extensions"
SHARED = "surface"
DOMAINS = {
    "checkout": "checkout",
    "account": "account",
    "pos": "pos",
    "admin": "staff_blocks",
    "theme": "storefront",
}
"""By the first word of an extension's folder: what its keys begin with in the catalogues."""
SOURCES = (".js", ".jsx", ".liquid", ".toml")
KEY = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")
TEXT = re.compile(r"""(?P<quote>['"`])(?P<text>(?:t:)?[a-z][a-z0-9_.]*)(?P<end>(?P=quote)|\$\{)""")
ASKED = re.compile(r"""\b(?:translate|t|say)\(\s*['"`](?P<call>[a-z][a-z0-9_.]*)""")
FILTERED = re.compile(r"""['"](?P<call>[a-z][a-z0-9_.]*)['"]\s*\|\s*t\b""")
COMMENT = re.compile(
    r"/\*.*?\*/|^\s*//[^\n]*|\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}", re.DOTALL | re.MULTILINE
)
IMPORTED = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"]+)['"]""")


@dataclass(frozen=True)
class Extension:
    """One folder of `extensions/` that shows texts. `theme`: its texts are read by Liquid."""

    folder: Path
    prefix: str

    @property
    def theme(self) -> bool:
        """Whether Shopify renders it as Liquid."""
        return self.prefix == DOMAINS["theme"]

    def full(self, key: str) -> str:
        """The catalogues' name for a key of this extension: `t:` is a text of the editor."""
        if key.startswith("t:"):
            return f"{self.prefix}.{'schema.' if self.theme else ''}{key[2:]}"
        return key if key.startswith(f"{SHARED}.") else f"{self.prefix}.{key}"


def extensions() -> list[Extension]:
    """Every extension with texts, by name. LookupError for a folder whose name says no surface."""
    found = []
    for toml in sorted(EXTENSIONS.glob("*/shopify.extension.toml")):
        surface = toml.parent.name.partition("-")[0]
        if surface in ("flow",):
            continue
        if surface not in DOMAINS:
            raise LookupError(f"{toml.parent.name}: the name begins with none of {', '.join(DOMAINS)}")
        if not _plain_links(toml):
            found.append(Extension(toml.parent, DOMAINS[surface]))
    return found


def _plain_links(toml: Path) -> bool:
    """Whether it is nothing but links whose names are no texts of ours."""
    said = tomllib.loads(toml.read_text(encoding="utf-8")).get("extensions", [])
    return bool(said) and all(
        each.get("type") == "admin_link" and not str(each.get("name")).startswith("t:") for each in said
    )


def files_of(extension: Extension) -> list[Path]:
    """What an extension is made of, with what it reaches of `extensions/shared/`; not its tests."""
    own = [
        file
        for file in sorted(extension.folder.rglob("*"))
        if file.suffix in SOURCES
        and not {"tests", "dist", "locales", "node_modules"} & {*file.relative_to(extension.folder).parts}
    ]
    seen: dict[Path, None] = {}
    while own:
        file = own.pop(0)
        if file not in seen and file.is_file():
            seen[file] = None
            own += [(file.parent / path).resolve() for path in IMPORTED.findall(_read(file))]
    return list(seen)


def _read(file: Path) -> str:
    return COMMENT.sub("", file.read_text(encoding="utf-8"))


def texts_in(file: Path) -> Iterator[str]:
    """Each text in a file that can be a key; where it goes on with a value it ends with a dot."""
    for match in TEXT.finditer(_read(file)):
        text = match["text"]
        if match["end"] == "${":
            if text.endswith(".") and KEY.fullmatch(text + "x"):
                yield text
        elif text.startswith("t:") or KEY.fullmatch(text):
            yield text


def calls_in(file: Path) -> Iterator[str]:
    """Each key that a file asks a text for by its name."""
    source = _read(file)
    for pattern in (ASKED, FILTERED):
        yield from (match["call"] for match in pattern.finditer(source))


def used(extension: Extension) -> set[str]:
    """The catalogues' names of the keys that an extension may ask for; a name that ends with a dot begins some."""
    return {extension.full(text) for file in files_of(extension) for text in (*texts_in(file), *calls_in(file))}


def asked() -> Iterator[tuple[str, str]]:
    """Each key that an extension asks for, by the catalogues' name, with the file."""
    for extension in extensions():
        for file in files_of(extension):
            keys = {*calls_in(file), *(text for text in texts_in(file) if text.startswith(("t:", f"{SHARED}.")))}
            for key in sorted(keys):
                yield extension.full(key), str(file.relative_to(ROOT))


def named() -> set[str]:
    """Every name that some extension may ask for."""
    return {name for extension in extensions() for name in used(extension)}
