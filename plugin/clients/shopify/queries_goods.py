"""What is asked about products and collections so that people can choose them by name and picture."""

from __future__ import annotations

_PRODUCT = "id title featuredMedia { preview { image { url(transform: {maxWidth: 120, maxHeight: 120}) } } }"
_COLLECTION = "id title image { url(transform: {maxWidth: 120, maxHeight: 120}) }"

# At most 100 ids a call, see AT_ONCE of those who ask.
GOODS_NAMED = f"""
query GoodsNamed($ids: [ID!]!) {{
  nodes(ids: $ids) {{ id ... on Product {{ {_PRODUCT} }} ... on Collection {{ {_COLLECTION} }} }}
}}
"""

FIND_PRODUCTS = f"""
query FindProducts($query: String!) {{
  products(first: 20, query: $query, sortKey: TITLE) {{ nodes {{ {_PRODUCT} }} }}
}}
"""

FIND_COLLECTIONS = f"""
query FindCollections($query: String!) {{
  collections(first: 20, query: $query, sortKey: TITLE) {{ nodes {{ {_COLLECTION} }} }}
}}
"""

PRODUCT_TAGS = """
query ProductTags { productTags(first: 250) { nodes } }
"""

PRODUCT_VENDORS = """
query ProductVendors { productVendors(first: 250) { nodes } }
"""
