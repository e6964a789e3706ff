"""A list of codes as people paste it, or as a CSV file of which the first column counts."""

from __future__ import annotations

MOST_CODES = 20_000
MOST_BYTES = 2 * 1024 * 1024
LONGEST_CODE = 200
_HEADINGS = frozenset({"code", "codes", "voucher", "coupon"})
_SHOWN = 3


def read(content: str) -> tuple[list[str], int, str]:
    """The codes, each once, in their order; how many lines said one again; and in words what is wrong, if anything."""
    lines = [_first_cell(line) for line in content.lstrip("\ufeff").splitlines()]
    found: dict[str, None] = {}
    again, problems = 0, []
    for number, code in enumerate(lines, 1):
        if not code or (not found and code.casefold() in _HEADINGS):
            continue
        if len(code) > LONGEST_CODE or not code.isprintable():
            problems.append(f"line {number} is no code")
        again += code in found
        found[code] = None
    if len(found) > MOST_CODES:
        return [], again, f"{MOST_CODES:,} codes are the most at once; these are {len(found):,}"
    more = f", and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
    return list(found), again, "; ".join(problems[:_SHOWN]) + more


def _first_cell(line: str) -> str:
    for mark in (";", "\t", ","):
        line = line.partition(mark)[0]
    return line.strip().strip('"').strip()
