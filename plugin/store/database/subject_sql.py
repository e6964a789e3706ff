"""Subjects in SQL: the grammar of `rules/subjects` as expressions, and the only place where it is spelled in SQL."""

from __future__ import annotations

from plugin.rules.names.subject_grammar import Subject
from plugin.rules.subjects import FORGIVEN


def written(kind: type[Subject], *columns: str) -> str:
    """The subject of this form whose parts are in these columns."""
    return f"'{kind.prefix()}' || " + f" || '{kind.GAP}' || ".join(columns)


def number(column: str) -> str:
    """The number that follows the word, of a subject that has one there."""
    return f"split_part({column}, '{Subject.GAP}', 2)::bigint"


def first_number(kind: type[Subject], column: str) -> str:
    """The number that a subject without a word begins with, as text."""
    return f"split_part({column}, '{kind.GAP.strip()}', 1)"


def second(column: str) -> str:
    """The part of a subject that follows the first, as text."""
    return f"split_part({column}, '{Subject.GAP}', 2)"


def begins(kind: type[Subject], column: str) -> str:
    """Whether a column's subject begins as this form does."""
    return f"{column} LIKE '{kind.prefix()}%%'"


def numbered(kind: type[Subject], column: str) -> str:
    """Whether a column's subject is the word and a number, and no more."""
    return f"{column} ~ '^{kind.prefix()}[0-9]+$'"


def one_of(*kinds: type[Subject], column: str) -> str:
    """Whether a column's subject is of one of these forms, and not what was forgiven of it."""
    words = "|".join(kind.WORD for kind in kinds)
    return f"{column} ~ '^({words}){Subject.GAP}' AND {column} !~ '{Subject.GAP}{FORGIVEN}$'"
