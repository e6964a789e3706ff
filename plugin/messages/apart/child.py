"""The process in which previews and merchants' own sources are rendered: `python -m plugin.messages.apart.child FD`.

It knows no secret and no database. It answers one request after the other over the socket that it is given, each within
a second of processor time, after which the kernel ends it; and it ends when the socket is closed.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import sys
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import orjson

from plugin.errors import BadInput
from plugin.messages import render
from plugin.messages.apart.frames import receive, send
from plugin.messages.apart.told import from_json
from plugin.messages.source import Parsed, check_names, compile_source, render_source
from plugin.rules.emails.design import Source
from plugin.rules.emails.stored import read_stored
from plugin.rules.message_kinds import kind_of

MAX_SECONDS: Final = 1.0
"""Of processor time, for one request."""
MAX_BYTES: Final = 1_000_000_000
"""Of memory."""


def answer(request: Mapping[str, Any]) -> dict[str, object]:
    """The rendered parts, or what is wrong with the content."""
    try:
        subject, html, text = _rendered(request)
    except BadInput as error:
        return {"error": error.message, "fields": error.fields}
    return {"subject": subject, "html": html, "text": text}


def _rendered(request: Mapping[str, Any]) -> tuple[str, str, str]:
    told = from_json(request["told"])
    known = told.filled()
    content = read_stored(request["content"]) if request["content"] is not None else None
    if isinstance(content, Source):
        check_names(content, known)
        return render_source(_source(content), known)
    template = render.compiled(kind_of(request["kind"]), content, str(known["language"]))
    return template.parts(known)


@lru_cache(maxsize=64)
def _source(source: Source) -> Parsed:
    return compile_source(source)


def main(descriptor: int) -> None:
    """Answer until the other side is gone."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_BYTES, MAX_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=descriptor) as line:
        line.setblocking(True)  # a web process under gevent makes sockets that do not wait
        send(line, b"ready")
        while (request := receive(line)) is not None:
            signal.setitimer(signal.ITIMER_PROF, MAX_SECONDS)
            answered = orjson.dumps(answer(orjson.loads(request)))
            signal.setitimer(signal.ITIMER_PROF, 0)
            send(line, answered)


if __name__ == "__main__":
    main(int(sys.argv[1]))
    os._exit(0)
