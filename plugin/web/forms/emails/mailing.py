"""The form of a mailing: its words by language, to whom it goes, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from plugin.errors import BadInput
from plugin.rules import mistakes
from plugin.rules.mailings.mailing import FIELDS, Letter, MailingText
from plugin.rules.words.catalogues import LANGUAGES
from plugin.rules.words.texts import Said
from plugin.web.forms.days import day_of

NOW, LATER = "now", "later"
HALF_HOURS: Final = tuple(f"{half // 2:02}:{half % 2 * 30:02}" for half in range(48))


def at_first(language: str) -> dict[str, str]:
    """An empty one in the shop's language."""
    return {"language": language, "most": "0"}


def values_of(letter: Letter) -> dict[str, str]:
    """A mailing as its form shows it."""
    texts = {
        f"texts.{language}.{name}": getattr(text, name) for language, text in letter.texts.items() for name in FIELDS
    }
    return {
        "name": letter.name,
        "language": letter.language,
        "code": letter.code,
        "bought": letter.bought,
        "tier": letter.tier,
        "most": str(letter.most),
        **texts,
    }


def read(form: Mapping[str, str]) -> Letter:
    """What staff filled in, as they typed it; the action checks it. BadInput: a number that is none."""
    most = form.get("most", "").strip() or "0"
    if not most.isascii() or not most.isdigit() or len(most) > 9:
        raise BadInput(mistakes.NOT_RIGHT, {"most": Said("messages.mailing.error.most")})
    return Letter(
        name=form.get("name", ""),
        language=form.get("language", ""),
        texts={language: _text(form, language) for language in LANGUAGES},
        code=form.get("code", ""),
        bought=form.get("bought", ""),
        tier=form.get("tier", ""),
        most=int(most),
    )


def _text(form: Mapping[str, str], language: str) -> MailingText:
    said = {name: form.get(f"texts.{language}.{name}", "") for name in FIELDS}
    return MailingText(**{name: words if words.strip() else "" for name, words in said.items()})


def send_at(form: Mapping[str, str], zone: ZoneInfo) -> datetime | None:
    """When it is to go, by the shop's clock; None for now. BadInput: no day, or no time."""
    if form.get("when") != LATER:
        return None
    wrong: dict[str, str] = {}
    day = day_of(form.get("send_on", ""), "send_on", wrong)
    at = form.get("send_time", "")
    if at not in HALF_HOURS:
        wrong["send_time"] = Said("messages.mailing.error.time")
    if day is None or wrong:
        raise BadInput(mistakes.NOT_RIGHT, wrong)
    return datetime.combine(day, time.fromisoformat(at), zone)
