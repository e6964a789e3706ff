"""The sandbox's own pages: all shops, mailbox, webhooks, trouble."""

from __future__ import annotations

import inspect
import json
import re
from dataclasses import fields
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request

from sandbox import trouble
from sandbox.catalogue import RATES
from sandbox.local import Sandbox
from sandbox.store_pages import back
from sandbox.subscriptions import ALL_TOPICS


def blueprint(box: Sandbox) -> Blueprint:
    """Routes of the index, the mailbox, the log of webhooks and the switches."""
    routes = Blueprint("pages", __name__)

    @routes.get("/")
    def index() -> str:
        return render_template(
            "index.html", options=box.options, shops=list(box.world.shops.values()), mails=box.post.count(),
            currencies=["PHP", *(one for one in RATES if one != "PHP")],
        )  # fmt: skip

    @routes.post("/shops")
    def open_shop() -> Any:
        form = request.form.to_dict()
        domain = form.pop("domain", "")
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", domain):
            return back("/", error="The address may have small letters, digits and hyphens")
        shop = box.open_shop(f"{domain}.myshopify.com", **{**form, "taxes_included": bool(form.get("taxes_included"))})
        return redirect(f"/shops/{shop.domain}/", 303)

    @routes.get("/mailbox")
    def mailbox() -> str:
        to = request.args.get("to", "")
        return render_template("mailbox.html", options=box.options, mails=box.post.list(to, 200), to=to)

    @routes.get("/mailbox/<int:key>")
    def mail(key: int) -> str:
        return render_template("mail.html", options=box.options, mail=box.post.get(key) or abort(404))

    @routes.get("/mailbox/<int:key>/html")
    def mail_html(key: int) -> Response:
        found = box.post.get(key) or abort(404)
        return Response(
            found.part("html"), mimetype="text/html", headers={"Content-Security-Policy": "script-src 'none'"}
        )

    @routes.get("/deliveries")
    def deliveries() -> str:
        topic, state = request.args.get("topic", ""), request.args.get("state", "")
        rows = box.world.rows.read(
            "SELECT webhook_id, shop, topic, state, attempts, answer, triggered_at FROM deliveries "
            "WHERE (?='' OR topic=?) AND (?='' OR state=?) ORDER BY rowid DESC LIMIT 200",
            (topic, topic, state, state),
        )
        counts = box.world.rows.read("SELECT state, count(*) FROM deliveries GROUP BY state ORDER BY 2 DESC")
        return render_template(
            "deliveries.html", options=box.options, rows=rows, counts=counts, topics=ALL_TOPICS, topic=topic,
            state=state, pending=box.dispatcher.pending(),
        )  # fmt: skip

    @routes.get("/deliveries/<webhook_id>")
    def delivery(webhook_id: str) -> str:
        found = box.dispatcher.stored(webhook_id) or abort(404)
        row = box.world.rows.read("SELECT state, attempts, answer FROM deliveries WHERE webhook_id=?", (webhook_id,))[0]
        body = json.dumps(json.loads(found.body), indent=1, ensure_ascii=False)
        return render_template("delivery.html", options=box.options, delivery=found, row=row, body=body)

    @routes.post("/deliveries/<webhook_id>/again")
    def again(webhook_id: str) -> Any:
        if not box.dispatcher.send_again(webhook_id):
            abort(404)
        return back(f"/deliveries/{webhook_id}", "Sent once more.")

    @routes.get("/trouble")
    def troubles() -> str:
        return render_template(
            "trouble.html", options=box.options, switches=switches(), values=box.trouble.as_dict(),
            counts=box.trouble.counts,
        )  # fmt: skip

    @routes.post("/trouble")
    def set_trouble() -> Any:
        if request.form.get("calm"):
            box.trouble.calm()
            return back("/trouble", "Everything works again.")
        try:
            box.trouble.set(**{key: float(value or 0) for key, value in request.form.items()})
        except ValueError:
            return back("/trouble", error="Only numbers")
        return back("/trouble", "Set.")

    return routes


def switches() -> list[tuple[str, str]]:
    """Every switch with the comment beside it."""
    source = inspect.getsource(trouble.Settings)
    said = dict(re.findall(r"^    (\w+): float = .*?# (.*)$", source, re.MULTILINE))
    return [(one.name, said.get(one.name, "")) for one in fields(trouble.Settings)]
