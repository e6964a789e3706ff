"""GraphQL documents about gift cards and store credit."""

from __future__ import annotations

CREATE_GIFT_CARD = """
mutation CreateGiftCard($input: GiftCardCreateInput!) {
  giftCardCreate(input: $input) {
    giftCard { id lastCharacters balance { amount currencyCode } }
    userErrors { field code message }
  }
}
"""

# The search knows the whole code. The note holds the redemption, so that a code that is TAKEN can be told to be ours.
GIFT_CARDS_BY_CODE = """
query GiftCardsByCode($query: String!) {
  giftCards(first: 5, query: $query) { nodes { id note } }
}
"""

GIFT_CARD = """
query GiftCard($id: ID!) {
  giftCard(id: $id) { id enabled balance { amount currencyCode } initialValue { amount currencyCode } }
}
"""

DEACTIVATE_GIFT_CARD = """
mutation DeactivateGiftCard($id: ID!) {
  giftCardDeactivate(id: $id) {
    giftCard { id enabled balance { amount currencyCode } initialValue { amount currencyCode } }
    userErrors { field code message }
  }
}
"""

# The id is the customer's: Shopify opens the account when there is none.
CREDIT_STORE_CREDIT = """
mutation CreditStoreCredit($id: ID!, $input: StoreCreditAccountCreditInput!) {
  storeCreditAccountCredit(id: $id, creditInput: $input) {
    storeCreditAccountTransaction { id amount { amount currencyCode } }
    userErrors { field code message }
  }
}
"""

DEBIT_STORE_CREDIT = """
mutation DebitStoreCredit($id: ID!, $input: StoreCreditAccountDebitInput!) {
  storeCreditAccountDebit(id: $id, debitInput: $input) {
    storeCreditAccountTransaction { id amount { amount currencyCode } }
    userErrors { field code message }
  }
}
"""

# Newest first: what came after a movement of ours was begun is all that is read.
STORE_CREDIT = """
query StoreCredit($customer: ID!, $currency: String!, $after: String) {
  customer(id: $customer) {
    id
    storeCreditAccounts(first: 1, query: $currency) {
      nodes {
        id
        balance { amount currencyCode }
        transactions(first: 25, after: $after, sortKey: CREATED_AT, reverse: true) {
          pageInfo { hasNextPage endCursor }
          nodes {
            __typename createdAt event
            amount { amount currencyCode }
            ... on StoreCreditAccountCreditTransaction { id remainingAmount { amount currencyCode } }
            ... on StoreCreditAccountDebitTransaction { id }
            ... on StoreCreditAccountDebitRevertTransaction { id }
          }
        }
      }
    }
  }
}
"""
