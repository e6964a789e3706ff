"""Connections and search terms of the GraphQL API."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable
from datetime import UTC
from typing import Any

from graphql import GraphQLError

from sandbox.state import Record, parse_time

TERM = re.compile(r"""(-?)([a-z_]+):(>=|<=|>|<|=)?("[^"]*"|'[^']*'|\S+)""")
MAX_PAGE = 250
OF = "of"
"""The key of a view under which its record is, for the links to other views. No field of Shopify's has this name."""


def connection(items: list[Any], view: Callable[[Any], Any], first: int | None = None, after: str | None = None,
               last: int | None = None, before: str | None = None, reverse: bool = False) -> Record:  # fmt: skip
    """A page of a list. Cursors are offsets of the whole list's keys."""
    _check_size(first, last)
    if reverse:
        items = items[::-1]
    start, end = 0, len(items)
    if after:
        start = _place(items, after) + 1
    if before:
        end = _place(items, before)
    if first is not None:
        end = min(end, start + first)
    if last is not None:
        start = max(start, end - last)
    chosen = items[start:end]
    cursors = [cursor_of(item) for item in chosen]
    return {
        "nodes": lambda *_, **__: [view(item) for item in chosen],
        "edges": lambda *_, **__: [
            {"cursor": cursor, "node": view(item)} for cursor, item in zip(cursors, chosen, strict=True)
        ],
        "pageInfo": {
            "hasNextPage": end < len(items),
            "hasPreviousPage": start > 0,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
        "totalCount": len(items),
    }


def _check_size(first: int | None, last: int | None) -> None:
    if first is None and last is None:
        raise GraphQLError("you must provide one of first or last", extensions={"code": "BAD_REQUEST"})
    if max(first or 0, last or 0) > MAX_PAGE:
        raise GraphQLError(f"at most {MAX_PAGE} objects a page", extensions={"code": "BAD_REQUEST"})


def cursor_of(item: Any) -> str:
    """The cursor of a record."""
    return base64.urlsafe_b64encode(str(item["id"]).encode()).decode()


def _place(items: list[Any], cursor: str) -> int:
    for place, item in enumerate(items):
        if cursor_of(item) == cursor:
            return place
    raise GraphQLError("Invalid cursor for current pagination sort.", extensions={"code": "BAD_REQUEST"})


def search(items: Iterable[Record], query: str | None, read: dict[str, Callable[[Record], Any]]) -> list[Record]:
    """The records that match all terms of Shopify's search syntax, of the part that is used here."""
    terms = TERM.findall(query or "")
    free = TERM.sub("", query or "").replace(" AND ", " ").split()
    for _, name, _, _ in terms:
        if name not in read:
            raise GraphQLError(f"the sandbox cannot search by {name}", extensions={"code": "BAD_REQUEST"})
    return [item for item in items if all(_fits(item, term, read) for term in terms) and _holds(item, free, read)]


def _holds(item: Record, words: list[str], read: dict[str, Callable[[Record], Any]]) -> bool:
    text = " ".join(str(reader(item)) for reader in read.values()).lower()
    begun = [word[:-1].lower() for word in words if word.endswith("*")]
    whole = [word.lower() for word in words if word != "AND" and not word.endswith("*")]
    begins = all(any(each.startswith(word) for each in re.findall(r"[\w-]+", text)) for word in begun)
    return begins and all(word in text for word in whole)


def _fits(item: Record, term: tuple[str, str, str, str], read: dict[str, Callable[[Record], Any]]) -> bool:
    minus, name, sign, wanted = term
    wanted = wanted.strip("'\"")
    value = read[name](item)
    return _compare(value, sign, wanted) != bool(minus)


def _compare(value: Any, sign: str, wanted: str) -> bool:
    if isinstance(value, (list, tuple)):
        return any(_compare(one, sign, wanted) for one in value)
    if value is None:
        return False
    left: Any = value
    right: Any = wanted
    if isinstance(value, int):
        right = int(wanted)
    elif name_is_time(str(value)):
        left, right = parse_time(str(value)).astimezone(UTC), parse_time(wanted).astimezone(UTC)
    else:
        left, right = str(value).lower(), wanted.lower()
        if right.endswith("*"):
            return bool(left.startswith(right[:-1]))
    tests = {">=": left >= right, "<=": left <= right, ">": left > right, "<": left < right}
    return bool(tests.get(sign, left == right))


def name_is_time(text: str) -> bool:
    """Whether a value is a moment."""
    return len(text) >= 20 and text[4] == "-" and text[10] == "T"


def number_of(gid: str, kind: str = "") -> int:
    """The number of a global id; 0 when it is of another kind."""
    found = re.fullmatch(r"gid://shopify/(\w+)/(\d+)(\?.*)?", gid or "")
    if not found:
        raise GraphQLError(f"Invalid global id '{gid}'", extensions={"code": "argumentLiteralsIncompatible"})
    return int(found[2]) if not kind or found[1] == kind else 0
