"""The tiers that a form of the programme has a field for."""

from __future__ import annotations

from collections.abc import Mapping

from plugin.store.versions.programmes import Version
from plugin.web.words import t


def tier_choices(values: Mapping[str, str], version: Version, *parts: str) -> dict[str, str]:
    """Key to name of every tier, with those that the form's fields `part.key` still name although they are gone."""
    known = {tier.key: tier.name for tier in version.programme.tiers.levels}
    named = {key for part, _, key in (name.partition(".") for name in values) if part in parts}
    return known | {key: t("frame.form.gone", choice=key) for key in sorted(named - known.keys())}
