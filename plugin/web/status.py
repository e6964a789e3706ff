"""What operators and load balancers ask: alive, ready, metrics."""

from __future__ import annotations

from contextlib import suppress

from flask import Flask, Response, jsonify

from plugin import observe
from plugin.errors import Unavailable
from plugin.store.reports import health
from plugin.web.auth import caller
from plugin.web.current import parts


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/healthz", view_func=healthz)
    app.add_url_rule("/readyz", view_func=readyz)
    app.add_url_rule("/metrics", view_func=metrics)


@caller("public")
def healthz() -> Response:
    """The process answers; nothing else is asked."""
    return Response("ok\n", mimetype="text/plain")


@caller("public")
def readyz() -> tuple[Response, int]:
    """Whether requests should be sent to this process: its database answers, and its schema is new enough."""
    found = parts().watch.readiness()
    return jsonify(ready=found.ready, problems=found.problems), 200 if found.ready else 503


@caller("operator")
def metrics() -> Response:
    """Prometheus metrics of all processes on this machine."""
    with suppress(Unavailable):  # the other metrics are there without the database, too
        health.publish(parts().engine)
    body, content_type = observe.metrics_body()
    return Response(body, content_type=content_type)
