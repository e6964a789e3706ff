"""A file of members read from its bytes as it is guessed, as the product does it in several steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from plugin.rules.imports import choices, guessing, table_file
from plugin.rules.imports.choices import Choices
from plugin.rules.imports.lines import Problem, Reading, Row
from plugin.rules.imports.meanings import Meaning
from plugin.rules.imports.source import PointsAs
from plugin.rules.imports.table_file import UnreadableFile


@dataclass(frozen=True)
class Found:
    """What a file says."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    ignored: tuple[str, ...]
    columns: Mapping[str, str]
    chosen: Choices


def read(
    content: bytes,
    source: str = "",
    columns: Mapping[Meaning, str] | None = None,
    points_as: PointsAs | None = None,
) -> Found:
    """As guessed, or with what staff choose. Raises UnreadableFile where they would have to say which columns are
    meant."""
    table = table_file.table(table_file.text_of(content), guessing.known)
    lines = list(table.rows)
    shown = choices.shown_by(table.headings, [cells for _, cells in lines], table.mark == ";")
    chosen = choices.guess(table.headings, shown, source)
    assigned = {meaning: table.headings.index(heading) for meaning, heading in (columns or {}).items()}
    if assigned or points_as:
        changed = replace(chosen, columns={**chosen.columns, **assigned}, points_as=points_as or chosen.points_as)
        chosen = choices.with_orders(changed, shown)
    if wanting := choices.wanting(table.headings, chosen, guessed=True):
        raise UnreadableFile(wanting)
    reading = Reading(chosen, shown)
    found = [reading.read(line, cells) for line, cells in lines]
    used = set(chosen.columns.values())
    return Found(
        tuple(each for each in found if isinstance(each, Row)),
        tuple(each for each in found if isinstance(each, Problem)),
        tuple(each for at, each in enumerate(table.headings) if at not in used and each.strip()),
        {str(meaning): table.headings[at] for meaning, at in chosen.columns.items()},
        chosen,
    )
