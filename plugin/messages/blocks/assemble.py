"""A design in one language becomes a subject, an MJML and a text part, all three still with Liquid in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from babel import Locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from plugin.errors import BadInput
from plugin.messages import designs
from plugin.messages.blocks.asked import around, lists_rewards, told, when
from plugin.messages.blocks.boxes import BEGINS, BRAND, ENDS, NEXT, ROOM, box, stands
from plugin.messages.liquid.written import (
    ANY,
    Fragment,
    Part,
    colon,
    link_address,
    literal,
    of_cases,
    of_default,
    of_nodes,
)
from plugin.rules.emails import rich_text
from plugin.rules.emails.block_types import HEAD, BlockType, Field
from plugin.rules.emails.default_texts import GREETING, Case, Default
from plugin.rules.emails.design import Block, Design, Override
from plugin.rules.emails.rich_text import Link, Marked, Node, Variable
from plugin.rules.message_kinds import MessageKind
from plugin.rules.words.texts import Said

FOLDER: Final = Path(__file__).parents[1]
OWN_ADDRESSES: Final = frozenset({"survey_url"})
"""Those that types of block lead to by themselves."""
REWARDS: Final = "rewards_url"  # every email leads there: its footer does where no other block does for sure
PARTS: Final[tuple[Part, Part]] = ("html", "words")
_STANDS: Final = frozenset({BlockType.BALANCE, BlockType.NEXT_REWARD})  # both say which reward the points pay for
_LAST: Final = frozenset({BlockType.FOOTER, BlockType.SOCIAL})  # what every email ends with


@dataclass(frozen=True, slots=True)
class Sources:
    """The three parts of an email in one language."""

    subject: str
    mjml: str
    text: str


def assemble(kind: MessageKind, design: Design, language: str, *, within: bool = False) -> Sources:
    """The email's parts. BadInput naming the field of the design that holds a text that is no good.

    `within`: it stands within another email, so it has no greeting, no heading of its own and no footer.
    ANY language makes parts for all of them, which ask for their texts by key.
    """
    direction = Locale(language).text_direction if language != ANY else "{{ dir }}"
    addresses = frozenset(one.path for one in designs.variables_of(kind) if one.address) | OWN_ADDRESSES
    maker = _Maker(kind, language, direction, addresses, within)
    to_rewards = any(maker.surely_leads(block, REWARDS) for block in design.blocks)
    maker = replace(maker, to_rewards=to_rewards, lists_rewards=lists_rewards(design.blocks))
    head = maker.texts(design.texts, designs.head_defaults(kind), HEAD, "texts", "inherit")
    shown = [(place, block) for place, block in enumerate(design.blocks) if not block.hidden]
    shown = [(place, block) for place, block in shown if not (within and block.type in _LAST)]
    first = "" if within else next((block.id for _, block in shown if maker.has_sure_title(block)), "")
    made = [maker.block(block, place, heading="h1" if block.id == first else "h2") for place, block in shown]
    if language != ANY:
        made = _with_room(made, [block for _, block in shown], within=within)
    subject, preheader = head["subject"], head["preheader"]
    mjml = _file("parts/email.mjml").render(
        brand=BRAND,
        direction=maker.direction,
        title=subject["html"] if subject else "",
        preheader=preheader["html"] if preheader else "",
        header_level="div" if first else "h1",
        boxes="\n".join(each for each, _ in made),
    )
    return Sources(subject["words"] if subject else "", mjml, "\n\n".join(words for _, words in made))


def _with_room(made: Sequence[tuple[str, str]], blocks: Sequence[Block], *, within: bool) -> list[tuple[str, str]]:
    """With marks around what stands within another email, else with one where others may stand: before its end."""
    if within:
        parted = [each for one in made for each in ((_raw(NEXT), NEXT), one)][1:]
        return [(_raw(BEGINS), ""), *parted, (_raw(ENDS), "")]
    end = len(blocks)
    while end and blocks[end - 1].type in _LAST:
        end -= 1
    return [*made[:end], (_raw(ROOM), ROOM), *made[end:]]


def _raw(mark: str) -> str:
    return f"<mj-raw>{mark}</mj-raw>"


def _file(name: str) -> Template:
    """One of our files: what is known before there is a message stands in it in square brackets."""
    return _files().get_template(name)


@cache
def _files() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=False,
        block_start_string="[%",
        block_end_string="%]",
        variable_start_string="[[",
        variable_end_string="]]",
        comment_start_string="[#",
        comment_end_string="#]",
    )


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the blocks of one kind for the readers of one language."""

    kind: MessageKind
    language: str
    direction: str
    addresses: frozenset[str]
    within: bool = False
    to_rewards: bool = False
    lists_rewards: bool = False

    def surely_leads(self, block: Block, to: str) -> bool:
        """Whether the block is always there, and leads to this address wherever there is one."""
        unsure = set(self._conditions(block)) - {f"{to} != blank"}
        return not block.hidden and not unsure and self._options(block).get("link", "").strip("{ }") == to

    def has_sure_title(self, block: Block) -> bool:
        """Whether the block is always there, with a title: then it holds the email's heading."""
        defaults = designs.block_defaults(self.kind, block)
        own = block.texts.get(self.language, {})
        title = own["title"].text if "title" in own else defaults.get("title")
        return bool(title) and not self._conditions(block) and block.type.field("title") is not None

    def block(self, block: Block, place: int, heading: str) -> tuple[str, str]:
        """The block's MJML and its part of the text, each within what it depends on."""
        standing, options = designs.default_block(self.kind, block), self._options(block)
        look = box(block, standing, self.direction, options)
        defaults = designs.block_defaults(self.kind, block)
        if self.within:
            defaults = {name: each for name, each in defaults.items() if each is not GREETING}
        if self.lists_rewards and block.type in _STANDS:
            defaults = {name: each for name, each in defaults.items() if name != "ready"}
        texts = self.texts(block.texts, defaults, block.type.shape.fields, f"blocks.{place}.texts", look["link"])
        for each in texts.values():
            if each is not None:
                each["heading"] = _heading(each["shown"], heading)
        known: dict[str, object] = {
            **texts,
            "colon": colon(self.language),
            "box": look,
            "brand": BRAND,
            "option": _escaped(options),
        }
        folder = f"blocks/{block.type}"
        html_link, plain_link = (self._link(options, part, f"blocks.{place}.options.link") for part in PARTS)
        inside = _file(f"{folder}/block.mjml").render(known, link=html_link, to_rewards=self.to_rewards)
        words = _file(f"{folder}/block.txt").render(known, link=plain_link, to_rewards=self.to_rewards)
        begins, ends = around(self._conditions(block))
        mjml = _file("parts/box.mjml").render(box=look, brand=BRAND, inside=inside, begins=begins, ends=ends)
        mark = stands(block.type) if self.language != ANY else ""
        return mjml, f"{begins}{mark}{words}{ends}"

    def _options(self, block: Block) -> dict[str, str]:
        return dict(designs.options_of(self.kind, block))

    def texts(
        self,
        overrides: Mapping[str, Mapping[str, Override]],
        defaults: Mapping[str, Default | None],
        fields: tuple[Field, ...],
        place: str,
        link_colour: str,
    ) -> dict[str, dict[str, str] | None]:
        """Each field as the templates ask for it; None where nothing is said."""
        found: dict[str, dict[str, str] | None] = {}
        for field in fields:
            default = defaults.get(field.name)
            html, words = (self._said(overrides, field, default, place, link_colour, part) for part in PARTS)
            found[field.name] = told(html, words) if html.liquid else None
        return found

    def _said(
        self,
        overrides: Mapping[str, Mapping[str, Override]],
        field: Field,
        default: Default | None,
        place: str,
        link_colour: str,
        part: Part,
    ) -> Fragment:
        """One text; for any language, in that of the reader where it was changed there."""

        def of(language: str, reader: str) -> Fragment:
            own = overrides.get(language, {})
            return _Text(field, own, default, reader, f"{place}.{language}", link_colour, self.addresses).fragment(part)

        changed = [each for each, own in overrides.items() if any(name.split(".")[0] == field.name for name in own)]
        if self.language != ANY or not changed:
            return of(self.language, self.language)
        cases = [(Case(each, f"language == '{each}'", None), of(each, ANY)) for each in sorted(changed)]
        return of_cases([*cases, (Case("", "", None), of(ANY, ANY))])

    def _link(self, options: Mapping[str, str], part: Part, place: str) -> str:
        """Where the block leads; BadInput where that is no address."""
        address = options.get("link", "")
        if not address:
            return ""
        to = rich_text.check_link(address)
        if isinstance(to, Variable) and to.path not in self.addresses:
            said = Said("emails.finding.not_an_address", name=to.path)
            raise BadInput(said, {place: said})
        return link_address(to, part)

    def _conditions(self, block: Block) -> tuple[str, ...]:
        return (*designs.default_conditions(self.kind, block), *when(block.when))


@dataclass(frozen=True, slots=True)
class _Text:
    """One field of a block: the merchant's text where there is one, case by case, else the default."""

    field: Field
    own: Mapping[str, Override]
    default: Default | None
    language: str
    place: str
    link_colour: str
    addresses: frozenset[str]

    def fragment(self, part: Part) -> Fragment:
        """The text for one part of the email."""
        name = self.field.name
        if name in self.own:
            return self._own(name, part)
        if isinstance(self.default, tuple) and any(f"{name}.{case.name}" in self.own for case in self.default):
            return of_cases([(case, self._case(case, part)) for case in self.default])
        return of_default(self.default, self.language, part) if self.default else Fragment("", False)

    def _case(self, case: Case, part: Part) -> Fragment:
        name = f"{self.field.name}.{case.name}"
        if name in self.own and case.text is not None:
            return self._own(name, part)
        return of_default(case.text, self.language, part) if case.text is not None else Fragment("", False)

    def _own(self, name: str, part: Part) -> Fragment:
        text = self.own[name].text
        try:
            nodes = rich_text.parse(text) if self.field.writing == "rich" else rich_text.parse_line(text)
        except BadInput as error:
            raise BadInput(error.message, {f"{self.place}.{name}": error.message}) from error
        for path in _not_addresses(nodes, self.addresses):
            said = Said("emails.finding.not_an_address", name=path)
            raise BadInput(said, {f"{self.place}.{name}": said})
        return of_nodes(nodes, part, self.link_colour)


def _not_addresses(nodes: Iterable[Node], addresses: Collection[str]) -> Iterator[str]:
    """The variables that links lead to and that hold no address."""
    for node in nodes:
        if isinstance(node, Link) and isinstance(node.to, Variable) and node.to.path not in addresses:
            yield node.to.path
        if isinstance(node, Link | Marked):
            yield from _not_addresses(node.inside, addresses)


def _heading(html: str, level: str) -> str:
    style = "margin:0;padding:0;font-size:inherit;line-height:inherit;font-weight:inherit;color:inherit;"
    return f'<{level} style="{style}">{html}</{level}>'


def _escaped(options: Mapping[str, str]) -> dict[str, str]:
    return {"image": literal(options.get("image", ""), "html")}
