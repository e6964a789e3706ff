"""What staff write for a mailing: its words by language, to whom it goes, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, Final

from plugin.errors import BadInput
from plugin.rules import mistakes
from plugin.rules.emails import rich_text
from plugin.rules.emails.block_types import HEAD, BlockType, Field
from plugin.rules.emails.design import Design, Override
from plugin.rules.emails.stored import checked_text
from plugin.rules.emails.variables import COMMON, named
from plugin.rules.words.texts import Said

WORDS: Final = "words"
"""The block of the mailing's design that holds what was written."""
LONGEST_NAME: Final = 100
LONGEST_LINE: Final = 200
LONGEST_CODE: Final = 64
FURTHEST: Final = timedelta(days=365)
LATE: Final = timedelta(minutes=5)
"""So long after it was meant, a time still counts as now: somebody filled the form in meanwhile."""
MOST: Final = 10_000_000
EXAMPLE: Final = '{{ first_name | default: "there" }}'
"""How a value is written that may be empty."""


@dataclass(frozen=True, slots=True)
class MailingText:
    """What it says in one language, as staff wrote it. `subject` and `preheader` may be empty."""

    subject: str = ""
    preheader: str = ""
    title: str = ""
    body: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was written in this language."""
        return not any((self.subject, self.preheader, self.title, self.body))

    def stored(self) -> dict[str, str]:
        """As JSON."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


FIELDS: Final[Mapping[str, Field]] = {
    **{field.name: field for field in HEAD},
    **{field.name: field for field in BlockType.TEXT.shape.fields if field.name in ("title", "body")},
}
"""What is written in each language, by its name, with its bounds."""
Texts = Mapping[str, MailingText]
"""By language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mailing as staff have it. Readers of a language without words of its own get those of `language`.

    `bought` is a filter of the list of members ("never", "once", "again"; empty: all of them), `tier` a tier's key, or
    empty; `most`: to so many at most, 0 for all; `code`: a discount code of the shop's own, if any.
    """

    name: str
    language: str
    texts: Texts
    code: str = ""
    bought: str = ""
    tier: str = ""
    most: int = 0


def read_texts(stored: Mapping[str, Mapping[str, Any]]) -> dict[str, MailingText]:
    """The texts as they were stored."""
    return {
        language: MailingText(**{name: str(said.get(name, "")) for name in FIELDS}) for language, said in stored.items()
    }


def text_for(texts: Texts, main: str, language: str) -> MailingText:
    """What a reader of a language gets.

    >>> text_for({"en": MailingText(title="Hello")}, "en", "de").title
    'Hello'
    """
    return texts.get(language) or texts.get(main) or MailingText()


def checked(
    asked: Letter, languages: tuple[str, ...], audiences: Mapping[str, object], tiers: frozenset[str]
) -> Letter:
    """The letter without the space around its words. BadInput by field: `texts.<language>.<field>` for a text."""
    name, code = " ".join(asked.name.split()), asked.code.strip()
    wrong: dict[str, str] = {}
    if not name or len(name) > LONGEST_NAME:
        wrong["name"] = Said("messages.mailing.error.name", most=LONGEST_NAME)
    if asked.language not in languages:
        wrong["language"] = Said("messages.mailing.error.language")
    if len(code) > LONGEST_CODE or any(sign.isspace() or not sign.isprintable() for sign in code):
        wrong["code"] = Said("messages.mailing.error.code")
    if asked.bought and asked.bought not in audiences:
        wrong["bought"] = Said("messages.mailing.error.audience")
    if asked.tier and asked.tier not in tiers:
        wrong["tier"] = Said("messages.mailing.error.audience")
    if not 0 <= asked.most <= MOST:
        wrong["most"] = Said("messages.mailing.error.most")
    texts = _texts(asked, languages, wrong)
    if wrong:
        raise BadInput(mistakes.NOT_RIGHT, wrong)
    return replace(asked, name=name, code=code, texts=texts)


def _texts(asked: Letter, languages: tuple[str, ...], wrong: dict[str, str]) -> dict[str, MailingText]:
    """Every language that something was written in: its title and its text must be there."""
    found = {}
    for language in languages:
        text = asked.texts.get(language, MailingText())
        if text.empty and language != asked.language:
            continue
        found[language] = MailingText(**{name: _checked(text, language, name, wrong) for name in FIELDS})
    return found


def _checked(text: MailingText, language: str, name: str, wrong: dict[str, str]) -> str:
    said, field, at = str(getattr(text, name)).strip(), FIELDS[name], f"texts.{language}.{name}"
    if not said and name in ("title", "body"):
        wrong[at] = Said("messages.mailing.error.empty")
        return ""
    try:
        plain = checked_text(said, field)
        _insist_on_known(plain, field)
    except BadInput as error:
        wrong[at] = error.message
        return ""
    return plain


def _insist_on_known(text: str, field: Field) -> None:
    """BadInput: it asks for a value that no email has, or that may be empty without saying what then."""
    known = named(COMMON)
    for asked in rich_text.paths(rich_text.parse(text) if field.writing == "rich" else rich_text.parse_line(text)):
        one = known.get(asked.path)
        if one is None:
            raise BadInput(Said("messages.mailing.error.variable", name=asked.path))
        if one.blank and asked.fallback is None and not one.address:
            raise BadInput(Said("messages.mailing.error.fallback", name=asked.path, example=EXAMPLE))


def checked_time(send_at: datetime | None, now: datetime) -> datetime:
    """When it goes: now where nothing is said. BadInput: in the past, or more than a year away."""
    if send_at is None:
        return now
    if not now - LATE <= send_at <= now + FURTHEST:
        raise BadInput(mistakes.NOT_RIGHT, {"send_at": Said("messages.mailing.error.send_at")})
    return max(send_at, now)


def over(design: Design, text: MailingText, language: str) -> Design:
    """A design of the kind with what was written for this mailing, for readers of one language."""
    head = {
        "subject.written": text.subject,
        "preheader.written": text.preheader,
        "preheader.none": text.title,
    }
    words = {"title": text.title, "body": text.body}
    blocks = tuple(
        replace(block, hidden=False, texts=_with(block.texts, language, words)) if block.id == WORDS else block
        for block in design.blocks
    )
    return replace(design, texts=_with(design.texts, language, head), blocks=blocks)


def _with(texts: Mapping[str, Mapping[str, Override]], language: str, said: Mapping[str, str]) -> dict[str, Any]:
    written = {name: Override(text=words) for name, words in said.items() if words}
    return {**texts, language: {**texts.get(language, {}), **written}}
