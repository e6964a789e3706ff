"""A real SMTP server that keeps every mail, and misbehaves on demand."""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Literal

from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.state import Rows, iso, now
from sandbox.trouble import Trouble

MAX_MAIL_BYTES = 10_000_000


@dataclass(frozen=True)
class Mail:
    """One mail as it was received."""

    id: int
    received_at: str
    sender: str
    recipients: list[str]
    subject: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """The parsed mail."""
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    def part(self, kind: str) -> str:
        """The text of the html or plain part; empty when there is none."""
        found = self.message.get_body(preferencelist=(kind,))
        return str(found.get_content()).replace("\r\n", "\n") if found else ""

    def as_dict(self) -> dict[str, Any]:
        """For /mailbox.json."""
        return {
            "id": self.id, "received_at": self.received_at, "sender": self.sender,
            "recipients": self.recipients,
            "subject": self.subject, "headers": [[name, str(value)] for name, value in self.message.items()],
            "text": self.part("plain"), "html": self.part("html"), "size_bytes": len(self.raw),
        }  # fmt: skip


def sort_of(message: EmailMessage) -> str:
    """What sort of mail its sender says it is: the first part of Feedback-ID, by which Gmail reports complaints."""
    return str(message.get("Feedback-ID", "")).split(":")[0].strip()


def language_of(message: EmailMessage) -> str:
    """In which language it says it is."""
    return str(message.get("Content-Language", "")).split(",")[0].strip()


class Post:
    """The kept mails."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.arrived = threading.Condition()

    def keep(self, sender: str, recipients: list[str], raw: bytes) -> int:
        """Store a mail."""
        parsed = email.message_from_bytes(raw, policy=email.policy.default)
        key = self.rows.write(
            "INSERT INTO mails (received_at, sender, recipients, subject, raw) VALUES (?,?,?,?,?)",
            (iso(now()), sender, json.dumps(recipients), str(parsed.get("subject", "")), raw),
        )
        self.rows.write("INSERT INTO mail_sorts VALUES (?,?,?)", (key, sort_of(parsed), language_of(parsed)))
        with self.arrived:
            self.arrived.notify_all()
        return key

    def list(self, recipient: str = "", limit: int = 100, sort: str = "", language: str = "") -> list[Mail]:
        """The newest mails, of one recipient, one sort and one language if wanted."""
        rows = self.rows.read(
            "SELECT m.id, received_at, sender, recipients, subject, raw FROM mails m LEFT JOIN mail_sorts s USING (id) "
            "WHERE lower(recipients) LIKE ? AND (? = '' OR sort = ?) AND (? = '' OR language = ?) "
            "ORDER BY m.id DESC LIMIT ?",
            (f"%{recipient.strip().lower()}%", sort, sort, language, language, limit),
        )
        return [Mail(key, at, who, json.loads(to), subject, raw) for key, at, who, to, subject, raw in rows]

    def known(self, what: Literal["sort", "language"]) -> tuple[str, ...]:
        """The sorts, or the languages, of the mails that there are."""
        rows = self.rows.read(f"SELECT DISTINCT {what} FROM mail_sorts WHERE {what} <> '' ORDER BY 1")
        return tuple(row[0] for row in rows)

    def get(self, key: int) -> Mail | None:
        """One mail."""
        rows = self.rows.read("SELECT id, received_at, sender, recipients, subject, raw FROM mails WHERE id=?", (key,))
        return next((Mail(k, at, who, json.loads(to), subject, raw) for k, at, who, to, subject, raw in rows), None)

    def count(self) -> int:
        """How many mails there are."""
        return int(self.rows.read("SELECT count(*) FROM mails")[0][0])

    def wait(self, number: int, seconds: float = 10.0) -> bool:
        """Wait until so many mails are here."""
        with self.arrived:
            return self.arrived.wait_for(lambda: self.count() >= number, seconds)

    def clear(self) -> None:
        """Throw all mails away."""
        self.rows.write("DELETE FROM mails", ())
        self.rows.write("DELETE FROM mail_sorts", ())


class Handler:
    """What the SMTP server does with a conversation."""

    def __init__(self, post: Post, trouble: Trouble) -> None:
        self.post, self.trouble = post, trouble

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str,
                          options: list[str]) -> str:  # fmt: skip
        """Accept a recipient, or not."""
        if self.trouble.strikes("smtp_refuse"):
            return "550 5.1.1 No such mailbox, on purpose"
        if self.trouble.strikes("smtp_temporary"):
            return "451 4.3.0 Try again later, on purpose"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the mail."""
        if self.trouble.strikes("smtp_hang"):
            await asyncio.sleep(self.trouble.settings.smtp_hang_seconds)
            return "451 4.3.0 Too slow, on purpose"
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.post.keep(envelope.mail_from or "", list(envelope.rcpt_tos), content)
        if self.trouble.strikes("smtp_drop") and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return "250 2.0.0 Kept"


class MailServer:
    """The SMTP server in a thread of its own."""

    def __init__(self, host: str, port: int, post: Post, trouble: Trouble) -> None:
        self.host, self.port = host, port
        self.handler = Handler(post, trouble)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, name="sandbox-smtp", daemon=True)
        self.started = threading.Event()
        self.failure: OSError | None = None

    def start(self) -> None:
        """Listen; raises OSError when the port is taken."""
        self.thread.start()
        self.started.wait(10)
        if self.failure:
            raise self.failure

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            server = self.loop.run_until_complete(self.loop.create_server(self._protocol, self.host, self.port))
        except OSError as error:
            self.failure = error
            self.started.set()
            return
        self.port = server.sockets[0].getsockname()[1]
        self.started.set()
        self.loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()

    def _protocol(self) -> SMTP:
        return SMTP(
            self.handler,
            hostname="sandbox",
            enable_SMTPUTF8=True,
            data_size_limit=MAX_MAIL_BYTES,
            loop=self.loop,
        )

    def stop(self) -> None:
        """Close."""
        if self.thread.is_alive():
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join(5)
