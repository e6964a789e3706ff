"""What every kind of email says in every language, to the letter, as a file for each kind beside this one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from plugin.messages.kinds import KINDS
from plugin.messages.render import render
from plugin.rules.brand import Brand
from plugin.rules.formats import LANGUAGES
from plugin.rules.message_kinds import MessageKind
from tests.messages.test_emails import KAPE, NENA

GOLDEN = Path(__file__).parent
TELL = "\nIf this is meant: python -m tests.messages.golden"


def said(kind: MessageKind) -> str:
    """Subject and text part of every sample in every language. The page says the same: test_designs compares them."""
    return "\n".join(_parts(kind))


def _parts(kind: MessageKind) -> Iterator[str]:
    for language in LANGUAGES:
        for name, shop in (("plain", NENA), ("rich", KAPE)):
            for number, sample in enumerate(KINDS[kind].samples(replace(shop, locale=language)), 1):
                mail = render(kind, sample, Brand())
                yield f"=== {language}, {name} shop, sample {number}\nSubject: {mail.subject}\n\n{mail.text}"
