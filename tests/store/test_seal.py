"""A stored secret opens with its key, in its place, and nowhere else."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import LargeBinary

from plugin.errors import SettingsError, Unreadable
from plugin.store.database.db import engine_at, system_transaction
from plugin.store.shops.seal import FORMAT, Seal, of_partner_code, of_redemption, seal_of
from plugin.store.shops.secret_keys import KEPT
from plugin.store.tables import metadata
from tests.conftest import TestDatabase
from tests.reached import reach, reaches

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))
HERE = of_redemption(1, 7)
NO_SECRETS = {
    "deliveries.body", "order_checkpoints.kept", "export_parts.body", "api_keys.secret_hash", "pool_codes.mark",
    "secret_keys.name", "secret_keys.proof",
}  # fmt: skip
"""Bytes that are no secret of somebody: packed bodies, hashes, and what only tells keys apart."""


@reaches(other_place=0.25)
@settings(max_examples=50)
@given(text=st.binary(max_size=300), place=st.text(max_size=40), other=st.text(max_size=40))
def test_it_opens_in_its_place_alone(text: bytes, place: str, other: str) -> None:
    place, other = (each.encode(errors="replace").decode() for each in (place, other))
    sealed = Seal([NEW]).close(text, place)
    assert Seal([NEW]).open(sealed, place) == text
    if place != other:
        reach("other_place")
        with pytest.raises(Unreadable):
            Seal([NEW]).open(sealed, other)


def test_two_seals_of_the_same_text_are_different() -> None:
    assert Seal([NEW]).close(b"a", HERE) != Seal([NEW]).close(b"a", HERE)


def test_any_given_key_opens_and_the_first_one_seals() -> None:
    before = Seal([OLD]).close(b"a", HERE)
    both = Seal([NEW, OLD])
    assert both.open(before, HERE) == b"a"
    assert both.close(b"a", HERE)[:5] == both.newest == FORMAT + Seal([NEW]).names[0]
    with pytest.raises(Unreadable):
        Seal([NEW, OTHER]).open(before, HERE)


def test_what_an_earlier_version_wrote_opens_with_any_given_key() -> None:
    assert Seal([NEW, OLD]).open(Fernet(OLD).encrypt(b"a"), HERE) == b"a"
    with pytest.raises(Unreadable):
        Seal([NEW]).open(Fernet(OLD).encrypt(b"a"), HERE)


@pytest.mark.parametrize("at", [0, 1, 4, 5, 16, 17, -1])
def test_a_changed_byte_is_noticed(at: int) -> None:
    sealed = bytearray(Seal([NEW]).close(b"abc", HERE))
    sealed[at] ^= 1
    with pytest.raises(Unreadable):
        Seal([NEW]).open(bytes(sealed), HERE)


@pytest.mark.parametrize("value", [b"", b"\x02", b"\x02abcd", b"gAAAA", b"\x00" * 40, "ü".encode() * 30])
def test_nonsense_is_unreadable_and_nothing_worse(value: bytes) -> None:
    with pytest.raises(Unreadable):
        Seal([NEW]).open(value, HERE)


def test_places_do_not_run_into_each_other() -> None:
    places = {of_partner_code(1, "a", b"\x01"), of_partner_code(1, "a:01", b""), of_partner_code(11, "a", b"\x01"),
              of_redemption(1, 11), of_redemption(11, 1)}  # fmt: skip
    assert len(places) == 5


def test_every_column_of_secrets_is_sealed_anew_by_a_rotation() -> None:
    columns = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert {f"{kept.table}.{kept.column}" for kept in KEPT} == columns - NO_SECRETS
    assert columns >= NO_SECRETS


def test_a_connection_without_keys_opens_nothing_and_says_so(database: TestDatabase) -> None:
    bare = engine_at(database.url, pool_size=1)
    with system_transaction(bare) as conn, pytest.raises(SettingsError, match="without ENCRYPTION_KEYS"):
        seal_of(conn)
    bare.dispose()
