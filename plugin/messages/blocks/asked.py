"""What a block depends on, as Liquid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plugin.messages.liquid.written import Fragment
from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.design import Block, Conditions


def when(conditions: Conditions) -> Iterator[str]:
    """What a merchant chose, each a condition."""
    if conditions.tiers:
        yield " or ".join(f"tier_key == '{tier}'" for tier in sorted(conditions.tiers))
    for name, wanted in (("first_order", conditions.first_order), ("guest", conditions.guest)):
        if wanted is not None:
            yield f"{name} == {str(wanted).lower()}"
    if conditions.has_balance is not None:
        yield "balance > 0" if conditions.has_balance else "0 >= balance"


def around(conditions: tuple[str, ...]) -> tuple[str, str]:
    """What stands before and after something that is there where all of them are true."""
    return "".join(f"{{% if {each} %}}" for each in conditions), "{% endif %}" * len(conditions)


def lists_rewards(blocks: Iterable[Block]) -> bool:
    """Whether the email surely lists the rewards that the balance pays for; then no other block names one of them."""
    found = [block for block in blocks if block.type is BlockType.REWARDS_IN_REACH and not block.hidden]
    return any(not tuple(when(block.when)) for block in found)


def told(html: Fragment, words: Fragment) -> dict[str, str]:
    """A text with what must stand around it where it may be empty: `begin` and `end` in MJML, `tag_` in HTML.

    Between them it is `shown`; elsewhere it is `html`, and in the text part `words`.
    """
    if html.steady:
        empty = dict.fromkeys(("begin", "end", "tag_begin", "tag_end", "words_begin", "words_end"), "")
        return {"html": html.liquid, "shown": html.liquid, "words": words.liquid, **empty}
    begins, ends = f"{{% capture said %}}{html.liquid}{{% endcapture %}}{{% if said != blank %}}", "{% endif %}"
    words_begin = f"{{% capture said %}}{words.liquid}{{% endcapture %}}{{% if said != blank %}}"
    return {
        "html": html.liquid,
        "shown": "{{ said }}",
        "begin": f"<mj-raw>{begins}</mj-raw>",
        "end": f"<mj-raw>{ends}</mj-raw>",
        "tag_begin": begins,
        "tag_end": ends,
        "words": words.liquid,
        "words_begin": words_begin,
        "words_end": ends,
    }
