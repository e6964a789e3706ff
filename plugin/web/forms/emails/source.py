"""The form of an email's own source: Liquid and MJML, and the text part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from plugin.errors import BadInput
from plugin.rules.emails.design import Source
from plugin.rules.emails.stored import SOURCE_FIELDS, read_stored

MOST_BYTES: Final = 4_000_000
"""More than a source may have, so that one that is too long is told so at its field."""


def read(form: Mapping[str, str]) -> Source:
    """The source that the form describes. BadInput names each field that is wrong."""
    given = {name: form.get(name, "").replace("\r\n", "\n") for name in SOURCE_FIELDS}
    try:
        content = read_stored({"source": given})
    except BadInput as error:
        raise BadInput(error.message, {n.removeprefix("source."): said for n, said in error.fields.items()}) from error
    assert isinstance(content, Source)
    return content
