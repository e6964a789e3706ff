"""A mail server that treats every email as its sender's name says, on as many connections as it is asked for."""

from __future__ import annotations

import re
import socket
import threading
from collections import Counter
from dataclasses import dataclass, field

_ID = re.compile(rb"(?mi)^Message-ID: (<[^>]+>)")
_MOOD = re.compile(r"<(\w+)-(\w+)\.\d+@")
STAGES = ("mail", "rcpt", "data", "content", "dot")
MOODS = {
    "no": "550 5.1.1 no",
    "later": "451 4.3.0 later",
    "grey": "450 4.2.0 greylisted",
    "closing": "421 4.3.2 closing",
    "drop": "",
    "hang": "",
}
"""What a sender such as `rcpt-grey.7@example.com` brings about at its stage; `dot-lost` takes the email and goes."""


@dataclass
class Moody:
    """`taken` are the Message-IDs of what it took. It hangs until `wake` is set; `hanging` counts where. Emails whose
    Message-ID begins as one of `treat` hang behind the final dot, whatever their sender is."""

    pipelining: bool = True
    most_connections: int = 1000
    taken: list[str] = field(default_factory=list)
    moods: Counter[str] = field(default_factory=Counter)
    hanging: Counter[str] = field(default_factory=Counter)
    treat: tuple[str, ...] = ()
    wake: threading.Event = field(default_factory=threading.Event)
    open: int = 0
    most_open: int = 0

    def __post_init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = int(self._socket.getsockname()[1])
        self._lock = threading.Lock()

    def __enter__(self) -> Moody:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.wake.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self.open += 1
            self.most_open = max(self.most_open, self.open)
            full = self.open > self.most_connections
        try:
            with connection, connection.makefile("rb") as heard:
                if full:
                    connection.sendall(b"421 too many connections\r\n")
                    return
                connection.sendall(b"220 here\r\n")
                while self._command(connection, heard):
                    pass
        except OSError:
            pass
        finally:
            with self._lock:
                self.open -= 1

    def _command(self, connection: socket.socket, heard: socket.SocketIO) -> bool:  # type: ignore[override]
        line = heard.readline()
        word = line[:4].upper()
        if not line or word == b"QUIT":
            return False
        if word == b"EHLO":
            more = b"250-PIPELINING\r\n" if self.pipelining else b""
            connection.sendall(b"250-here\r\n" + more + b"250 SMTPUTF8\r\n")
            return True
        if word != b"MAIL":
            connection.sendall(b"250 fine\r\n")
            return True
        return self._email(connection, heard, line.decode())

    def _email(self, connection: socket.socket, heard: socket.SocketIO, sender: str) -> bool:
        """One email, from its sender on."""
        found = _MOOD.search(sender)
        stage, mood = (found[1], found[2]) if found else ("", "")
        self.moods[f"{stage}-{mood}"] += 1
        if not self._says(connection, "mail", stage, mood, "250 fine"):
            return False
        if stage == "mail" and not self.pipelining:
            return True
        heard.readline()
        if not self._says(connection, "rcpt", stage, mood, "250 fine"):
            return False
        if stage == "rcpt" and not self.pipelining:
            return True
        command = heard.readline()[:4].upper()
        assert command == b"DATA"
        if stage in ("mail", "rcpt"):
            connection.sendall(b"503 no recipient\r\n")
            return True
        if not self._says(connection, "data", stage, mood, "354 go on"):
            return False
        if stage == "data":
            return True
        return self._content(connection, heard, stage, mood)

    def _content(self, connection: socket.socket, heard: socket.SocketIO, stage: str, mood: str) -> bool:
        content = b""
        while (line := heard.readline()) != b".\r\n":
            if not line:
                return False
            content += line
            if stage == "content":
                self._says(connection, "content", stage, mood, "")
                return False
        number = _ID.search(content)
        assert number is not None
        if any(number[1].decode().startswith(key) for key in self.treat):
            stage, mood = "dot", "hang"
        if mood in ("lost", "hang") or stage != "dot":
            with self._lock:
                self.taken.append(number[1].decode())
        if mood == "lost":
            return False
        return self._says(connection, "dot", stage, mood, "250 taken")

    def _says(self, connection: socket.socket, here: str, stage: str, mood: str, usual: str) -> bool:
        """The reply at a stage; False where the connection is over."""
        if here != stage:
            connection.sendall(usual.encode() + b"\r\n")
            return True
        if mood == "hang":
            with self._lock:
                self.hanging[here] += 1
            self.wake.wait(30)
            return False
        if mood == "drop":
            return False
        connection.sendall(MOODS[mood].encode() + b"\r\n")
        return mood != "closing"
