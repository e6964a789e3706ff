"""Is this webhook from Shopify? HMAC-SHA256 over the raw bytes, base64, in constant time.

Only the body is signed, so nothing that a header says is trusted beyond finding the shop.
Source: Shopify, "Verify webhook deliveries".
"""

from __future__ import annotations

import binascii
import hmac
from collections.abc import Sequence


def signed_by(secrets: Sequence[bytes], body: bytes, header: str) -> bool:
    """Whether one of the secrets (two while a rotation lasts) made this signature of the body."""
    try:
        claimed = binascii.a2b_base64(header.encode("ascii"), strict_mode=True)
    except (UnicodeEncodeError, binascii.Error):
        return False
    matches = [hmac.compare_digest(hmac.digest(secret, body, "sha256"), claimed) for secret in secrets]
    return any(matches)
