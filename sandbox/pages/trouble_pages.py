"""The switches that make things go wrong, for people and for programs."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from sandbox import trouble
from sandbox.local import Sandbox
from sandbox.pages.store_pages import back


def blueprint(box: Sandbox) -> Blueprint:
    """Routes of the switches."""
    routes = Blueprint("trouble", __name__)

    @routes.get("/trouble")
    def page() -> str:
        return render_template(
            "trouble.html", options=box.options, switches=switches(), values=box.trouble.as_dict(),
            counts=box.trouble.counts,
        )  # fmt: skip

    @routes.post("/trouble")
    def change() -> Any:
        if request.form.get("calm"):
            box.trouble.calm()
            return back("/trouble", "Everything works again.")
        try:
            box.trouble.set(**{key: float(value or 0) for key, value in request.form.items()})
        except ValueError:
            return back("/trouble", error="Only numbers")
        return back("/trouble", "Set.")

    @routes.get("/trouble.json")
    def values() -> Response:
        return jsonify(box.trouble.as_dict())

    @routes.post("/trouble.json")
    def put() -> Any:
        asked = request.get_json(silent=True)
        if not isinstance(asked, dict):
            return {"error": "a JSON object of switches is needed"}, 400
        try:
            if asked.pop("calm", False):
                box.trouble.calm()
            box.trouble.set(**asked)
        except (TypeError, ValueError) as error:
            return {"error": str(error)}, 400
        return values()

    return routes


def switches() -> list[tuple[str, str]]:
    """Every switch with the comment beside it."""
    source = inspect.getsource(trouble.Settings)
    said = dict(re.findall(r"^    (\w+): float = .*?# (.*)$", source, re.MULTILINE))
    return [(one.name, said.get(one.name, "")) for one in fields(trouble.Settings)]
