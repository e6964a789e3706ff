"""The GraphQL documents about codes made ahead, as those in `queries`."""

from __future__ import annotations

ADD_CODES = """
mutation AddCodes($id: ID!, $codes: [DiscountRedeemCodeInput!]!) {
  discountRedeemCodeBulkAdd(discountId: $id, codes: $codes) {
    bulkCreation { id done codesCount importedCount failedCount }
    userErrors { field code message extraInfo }
  }
}
"""

# How far several creations are, at a point or two each; what became of each code is asked for only where one failed.
ADD_CODES_POLL = """
query AddCodesPoll($ids: [ID!]!) {
  nodes(ids: $ids) {
    id
    ... on DiscountRedeemCodeBulkCreation { done importedCount failedCount }
  }
}
"""

ADD_CODES_FAILED = """
query AddCodesFailed($id: ID!) {
  discountRedeemCodeBulkCreation(id: $id) {
    codes(first: 250) { nodes { code errors { code } } }
  }
}
"""

# Whose a code is: the cheapest question that says so.
CODE_OWNER = """
query CodeOwner($code: String!) {
  codeDiscountNodeByCode(code: $code) { id }
}
"""

# Whether a set's discount still takes codes.
CODE_SET = """
query CodeSet($id: ID!) {
  node(id: $id) { ... on DiscountCodeNode { codeDiscount { ... on DiscountCodeBasic { status } } } }
}
"""

# One code of a set. The filter searches; whether what it found is the code, the caller compares.
CODE_OF_SET = """
query CodeOfSet($code: String!, $filter: String!) {
  codeDiscountNodeByCode(code: $code) {
    id
    codeDiscount { ... on DiscountCodeBasic { codes(first: 10, query: $filter) { nodes { id code asyncUsageCount } } } }
  }
}
"""

REMOVE_CODES = """
mutation RemoveCodes($id: ID!, $codes: [ID!]!) {
  discountCodeRedeemCodeBulkDelete(discountId: $id, ids: $codes) {
    job { id done }
    userErrors { field code message extraInfo }
  }
}
"""
