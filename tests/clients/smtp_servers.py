"""Real SMTP servers over sockets, for tests: one that behaves, one that misbehaves as told."""

from __future__ import annotations

import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from plugin.clients.smtp.mail import Mailer
from plugin.rules.messages import RenderedMail

FROM, TO, ID = "rewards@shop.example", "maria@buyer.example", "<order.7@shop.example>"
HTML, TEXT = "<p>₱1,200 <b>ok</b></p>", "Salamat ₱1,200\n"
MAIL = RenderedMail("Salamat, Maña! 🎉", HTML, TEXT, "Aling Nena, Inc.", "nena@shop.example")
USER, PASSWORD = "mailer", "s3cret-word"


def mailer(port: int, **options: Any) -> Mailer:
    return Mailer("127.0.0.1", port, FROM, **{"security": "none", "timeout_seconds": 5.0, **options})


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A self-made certificate for 127.0.0.1: the server's context, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))


class Mailbox:
    """Keeps what arrives, counts what happens, and answers `replies[command]` instead of saying yes."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.replies: dict[str, str] = {}
        self.sessions: set[SMTP] = set()
        self.noops = 0

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.sessions.add(server)
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if reply := self.replies.get("MAIL"):
            return reply
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if reply := self.replies.get("RCPT"):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_NOOP(self, server: SMTP, session: Session, envelope: Envelope, arg: str) -> str:
        self.noops += 1
        return self.replies.get("NOOP", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if reply := self.replies.get("DOT"):
            return reply
        assert isinstance(envelope.original_content, bytes) and envelope.mail_from is not None
        self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content))
        return "250 2.0.0 taken"


def _login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=good, handled=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(box: Mailbox, *, at: int = 0, implicit_tls: ssl.SSLContext | None = None, **options: Any) -> Iterator[int]:
    """A well-behaved server; gives its port."""
    port = at or free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, ssl_context=implicit_tls, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


login_required = {"authenticator": _login, "auth_required": True}


class Line:
    """One conversation with a client, as the server sees it."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.file = connection.makefile("rb")

    def say(self, text: str) -> None:
        self.connection.sendall(text.encode() + b"\r\n")

    def hear(self) -> bytes:
        return self.file.readline()

    def up_to_data(self) -> None:
        """Everything friendly up to and with the 354."""
        self.say("220 here")
        for reply in ("250 fine", "250 fine", "250 fine", "354 go on"):
            self.hear()
            self.say(reply)

    def content(self) -> list[bytes]:
        """The lines up to and with the final dot; fewer if the client goes away."""
        lines: list[bytes] = []
        while (line := self.hear()) and line != b".\r\n":
            lines.append(line)
        return [*lines, line]

    def hang_up(self) -> None:
        """Closes at once, as a killed server would."""
        self.connection.shutdown(socket.SHUT_RDWR)


class Scripted:
    """A server that treats each connection as its script says."""

    def __init__(self, script: Callable[[Line], None]) -> None:
        self._script = script
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.port = int(self._socket.getsockname()[1])
        self.connections = 0

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                line = Line(connection)
                try:
                    self._script(line)
                except OSError:
                    pass
                finally:
                    line.file.close()

    def __enter__(self) -> Scripted:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(timeout=5)


def parsed(raw: bytes) -> EmailMessage:
    """A mail as a mail program reads it."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message
