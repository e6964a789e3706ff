"""How soon a merchant sees what they typed: the email editor's page and its preview, over HTTP as the panel asks."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import orjson
import requests

from bench import big
from bench.place import Place
from bench.table import Line
from plugin.messages.designs import default_of
from plugin.rules.emails.stored import to_stored
from plugin.rules.message_kinds import MessageKind
from sandbox.signing import id_token

LOOKS, WARM = 40, 2
PREVIEW_MS, PAGE_KB = 300, 150
KIND = MessageKind.ORDER_CONFIRMATION
PAGE = f"/app/messages/emails/{KIND}"
Ask = Callable[[str, str, dict[str, object] | None], requests.Response]


def measure(place: Place) -> list[Line]:
    """The confirmation, the longest email; each preview has another text, so that each is compiled anew."""
    database, _ = big.make(place, "suki_previews", 2_000, 500)
    member = database.ask("SELECT min(id) FROM members")
    with place.web(database) as web, requests.Session() as session:

        def ask(method: str, path: str, form: dict[str, object] | None = None) -> requests.Response:
            headers = {"Authorization": f"Bearer {id_token('bench', place.secret, big.DOMAIN)}"}
            address = f"http://127.0.0.1:{web.port}{PAGE}{path}"
            answer = session.request(method, address, data=form, headers=headers, timeout=30)
            answer.raise_for_status()
            return answer

        ask("GET", "", None)
        kilobytes = len(ask("GET", "", None).content) / 1000
        return [
            _previews("a sample", ask, "/preview"),
            _previews("a member", ask, f"/preview/member/{member}"),
            Line(
                "email editor: size of its longest page",
                f"{kilobytes:.0f} KB",
                f"≤ {PAGE_KB} KB",
                kilobytes <= PAGE_KB,
                numbers={"kilobytes": kilobytes},
            ),
        ]


def _previews(whose: str, ask: Ask, path: str) -> Line:
    times = []
    for look in range(LOOKS + WARM):
        form = _form(f"{path} {look}")
        started = time.perf_counter()
        ask("POST", path, form)
        times.append((time.perf_counter() - started) * 1000)
    slowest = statistics.quantiles(times[WARM:], n=20)[-1]
    return Line(
        f"email editor: preview for {whose}, 95th percentile",
        f"{slowest:.0f} ms",
        f"≤ {PREVIEW_MS} ms",
        slowest <= PREVIEW_MS,
        numbers={"p95_ms": slowest},
    )


def _form(text: str) -> dict[str, object]:
    """The editor's form with one text changed."""
    design = default_of(KIND)
    blocks = [block.id for block in design.blocks]
    return {
        "design": orjson.dumps(to_stored(design)).decode(),
        "block": blocks,
        "language": "en",
        "seen_language": "en",
        "look": "light",
        "who": "sample:0",
        "t.email.preheader.otherwise": text,
        f"open.{blocks[0]}": "",
        f"t.{blocks[0]}.title": text,
    }
