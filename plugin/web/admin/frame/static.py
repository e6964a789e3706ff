"""The panel's own script and styles."""

from __future__ import annotations

from flask import Flask, Response, send_from_directory

from plugin.errors import NotFound
from plugin.web.admin.frame import layout
from plugin.web.auth import caller

FOR_GOOD_SECONDS = 365 * 24 * 3600
FILES = (*layout.SCRIPTS, "panel.js", "panel.css", "email.css", "email_editor.js", "email_editor.css", "goods.js")


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/static/<mark>/<name>", "static", static)


@caller("public")
def static(mark: str, name: str) -> Response:
    """One of our static files; its address changes with its content."""
    if name not in FILES:
        raise NotFound("We couldn't find that file.")
    is_current = layout.asset(name) == f"/static/{mark}/{name}"
    answer = send_from_directory(layout.STATIC, name, max_age=FOR_GOOD_SECONDS if is_current else 0)
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
