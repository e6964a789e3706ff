"""What every act on an order needs: a transaction, the time of the change, and to keep it."""

from __future__ import annotations

from datetime import datetime

from sandbox.state import Record, Shop, iso


def keep(shop: Shop, order: Record) -> Record:
    """Store the order."""
    return shop.save("order", order)


def touch(order: Record, at: datetime) -> None:
    """It changed now; never earlier than it changed before."""
    order["updated_at"] = max(iso(at), order["updated_at"])


def transaction(
    shop: Shop, order: Record, kind: str, gateway: str, amount: int, at: datetime, status: str = "success"
) -> Record:
    """Money that moved, or is about to."""
    return {
        "id": shop.next_id(), "kind": kind, "gateway": gateway, "status": status, "amount": amount,
        "created_at": iso(at), "test": order["test"],
    }  # fmt: skip
