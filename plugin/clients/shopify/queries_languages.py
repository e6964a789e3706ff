"""What is asked of Shopify about the languages of a shop; it takes read_locales."""

from __future__ import annotations

SHOP_LOCALES = """
query ShopLocales {
  shopLocales { locale primary published }
}
"""
