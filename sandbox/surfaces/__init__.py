"""What Shopify's checkout, account, till and admin know when they host extensions of an app."""
