"""The pictures among the files of a shop, and whether a picture is one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from plugin.actions.work.work import Work
from plugin.clients.shopify import queries_files
from plugin.clients.shopify.admin import missing_scopes
from plugin.errors import BadInput, SukiError
from plugin.rules.formats import one_line
from plugin.rules.words.texts import Said
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop

READ_FILES: Final = "read_files"
FOLDER: Final = "files_folder"
"""In a shop's settings: the folder of Shopify's CDN in which its files lie, which is its own for ever."""
LONGEST_SEARCH: Final = 100
_FOLDER = re.compile(r"(?P<folder>https?://[^/]+/s/files/1/(?:[0-9]+/)+)[^0-9/][^/]*/.+")
_ODD = re.compile(r"\.\.|//|%2e|%2f|%5c|\\", re.IGNORECASE)
_TERMS = re.compile(r"[\"'\\():*]")


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the shop's files."""

    url: str
    alt: str
    width: int
    height: int

    @property
    def name(self) -> str:
        """What the file is called."""
        return self.url.partition("?")[0].rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of pictures, the newest first, and where the next page begins."""

    pictures: tuple[Picture, ...]
    after: str


def may_read(shop: Shop) -> bool:
    """Whether the merchant lets the app see the shop's files."""
    return not missing_scopes(shop.scopes, (READ_FILES,))


def search(work: Work, shop: Shop, words: str, after: str = "") -> Found:
    """The shop's pictures whose name holds the words. Raises BadInput without the permission, and what asking Shopify
    raises."""
    if not may_read(shop):
        raise BadInput(Said("messages.pictures.allow_first"))
    named = _TERMS.sub(" ", one_line(words, LONGEST_SEARCH)).strip()
    query = " ".join(filter(None, (named, "media_type:IMAGE", "status:READY")))
    answer = work.execute(shop, queries_files.FILES, {"query": query, "after": after or None})["files"]
    pictures = tuple(_picture(node) for node in answer["nodes"] if (node.get("image") or {}).get("url"))
    _keep_folder(work, shop, pictures)
    page = answer["pageInfo"]
    return Found(pictures, str(page["endCursor"]) if page["hasNextPage"] and page["endCursor"] else "")


def check_pictures(work: Work, shop: Shop, addresses: Iterable[str]) -> None:
    """Nothing, if every picture that lies among merchants' files is the shop's own. Raises BadInput by address: it is
    another shop's, or it can't be told now."""
    theirs = [(url, found) for url in addresses if (found := folder_of(work, url)) is not None]
    if not theirs:
        return
    own = _own_folder(work, shop)
    wrong: dict[str, str] = {url: Said("messages.pictures.another_shop") for url, folder in theirs if folder != own}
    if wrong and not own:
        wrong = dict.fromkeys(wrong, Said("messages.pictures.not_known"))
    if wrong:
        raise BadInput(Said("frame.wrong.fields"), wrong)


def folder_of(work: Work, url: str) -> str | None:
    """The merchant's folder on Shopify's CDN in which a picture lies; None where it lies elsewhere, empty where it
    can't be told: with dots in the path, a browser would look in another folder."""
    asked, files = urlsplit(url), urlsplit(work.clients.settings.shopify_files_url)
    if (asked.hostname or "").rstrip(".").lower() != files.hostname:
        return None
    plain = f"{files.scheme}://{files.netloc}{asked.path}"
    found = _FOLDER.fullmatch(plain)
    return found["folder"] if found and not _ODD.search(asked.path) else ""


def _own_folder(work: Work, shop: Shop) -> str:
    """The shop's own; asked for once. Empty where it can't be known."""
    known = str(shop.settings.get(FOLDER, ""))
    if known or not may_read(shop):
        return known
    try:
        pictures = search(work, shop, "").pictures
    except SukiError:
        return ""
    return next((found for one in pictures if (found := folder_of(work, one.url))), "")


def _keep_folder(work: Work, shop: Shop, pictures: tuple[Picture, ...]) -> None:
    folder = next((found for one in pictures if (found := folder_of(work, one.url))), "")
    if folder and shop.settings.get(FOLDER) != folder:
        with shop_transaction(work.engine, shop.id) as conn:
            shops.merge_settings(conn, shop.id, {FOLDER: folder})


def _picture(node: dict[str, Any]) -> Picture:
    image = node["image"]
    return Picture(str(image["url"]), one_line(node.get("alt") or "", 200), image["width"] or 0, image["height"] or 0)
