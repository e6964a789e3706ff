"""Every GraphQL document that Suki sends, valid against Admin API 2026-10 (proved by tests/conformance)."""

from __future__ import annotations

# --- install ------------------------------------------------------------------------------------

INSTALL = """
query Install {
  currentAppInstallation { id accessScopes { handle } }
  shop {
    id name myshopifyDomain email contactEmail ianaTimezone currencyCode taxesIncluded updatedAt
    primaryDomain { host url }
    plan { publicDisplayName shopifyPlus partnerDevelopment }
    customerAccountsV2 { customerAccountsVersion loginRequiredAtCheckout }
  }
}
"""

INSTALLATION = """
query Installation {
  currentAppInstallation { id }
}
"""

SHOP_NUMBER = """
query ShopNumber {
  shop { id }
}
"""

# --- codes --------------------------------------------------------------------------------------

CREATE_BASIC_CODE = """
mutation CreateBasicCode($discount: DiscountCodeBasicInput!) {
  discountCodeBasicCreate(basicCodeDiscount: $discount) {
    codeDiscountNode {
      id
      codeDiscount {
        ... on DiscountCodeBasic { title status tags startsAt endsAt codes(first: 1) { nodes { id code } } }
      }
    }
    userErrors { field code message extraInfo }
  }
}
"""

CREATE_FREE_SHIPPING_CODE = """
mutation CreateFreeShippingCode($discount: DiscountCodeFreeShippingInput!) {
  discountCodeFreeShippingCreate(freeShippingCodeDiscount: $discount) {
    codeDiscountNode { id }
    userErrors { field code message extraInfo }
  }
}
"""

# An order that carries the code, even before the count of its uses says so.
ORDERS_WITH_CODE = """
query OrdersWithCode($query: String!) {
  orders(first: 1, query: $query) { nodes { id } }
}
"""

DEACTIVATE_CODE = """
mutation DeactivateCode($id: ID!) {
  discountCodeDeactivate(id: $id) {
    codeDiscountNode {
      id
      codeDiscount {
        ... on DiscountCodeBasic { status asyncUsageCount }
        ... on DiscountCodeFreeShipping { status asyncUsageCount }
      }
    }
    userErrors { field code message extraInfo }
  }
}
"""

# The title and the tags hold the redemption, so that a code that is TAKEN can be told to be ours.
CODE_BY_VALUE = """
query CodeByValue($code: String!) {
  codeDiscountNodeByCode(code: $code) {
    id
    codeDiscount {
      __typename
      ... on DiscountCodeBasic {
        title status tags usageLimit asyncUsageCount endsAt
        codes(first: 1) { nodes { id code asyncUsageCount } }
      }
      ... on DiscountCodeFreeShipping { title status tags usageLimit asyncUsageCount endsAt }
      ... on DiscountCodeBxgy { title status tags usageLimit asyncUsageCount endsAt }
      ... on DiscountCodeApp { title status tags usageLimit asyncUsageCount endsAt }
    }
  }
}
"""

# --- orders -------------------------------------------------------------------------------------

# Flat on purpose: compare updatedAt with the order view, then refetch only what differs with OneOrder.
ORDERS_SINCE = """
query OrdersSince($query: String!, $after: String) {
  orders(first: 250, after: $after, query: $query, sortKey: UPDATED_AT) {
    pageInfo { hasNextPage endCursor }
    nodes { id legacyResourceId updatedAt }
  }
}
"""

_BOTH = "{ shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }"

_LINE = f"""
fragment Line on LineItem {{
  id name title sku vendor variantTitle quantity currentQuantity isGiftCard taxable requiresShipping
  product {{ id }}
  variant {{ id }}
  sellingPlan {{ name }}
  originalUnitPriceSet {_BOTH}
  discountAllocations {{ allocatedAmountSet {_BOTH} discountApplication {{ index }} }}
  taxLines {{ title rate priceSet {_BOTH} }}
}}
"""

# A refund's own lines are asked for one refund at a time: nested in OneOrder, the lines of several refunds
# would ask for more than the 1,000 points that one query may cost.
ONE_ORDER = f"""
query OneOrder($id: ID!) {{
  order(id: $id) {{
    id legacyResourceId name number createdAt updatedAt processedAt cancelledAt cancelReason closedAt
    test sourceName email phone customerLocale taxesIncluded currencyCode presentmentCurrencyCode
    displayFinancialStatus displayFulfillmentStatus paymentGatewayNames discountCodes tags
    app {{ id }}
    customer {{
      id legacyResourceId firstName lastName locale state createdAt updatedAt verifiedEmail
      defaultEmailAddress {{ emailAddress }}
    }}
    subtotalPriceSet {_BOTH}
    currentSubtotalPriceSet {_BOTH}
    totalPriceSet {_BOTH}
    currentTotalPriceSet {_BOTH}
    totalTaxSet {_BOTH}
    currentTotalTaxSet {_BOTH}
    totalDiscountsSet {_BOTH}
    currentTotalDiscountsSet {_BOTH}
    totalShippingPriceSet {_BOTH}
    currentShippingPriceSet {_BOTH}
    totalTipReceivedSet {_BOTH}
    totalOutstandingSet {_BOTH}
    originalTotalPriceSet {_BOTH}
    originalTotalDutiesSet {_BOTH}
    currentTotalDutiesSet {_BOTH}
    originalTotalAdditionalFeesSet {_BOTH}
    currentTotalAdditionalFeesSet {_BOTH}
    totalRefundedSet {_BOTH}
    taxLines {{ title rate priceSet {_BOTH} }}
    shippingLines(first: 5, includeRemovals: true) {{
      nodes {{
        id title code isRemoved
        originalPriceSet {_BOTH}
        discountedPriceSet {_BOTH}
        currentDiscountedPriceSet {_BOTH}
        discountAllocations {{ allocatedAmountSet {_BOTH} discountApplication {{ index }} }}
        taxLines {{ title rate priceSet {_BOTH} }}
      }}
    }}
    discountApplications(first: 10) {{
      nodes {{
        __typename index allocationMethod targetSelection targetType
        value {{ __typename ... on MoneyV2 {{ amount }} ... on PricingPercentageValue {{ percentage }} }}
        ... on DiscountCodeApplication {{ code }}
        ... on AutomaticDiscountApplication {{ title }}
        ... on ManualDiscountApplication {{ title description }}
        ... on ScriptDiscountApplication {{ title }}
      }}
    }}
    lineItems(first: 20) {{ pageInfo {{ hasNextPage endCursor }} nodes {{ ...Line }} }}
    transactions(first: 30) {{ id kind status gateway createdAt processedAt test amountSet {_BOTH} }}
    refunds(first: 50) {{ id }}
    fulfillments(first: 20) {{ createdAt status }}
  }}
}}
{_LINE}"""

ORDER_LINES = f"""
query OrderLines($id: ID!, $after: String) {{
  order(id: $id) {{
    lineItems(first: 30, after: $after) {{ pageInfo {{ hasNextPage endCursor }} nodes {{ ...Line }} }}
  }}
}}
{_LINE}"""

_REFUND_LINE = f"""
fragment RefundedLine on RefundLineItem {{
  id quantity restockType subtotalSet {_BOTH} totalTaxSet {_BOTH} lineItem {{ id }}
}}
"""

ONE_REFUND = f"""
query OneRefund($id: ID!) {{
  refund(id: $id) {{
    id legacyResourceId createdAt processedAt note
    order {{ id }}
    totalRefundedSet {_BOTH}
    refundLineItems(first: 50) {{ pageInfo {{ hasNextPage endCursor }} nodes {{ ...RefundedLine }} }}
    duties {{ amountSet {_BOTH} }}
    orderAdjustments(first: 20) {{ nodes {{ id reason amountSet {_BOTH} taxAmountSet {_BOTH} }} }}
    refundShippingLines(first: 10) {{
      nodes {{ id subtotalAmountSet {_BOTH} taxAmountSet {_BOTH} shippingLine {{ id }} }}
    }}
    transactions(first: 20) {{
      nodes {{ id kind status gateway createdAt processedAt test amountSet {_BOTH} }}
    }}
  }}
}}
{_REFUND_LINE}"""

REFUND_LINES = f"""
query RefundLines($id: ID!, $after: String) {{
  refund(id: $id) {{
    refundLineItems(first: 50, after: $after) {{
      pageInfo {{ hasNextPage endCursor }}
      nodes {{ ...RefundedLine }}
    }}
  }}
}}
{_REFUND_LINE}"""

# --- products and customers -----------------------------------------------------------------------

# At most 15 ids a call: 50 collections each is what fits under 1,000 points.
PRODUCT_FACTS = """
query ProductFacts($ids: [ID!]!) {
  nodes(ids: $ids) {
    id
    ... on Product { tags collections(first: 50) { pageInfo { hasNextPage } nodes { id } } }
  }
}
"""

# Reduced is what has a price to compare with that is higher.
VARIANT_FACTS = """
query VariantFacts($ids: [ID!]!) {
  nodes(ids: $ids) { id ... on ProductVariant { price compareAtPrice } }
}
"""

CUSTOMER_FACTS = """
query CustomerFacts($ids: [ID!]!) {
  nodes(ids: $ids) { id ... on Customer { tags numberOfOrders defaultEmailAddress { marketingState } } }
}
"""

CUSTOMERS_WITH_TAG = """
query CustomersWithTag($query: String!, $after: String) {
  customers(first: 250, after: $after, query: $query, sortKey: ID) {
    pageInfo { hasNextPage endCursor }
    nodes { id }
  }
}
"""

# At most 25 metafields a call, carried out all together or not at all.
SET_METAFIELDS = """
mutation SetMetafields($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) {
    metafields { id namespace key compareDigest }
    userErrors { field code message elementIndex }
  }
}
"""

CUSTOMER_BY_EMAIL = """
query CustomerByEmail($email: String!) {
  customerByIdentifier(identifier: { emailAddress: $email }) {
    id firstName lastName locale createdAt defaultEmailAddress { emailAddress }
  }
}
"""

CUSTOMER_EXISTS = """
query CustomerExists($id: ID!) {
  customer(id: $id) { id }
}
"""

TAGS_ADD = """
mutation TagsAdd($id: ID!, $tags: [String!]!) {
  tagsAdd(id: $id, tags: $tags) { node { id } userErrors { field message } }
}
"""

TAGS_REMOVE = """
mutation TagsRemove($id: ID!, $tags: [String!]!) {
  tagsRemove(id: $id, tags: $tags) { node { id } userErrors { field message } }
}
"""
