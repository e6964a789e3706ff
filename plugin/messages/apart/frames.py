"""Messages over a socket between two of our own processes: four bytes of length, then the message."""

from __future__ import annotations

import socket
import struct

_LENGTH = struct.Struct("!I")


def send(line: socket.socket, message: bytes) -> None:
    """Send one message."""
    line.sendall(_LENGTH.pack(len(message)) + message)


def receive(line: socket.socket) -> bytes | None:
    """The next message; None when the other side is gone."""
    head = _exactly(line, _LENGTH.size)
    return _exactly(line, _LENGTH.unpack(head)[0]) if head is not None else None


def _exactly(line: socket.socket, count: int) -> bytes | None:
    found = bytearray()
    while len(found) < count:
        part = line.recv(min(65_536, count - len(found)))
        if not part:
            return None
        found += part
    return bytes(found)
