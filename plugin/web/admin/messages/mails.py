"""The log of messages, by state, kind, language and member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel import Locale
from flask import Flask, Response, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.members.tell_members import mail_of
from plugin.actions.sending.consents import agreed
from plugin.actions.work import retry_failed
from plugin.rules import reach
from plugin.rules.message_kinds import LABELS, NO_CONSENT
from plugin.rules.reach import Surface
from plugin.rules.words import reach_words
from plugin.store.members import member_search, members
from plugin.store.members.members import Member
from plugin.store.sending import clicks
from plugin.store.work import message_log, messages, one_mail
from plugin.store.work.message_log import Wanted
from plugin.store.work.messages import Message
from plugin.web.admin.frame.layout import Form, go, number_from, page
from plugin.web.auth import caller
from plugin.web.current import now, reading, shop, staff, transaction
from plugin.web.noted import noted
from plugin.web.words import language, t

STATES = ("sent", "queued", "sending", "failed", "bounced", "unknown", "skipped", "all")
"""The words are `messages.mails.state.<name>`."""
LONGEST_SEARCH = 100
WENT = frozenset({"sent", "unknown", "bounced"})
"""States of what may have arrived: sending it once more is confirmed."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody chose to see: `q` finds members, `member` is one."""

    state: str
    kind: str
    language: str
    q: str
    member: int | None

    @property
    def narrowed(self) -> bool:
        """Whether more than a state was chosen."""
        return bool(self.kind or self.language or self.q or self.member)

    @property
    def kept(self) -> dict[str, str]:
        """As links carry them on."""
        said = {"state": self.state, "kind": self.kind, "language": self.language, "q": self.q}
        return {name: value for name, value in said.items() if value} | (
            {"member": str(self.member)} if self.member else {}
        )


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/messages", "mails", mails)
    app.add_url_rule("/app/messages/<int:message_id>/again", "send_again", send_again, methods=["POST"])


@caller("session", reads="messages")
def mails() -> Response:
    """One page of messages, newest first."""
    asked = _asked()
    with transaction() as conn:
        found = message_log.page(conn, shop().id, _wanted(conn, asked), number_from("before"))
        rows = found[: message_log.PAGE]
        people = members.by_ids(conn, shop().id, {row.member_id for row in rows})
        willing = _willing(conn, rows, people)
        opened = clicks.of_messages(conn, shop().id, (row.id for row in rows))
        due = one_mail.due(conn, shop().id, [row.id for row in rows if row.state == "queued"])
        languages = message_log.languages(conn, shop().id)
        one = members.get(conn, shop().id, asked.member) if asked.member else None
        reading("messages", len(rows), fields=request.args.to_dict(), search=asked.q)
    return page(
        "admin/messages/mails.html",
        rows=rows,
        people=people,
        asked=asked,
        opened=opened,
        due=due,
        one=one,
        states={each: t(f"messages.mails.state.{each}") for each in STATES},
        languages=[("", t("messages.mails.any_language")), *((tag, language_name(tag)) for tag in languages)],
        older=rows[-1].id if len(found) > len(rows) else None,
        kinds=LABELS,
        again={row.id for row in rows if _again(row, people, willing)},
        why=why,
        form=Form(asked.kept, {}),
        language_name=language_name,
    )


def _asked() -> Filters:
    text, kind = " ".join(request.args.get("q", "").replace("\0", "").split()), request.args.get("kind", "")
    state = request.args.get("state", "sent")
    return Filters(
        state if state in STATES else "sent",
        kind if kind in LABELS else "",
        request.args.get("language", "")[:20].replace("\0", ""),
        text[:LONGEST_SEARCH],
        number_from("member"),
    )


def _wanted(conn: Connection, asked: Filters) -> Wanted:
    """The filters as the log reads them; a search that finds nobody finds no messages."""
    ids: tuple[int, ...] | None = (asked.member,) if asked.member else None
    if asked.q and ids is None:
        ids = tuple(one.id for one in member_search.search(conn, shop().id, asked.q))
    return Wanted("" if asked.state == "all" else asked.state, asked.kind, asked.language, ids)


def language_name(tag: str) -> str:
    """A language by its name."""
    return Locale.parse(tag, sep="-").get_display_name(language()) or tag


def why(message: Message) -> str:
    """Why one was not sent, in words: of all kinds by its key, the rest as it was written down."""
    return noted(message.last_error or "")


def _willing(conn: Connection, rows: Sequence[Message], people: Mapping[int, Member]) -> set[int]:
    """Of those who got no mail because they had not agreed to it: who has, by now."""
    asked = {row.member_id for row in rows if row.last_error == NO_CONSENT}
    return agreed(conn, shop().id, [people[key] for key in asked if key in people], now())


def _again(row: Message, people: Mapping[int, Member], willing: set[int]) -> bool:
    """Whether sending it once more makes sense: what would only be left out again is not offered."""
    if row.state != "skipped":
        return row.state in ("failed", "unknown")
    member = people.get(row.member_id)
    mail = mail_of(row.kind, shop().settings)
    if member is None or not reach.ask(shop().launch, member.person, Surface.MAIL, mail).reaches:
        return False
    return row.last_error in reach_words.MAY_GO_LATER or row.member_id in willing


@caller("session", role="manager")
def send_again(message_id: int) -> AnyResponse:
    """Send one message once more; staff decide, nobody else does. What was sent goes again only if they confirm it,
    which they do on its own page."""
    back = request.form.get("back") == "letter"
    with transaction() as conn:
        there = messages.get(conn, shop().id, message_id)
        if there and there.state in WENT and not request.form.get("sure"):
            return go("letter", message_id=message_id, unsure="1")
        done = retry_failed.send_again(conn, shop().id, message_id, staff().actor, now())
    if back:
        return go("letter", message_id=message_id, done="retried" if done else "nothing")
    return go("mails", done="retried" if done else "nothing", state=request.form.get("state", "sent")[:10])
