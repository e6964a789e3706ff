"""One POST to a stranger: never to a private address, never further than asked, never longer than it may take."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from plugin.clients.outgoing import post
from plugin.clients.outgoing.post import Line
from tests.actions.automation.receiver import OK, Came, Receiver, answer, receiver

BODY = b'{"type":"test"}'


@pytest.fixture
def far() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


@pytest.fixture
def line(far: Receiver) -> Iterator[Line]:
    made = Line(far.url, frozenset({f"127.0.0.1:{far.port}"}))
    yield made
    made.close()


def resolves_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Every name leads to these addresses; answers which names were asked for."""
    asked: list[str] = []

    def found(host: str, port: int, **_: object) -> list[Any]:
        asked.append(host)
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in addresses
        ]

    monkeypatch.setattr(post.socket, "getaddrinfo", found)
    return asked


def test_a_connection_is_kept_and_a_closed_one_is_opened_again(far: Receiver, line: Line) -> None:
    doors: list[tuple[str, int]] = []

    def respond(_came: Came, door: socket.socket) -> bytes:
        doors.append(door.getpeername())
        return OK

    far.respond = respond
    assert [line.post({}, BODY).status for _ in range(3)] == [200] * 3
    assert len(set(doors)) == 1
    far.respond = lambda _came, door: OK if door.getpeername() not in doors else door.shutdown(socket.SHUT_RDWR) or b""
    assert line.post({}, BODY).status == 200


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fd00::1", "64:ff9b::7f00:1"]
)
def test_a_name_that_leads_into_a_private_network_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    resolves_to(monkeypatch, address)
    answered = Line("https://hooks.example.com/").post({}, BODY)
    assert (answered.status, answered.wrong, answered.taken) == (None, "private_address", False)


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    resolves_to(monkeypatch, "1.1.1.1", "10.0.0.1")
    assert Line("https://hooks.example.com/").post({}, BODY).wrong == "private_address"


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "[::1]"])
def test_other_ways_to_write_this_machine_are_refused(host: str) -> None:
    assert Line(f"https://{host}/").post({}, BODY).wrong in ("private_address", "unknown_host")


def test_a_name_is_asked_for_once_and_what_was_judged_is_connected_to(
    monkeypatch: pytest.MonkeyPatch, far: Receiver
) -> None:
    """DNS that changes between the check and the connection cannot lead anywhere else."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    reached: list[object] = []

    def found(_host: str, port: int, **_: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in next(answers)]

    class Nowhere(socket.socket):
        def connect(self, address: Any) -> None:
            reached.append(address)
            raise ConnectionRefusedError

    monkeypatch.setattr(post.socket, "getaddrinfo", found)
    monkeypatch.setattr(post.socket, "socket", Nowhere)
    assert Line("https://hooks.example.com/").post({}, BODY).wrong == "refused"
    assert reached == [("93.184.216.34", 443)]
    assert next(answers) == ["127.0.0.1"]
    assert far.came == []


def test_a_redirect_is_an_answer(far: Receiver, line: Line) -> None:
    far.respond = lambda _came, _line: answer(307, f"Location: {far.url}")
    answered = line.post({}, BODY)
    assert (answered.status, answered.taken, len(far.came)) == (307, False, 1)


def slowly(*pieces: bytes, pause: float = 0.05) -> Callable[[Came, socket.socket], bytes]:
    """An answer that comes in pieces, until the other side hangs up."""

    def respond(_came: Came, line: socket.socket) -> bytes:
        for piece in pieces:
            line.sendall(piece)
            time.sleep(pause)
        return b""

    return respond


@pytest.mark.parametrize(
    "pieces",
    [
        [b"H"] + [b"T"] * 200,
        [b"HTTP/1.1 200 OK\r\n"] + [b"X-More: yes\r\n"] * 90,
        [b"HTTP/1.1 100 Continue\r\n\r\n"] * 200,
        [b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"] + [b"."] * 200,
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"] + [b"1\r\n.\r\n"] * 200,
    ],
    ids=["status", "headers", "continues", "body", "chunks"],
)
def test_a_server_that_drips_gets_no_more_time(far: Receiver, line: Line, pieces: list[bytes]) -> None:
    far.respond = slowly(*pieces)
    answered = line.post({}, BODY, seconds=0.4)
    assert (answered.status, answered.wrong) == (None, "timeout")
    assert answered.seconds < 3


@pytest.mark.parametrize(
    ("said", "status", "wrong"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nConnection: close\r\n\r\nshort", 200, ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nlonger than it says", 200, ""),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
        (b"SSH-2.0-OpenSSH_9.6\r\n", None, "no_http"),
        (b"HTTP/1.1 abc OK\r\n\r\n", None, "no_http"),
        (b"\r\n" * 9 + b"x" * 70000 + b"\r\n", None, "no_http"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\nConnection: close\r\n\r\n", 200, ""),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n", None, "no_http"),
    ],
)
def test_answers_that_lie_or_are_no_http(
    far: Receiver, line: Line, said: bytes, status: int | None, wrong: str
) -> None:
    def respond(_came: Came, door: socket.socket) -> bytes:
        door.sendall(said)
        if b"close" in said or wrong:
            door.shutdown(socket.SHUT_WR)
        return b""

    far.respond = respond
    answered = line.post({}, BODY)
    assert (answered.status, answered.wrong) == (status, wrong)


def test_a_long_answer_is_cut_and_a_short_one_kept(far: Receiver, line: Line) -> None:
    far.respond = lambda _came, _line: answer(200, body="a" * 3_000_000)
    answered = line.post({}, BODY)
    assert (answered.status, answered.text) == (200, "a" * post.KEPT_BYTES)
    far.respond = lambda _came, _line: b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\x00\xff!"
    assert line.post({}, BODY).text == "\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}!"


def test_nobody_there(far: Receiver) -> None:
    free = socket.create_server(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    line = Line(f"http://127.0.0.1:{port}/", frozenset({f"127.0.0.1:{port}"}))
    assert line.post({}, BODY).wrong == "refused"


@pytest.mark.parametrize(("trusted", "name", "wrong"), [(True, "localhost", ""), (True, "example.com", "certificate"),
                                                        (False, "localhost", "certificate")])  # fmt: skip
def test_a_certificate_must_be_trusted_and_for_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool, name: str, wrong: str
) -> None:
    key, cert = _certificate(tmp_path, name)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(cert, key)
    if trusted:
        monkeypatch.setattr(post, "_TLS", ssl.create_default_context(cafile=cert))
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    threading.Thread(target=_serve_tls, args=(listening, served), daemon=True).start()
    line = Line(f"https://localhost:{port}/", frozenset({f"localhost:{port}"}))
    answered = line.post({}, BODY)
    line.close()
    listening.close()
    assert (answered.wrong, answered.status) == (wrong, None if wrong else 200)


def _certificate(folder: Path, name: str) -> tuple[str, str]:
    import datetime as dt

    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(folder / "key.pem"), str(folder / "cert.pem")


def _serve_tls(listening: socket.socket, served: ssl.SSLContext) -> None:
    try:
        door, _ = listening.accept()
        with served.wrap_socket(door, server_side=True) as safe:
            safe.recv(65536)
            safe.sendall(OK)
            safe.recv(1)
    except OSError:
        return
