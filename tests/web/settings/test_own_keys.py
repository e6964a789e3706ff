"""What Suki signs and hashes by itself outlives a change of keys, and has nothing to do with the client secret."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import Engine

from plugin.actions.shops.own_keys import FORGETTING, REFERRAL_MARKS, kept_key
from plugin.errors import SettingsError
from plugin.settings import Settings
from plugin.web.shopper import proxy
from plugin.web.shopper.proxy import Visit

ANA = Visit("demo.myshopify.com", 7, "/apps/suki")


def with_keys(settings: Settings, *keys: str) -> Settings:
    return settings.model_copy(update={"encryption_keys": SecretStr(",".join(keys))})


def test_a_form_works_on_while_its_key_is_in_the_list(settings: Settings) -> None:
    old, new = settings.encryption_key_list[0], Fernet.generate_key().decode()
    form = proxy.new_key(settings, ANA)
    assert proxy.known_key(with_keys(settings, new, old), ANA, form)
    assert not proxy.known_key(with_keys(settings, new), ANA, form)
    assert proxy.new_key(with_keys(settings, new, old), ANA)[16:] != form[16:]


def test_a_form_is_for_one_customer_of_one_shop_and_no_other_text_passes_for_its_key(settings: Settings) -> None:
    form = proxy.new_key(settings, ANA)
    for other in (Visit(ANA.domain, 8, ANA.path_prefix), Visit("other.myshopify.com", 7, ANA.path_prefix)):
        assert not proxy.known_key(settings, other, form)
    for wrong in ("", form[:-1], form[:16], form.upper(), f"{form}0", "é" * 48, form[16:] + form[:16]):
        assert not proxy.known_key(settings, ANA, wrong)


def test_a_form_does_not_depend_on_the_client_secret(settings: Settings) -> None:
    form = proxy.new_key(settings, ANA)
    leaked = settings.model_copy(update={"shopify_api_secret": SecretStr("another" * 6)})
    assert proxy.known_key(leaked, ANA, form)


def test_traces_of_fraud_are_hashed_alike_before_and_after_a_change_of_keys(
    app: Flask, engine: Engine, settings: Settings
) -> None:
    first = kept_key(engine, settings, REFERRAL_MARKS)
    rotated = with_keys(settings, Fernet.generate_key().decode(), *settings.encryption_key_list)
    assert kept_key(engine, rotated, REFERRAL_MARKS) == first
    assert kept_key(engine, settings, FORGETTING) != first
    assert app.extensions["suki"].marks_key == first
    gone = with_keys(settings, Fernet.generate_key().decode())
    with pytest.raises(SettingsError, match="The key that recognises fraud in referrals was encrypted with a key"):
        kept_key(engine, gone, REFERRAL_MARKS)
