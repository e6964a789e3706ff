"""Checkouts that members began: what Shopify says of them, and what is kept."""
