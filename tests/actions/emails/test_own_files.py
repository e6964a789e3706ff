"""Pictures are the shop's own: searched among its files, and another shop's are refused."""

from __future__ import annotations

import pytest

from plugin.actions.emails import own_files
from plugin.errors import BadInput
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from tests.actions.stage import Stage


def opened(stage: Stage) -> Shop:
    with system_transaction(stage.engine) as conn:
        return shops.get(conn, stage.shop_id)


def test_the_pictures_among_the_files_are_found_by_name(stage: Stage) -> None:
    shop = opened(stage)
    every = own_files.search(stage.work, shop, "")
    assert [one.name for one in every.pictures] == ["tote-bag.png", "harvest.png", "logo-light.png", "logo.png"]
    assert every.after == ""
    [tote] = own_files.search(stage.work, shop, "tote").pictures
    assert (tote.alt, tote.width, tote.height) == ("An abaca tote bag", 600, 400)
    assert own_files.search(stage.work, shop, "\"') OR ( nothing:such*").pictures == ()


def test_a_picture_of_another_shop_is_refused_at_its_place_and_ones_own_and_any_elsewhere_are_not(stage: Stage) -> None:
    shop = opened(stage)
    own = own_files.search(stage.work, shop, "logo.png").pictures[0].url
    theirs = own.replace(f"/{stage.shop.settings['shop_id']}/", "/77/")
    elsewhere = "https://pictures.example.com/a.png"
    own_files.check_pictures(stage.work, shop, [own, elsewhere])
    with pytest.raises(BadInput) as error:
        own_files.check_pictures(stage.work, shop, [own, theirs, elsewhere])
    assert error.value.fields == {theirs: "This picture belongs to another shop. Choose one of your own files."}
    odd = f"{stage.town.url}/../s/files/1/{stage.shop.settings['shop_id']}/files/x.png"
    with pytest.raises(BadInput):
        own_files.check_pictures(stage.work, shop, [odd])


def test_without_the_permission_nothing_is_listed_and_no_picture_of_the_files_is_taken(stage: Stage) -> None:
    own = own_files.search(stage.work, opened(stage), "logo.png").pictures[0].url
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shops.describe(conn, stage.shop_id, {"scopes": ["read_orders"]})
        shops.merge_settings(conn, stage.shop_id, {own_files.FOLDER: ""})
    shop = opened(stage)
    with pytest.raises(BadInput, match="Allow Suki to see your files first"):
        own_files.search(stage.work, shop, "")
    with pytest.raises(BadInput) as error:
        own_files.check_pictures(stage.work, shop, [own])
    assert "Allow Suki to see your files" in error.value.fields[own]
