"""What every email carries so that it is known again when it comes back, in the words of whoever sends it for us."""

from __future__ import annotations

from typing import Final

import orjson

from plugin.rules.sending.bounce_reports import HEADER

NAME: Final = "suki"


def headers(provider: str | None, ref: str) -> dict[str, str]:
    """The headers of one email; a provider tells what stands in its own. `ref`: `EmailLinks.ref` of the message."""
    own = {HEADER: ref}
    if provider == "ses":
        return own | {"X-SES-MESSAGE-TAGS": f"{NAME}={ref.replace('.', '_')}"}  # where a dot is not sure to be allowed
    if provider == "postmark":
        return own | {f"X-PM-Metadata-{NAME}": ref}
    if provider == "mailgun":
        return own | {"X-Mailgun-Variables": orjson.dumps({NAME: ref}).decode()}
    if provider == "sendgrid":
        return own | {"X-SMTPAPI": orjson.dumps({"unique_args": {NAME: ref}}).decode()}
    return own


def envelope(bounce_domain: str | None, ref: str, otherwise: str) -> str:
    """Where mail servers send it back to: an address that names the message (VERP), where there is a domain for it."""
    return f"bounce+{ref}@{bounce_domain}" if bounce_domain else otherwise
