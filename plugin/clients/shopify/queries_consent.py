"""What is said to Shopify about consent to marketing emails."""

from __future__ import annotations

# Of three states that may be set, these two are written; the customer must have an address.
WRITE_EMAIL_CONSENT = """
mutation WriteEmailConsent($input: CustomerEmailMarketingConsentUpdateInput!) {
  customerEmailMarketingConsentUpdate(input: $input) {
    customer { id }
    userErrors { field code message }
  }
}
"""
