"""The DNS of the demo: one domain that the demo shop can send from, and its relay's own."""

from __future__ import annotations

from sqlalchemy import Engine

from plugin.actions.sending.email_links import email_links
from plugin.rules.sending.domain_check import OWNER_NAME
from plugin.settings import Settings
from plugin.store.database.db import system_transaction
from plugin.store.shops import shops
from sandbox.names import Zone

RELAY, SHOPS_OWN = "suki-demo.example", "kape-at-tinapay.example"
SETTINGS = {"DKIM_SELECTOR": "suki", "DKIM_RECORD": f"dkim.{RELAY}", "SPF_TERM": f"include:_spf.{RELAY}"}
_KEY = "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDemo"


def zone(engine: Engine, settings: Settings, shop_domain: str) -> Zone:
    """SHOPS_OWN carries everything that the page asks for; no other domain carries anything."""
    own = f"{OWNER_NAME}.{SHOPS_OWN}"

    def mark(name: str) -> list[str] | None:
        if name != own:
            return None
        with system_transaction(engine) as conn:
            shop = shops.by_domain(conn, shop_domain)
            return [f"suki-shop={email_links(conn, settings).domain_mark(shop.id, SHOPS_OWN)}"] if shop else None

    texts = {
        f"dkim.{RELAY}": [_KEY],
        f"_spf.{RELAY}": ["v=spf1 ip4:127.0.0.1 -all"],
        SHOPS_OWN: [f"v=spf1 {SETTINGS['SPF_TERM']} ~all"],
        f"_dmarc.{SHOPS_OWN}": ["v=DMARC1; p=none"],
    }
    return Zone(texts, aliases={f"suki._domainkey.{SHOPS_OWN}": f"dkim.{RELAY}"}, others=mark)
