"""A programme as a YAML file: written for people to edit, read back strictly.

YAML has ways to say one thing and mean another: `no` for false, 012 for ten, one key twice, a short text that
unfolds to gigabytes. None of them is taken here: words are words, numbers are decimal, and a key stands once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import yaml

from plugin.errors import BadInput
from plugin.rules.programme import Programme
from plugin.rules.versions.programme_changes import spread

FORMAT: Final = 1
LARGEST: Final = 1_000_000


class _Loader(yaml.SafeLoader):
    """JSON's scalars in YAML's clothes."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        """No node is used twice: that is how short files become large."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("“*” refers to something else, which is not taken here")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Each key once, and each a word."""
        seen = set()
        for key, _ in node.value:
            name = str(key.value)
            if not isinstance(key, yaml.ScalarNode) or name in seen:
                raise yaml.YAMLError(f"line {key.start_mark.line + 1}: “{name[:40]}” stands here twice")
            seen.add(name)
        return super().construct_mapping(node, deep)


def _number(loader: Any, node: Any) -> int | Decimal:
    text = str(loader.construct_scalar(node))
    return int(text) if re.fullmatch(r"-?\d+", text) else Decimal(text)


_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])
_Loader.add_implicit_resolver("!number", re.compile(r"^-?(?:0|[1-9]\d{0,17})(?:\.\d{1,9})?$"), list("-0123456789"))
_Loader.add_constructor("!number", _number)


class _Dumper(yaml.SafeDumper):
    """Two spaces, lists under their names, nothing referred to twice."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists too."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out."""
        return True


def to_yaml(programme: Programme, title: str) -> str:
    """The file for a programme; `title` is a comment at its head."""
    body = {"format": FORMAT, "programme": _tidy(spread(programme.model_dump()))}
    text = yaml.dump(body, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return f"# {' '.join(title.split())}\n{text}"


def _tidy(value: Any) -> Any:
    """Decimals as plain numbers."""
    if isinstance(value, dict):
        return {key: _tidy(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_tidy(each) for each in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def from_yaml(text: str) -> dict[str, Any]:
    """What a file says a programme is, not checked yet. Raises BadInput with the line, or the reason."""
    if len(text) > LARGEST:
        raise BadInput("The file is too large to be a programme.", {"file": f"at most {LARGEST:,} characters"})
    try:
        found = yaml.load(text, Loader=_Loader)  # a subclass of SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadInput("The file cannot be read as YAML.", {"file": _reason(error)}) from None
    if not isinstance(found, Mapping) or set(found) != {"format", "programme"}:
        raise BadInput("This is not a programme.", {"file": "must hold `format` and `programme`, and nothing else"})
    if found["format"] != FORMAT:
        raise BadInput("This is not a programme.", {"format": f"must be {FORMAT}"})
    if not isinstance(found["programme"], dict):
        raise BadInput("This is not a programme.", {"programme": "must hold the programme's parts"})
    return found["programme"]


def _reason(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    return str(error) or type(error).__name__
