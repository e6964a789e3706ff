"""Which topics are sent where: what shopify.app.toml says, or everything to one address."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

from sandbox.options import Options
from sandbox.state import Record, Shop

ALL_TOPICS = (
    "orders/create orders/paid orders/updated orders/edited orders/cancelled orders/delete orders/fulfilled "
    "refunds/create customers/create customers/update customers/delete customers/merge customers/data_request "
    "customers/redact shop/redact customer.tags_added customer.tags_removed "
    "customers_email_marketing_consent/update app/uninstalled app/scopes_update shop/update "
    "bulk_operations/finish"
).split()


@dataclass(frozen=True)
class Subscription:
    """One topic and where it goes."""

    topic: str
    url: str
    name: str = ""
    include_fields: tuple[str, ...] = ()


@dataclass
class Subscriptions:
    """All of them, by topic."""

    by_topic: dict[str, list[Subscription]] = field(default_factory=dict)

    def add(self, one: Subscription) -> None:
        """Send this topic as well."""
        self.by_topic.setdefault(one.topic, []).append(one)

    def of(self, topic: str) -> list[Subscription]:
        """Where a topic goes."""
        return self.by_topic.get(topic, [])


def own(options: Options, shop: Shop, topic: str) -> list[Subscription]:
    """Where a shop's own subscriptions send a topic: those that the app made for it by the API."""
    name = topic.upper().translate(str.maketrans("/.", "__"))
    shown = [one["shown"] for one in shop.subscription.values() if one["shown"]["topic"] == name]
    return [
        Subscription(topic, _address(options, one["uri"]), one["name"] or "", tuple(one["includeFields"]))
        for one in shown
    ]


def trimmed(body: Record, fields: tuple[str, ...]) -> Record:
    """The body with these fields; a dot leads into one."""
    found: Record = {}
    for path in fields:
        key, _, below = path.partition(".")
        if key not in body:
            continue
        if below and isinstance(body[key], dict):
            found.setdefault(key, {}).update(trimmed(body[key], (below,)))
        elif not below:
            found[key] = body[key]
    return found


def load(options: Options) -> Subscriptions:
    """From the app's TOML where one is given."""
    found = Subscriptions()
    path = options.app_toml
    if path and Path(path).is_file():
        config = tomllib.loads(Path(path).read_text("utf-8"))
        for entry in config.get("webhooks", {}).get("subscriptions", []):
            for topic in [*entry.get("topics", []), *entry.get("compliance_topics", [])]:
                url = _address(options, str(entry.get("uri", options.webhook_path)))
                fields = tuple(entry.get("include_fields", ()))
                found.add(Subscription(topic, url, str(entry.get("name", "")), fields))
        if found.by_topic:
            return found
    for topic in ALL_TOPICS:
        found.add(Subscription(topic, _address(options, options.webhook_path)))
    return found


def _address(options: Options, uri: str) -> str:
    """Relative addresses are the app's; an absolute one keeps its path but is sent to the app under test."""
    if uri.startswith(("http://", "https://")):
        uri = "/" + uri.split("://", 1)[1].partition("/")[2]
    return urljoin(options.app_url.rstrip("/") + "/", uri.lstrip("/"))
