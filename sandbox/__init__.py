"""A local stand-in for Shopify: shops, orders, webhooks, the Admin API, the admin frame and a mailbox."""
