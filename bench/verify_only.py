"""Our intake without the storing: what `make bench` compares durable acknowledgements with."""

from __future__ import annotations

from collections.abc import Iterable

from plugin.app import WEBHOOKS_PATH
from plugin.settings import load_settings
from plugin.store.work.deliveries import Arrival
from webhooks.receive import Environ, Intake, StartResponse


class _Forgetful:
    def commit(self, _arrival: Arrival) -> str:
        return "200 OK"


_intake = Intake(load_settings(), lambda: "")
vars(_intake)["_committer"] = _Forgetful()


def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Routed as the app's own front does."""
    if environ.get("PATH_INFO") == WEBHOOKS_PATH:
        return _intake(environ, start_response)
    start_response("200 OK", [])
    return [b""]
