"""A kind of email is an entry in the list, a folder, its texts and a trigger: what is missing is found here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from plugin.errors import UnknownKind
from plugin.messages.designs import block_defaults, default_of, head_defaults
from plugin.messages.kinds import KINDS
from plugin.messages.render import FOLDER
from plugin.rules.emails.about_kinds import Confirmation
from plugin.rules.emails.default_texts import Text, fields_of
from plugin.rules.formats import LANGUAGES
from plugin.rules.message_kinds import LABELS, MessageKind, kind_of
from plugin.rules.words.catalogues import catalogue

PARTS = {"apart", "blocks", "liquid", "parts", "sending", "shopify_snippet"}
"""The folders beside those of the kinds: what their designs are made of and rendered by, and Shopify's own email."""
CONFIRMATIONS: tuple[Confirmation, ...] = get_args(Confirmation)
PLUGIN = Path(__file__).parents[2] / "plugin"


def test_every_kind_has_a_folder_and_every_folder_a_kind() -> None:
    folders = {file.parent.name for file in FOLDER.glob("*/*") if "__pycache__" not in file.parts} - PARTS
    assert folders == set(MessageKind) == set(KINDS)


@pytest.mark.parametrize("kind", MessageKind)
def test_every_folder_has_the_same_shape(kind: MessageKind) -> None:
    files = {file.name for file in (FOLDER / kind).iterdir()} - {"__pycache__"}
    assert files >= {"__init__.py", "mail.py", "design.py"}
    assert [name for name in files if not name.endswith(".py")] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", MessageKind)
def test_every_kind_has_its_texts_in_every_language(kind: MessageKind, language: str) -> None:
    """Its own, under its name: the subject first of all; and every text of its that any template asks for."""
    known = set(catalogue(language).texts)
    assert [key for key in known if key.startswith(f"{kind}.subject")], (kind, language)
    asked = set(keys_of(kind))
    assert asked and asked <= known


def keys_of(kind: MessageKind) -> Iterator[str]:
    """The texts that a design asks for by their names."""
    defaults = [*head_defaults(kind).values()]
    defaults += [each for block in default_of(kind).blocks for each in block_defaults(kind, block).values()]
    for default in defaults:
        for words in fields_of("", default).values():
            if isinstance(words, Text):
                yield from filter(None, (words.key, words.nameless))


@pytest.mark.parametrize("kind", MessageKind)
def test_something_triggers_every_kind(kind: MessageKind) -> None:
    """It is named where things happen; not in the list, not where emails are built, not on a page."""
    elsewhere = (PLUGIN / "messages", PLUGIN / "web")
    sources = [*PLUGIN.rglob("*.py"), *(PLUGIN.parent / "webhooks").rglob("*.py")]
    sources = [path for path in sources if not any(path.is_relative_to(folder) for folder in elsewhere)]
    naming = [path for path in sources if re.search(rf"\bMessageKind\.{kind.name}\b", path.read_text("utf-8"))]
    assert [path for path in naming if path.name != "message_kinds.py"]


def test_staff_can_tell_the_kinds_apart() -> None:
    assert list(LABELS) == list(MessageKind)
    assert len(set(LABELS.values())) == len(MessageKind)
    assert all(kind.about.gone and kind.about.label[0].isupper() for kind in MessageKind)


def test_a_kind_that_is_in_no_list_is_refused_by_name() -> None:
    with pytest.raises(UnknownKind, match="no_such_kind"):
        kind_of("no_such_kind")


def test_no_mail_silences_what_nobody_asked_for() -> None:
    """Decision 0019, and what Suki does not say where Shopify confirms the orders."""
    silent = {setting: {kind for kind in MessageKind if not kind.goes_with(setting)} for setting in CONFIRMATIONS}
    assert silent["ours"] == set()
    assert silent["shopify"] >= {"order_confirmation", "welcome"}
    asked = {"code_ready", "points_expiring", "reward_done", "referral_code", "second_step"}
    news = {
        "tier_reached",
        "tier_ending",
        "tier_lost",
        "points_expired",
        "points_taken_back",
        "reward_given",
        "referral_ordered",
        "referral_paid",
        "referral_ended",
    }
    assert silent["none"] >= silent["shopify"] | news
    assert asked.isdisjoint(silent["none"]) and news.isdisjoint(silent["shopify"])


def test_who_has_left_gets_the_links_they_ask_for_and_nothing_promotional() -> None:
    going = {kind for kind in MessageKind if kind.about.always}
    assert MessageKind.SECOND_STEP in going
    assert all(kind.about.nature == "transactional" for kind in going)
    assert going.isdisjoint({"welcome", "tier_reached", "reward_given", "points_expiring"})
