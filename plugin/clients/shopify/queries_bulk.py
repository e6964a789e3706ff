"""Orders all at once, by a bulk query, and in pages."""

from __future__ import annotations

from plugin.clients.shopify.queries import _BOTH, _LINE

# Everything of an order but its refunded lines: these are a connection within a list, which no bulk query may ask for.
# %FILTER% stands for the terms of the search: a bulk query takes no variables.
BULK_ORDERS = f"""
query BulkOrders {{
  orders(query: "%FILTER%") {{ edges {{ node {{
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
    shippingLines(includeRemovals: true) {{
      edges {{ node {{
        id title code isRemoved
        originalPriceSet {_BOTH}
        discountedPriceSet {_BOTH}
        currentDiscountedPriceSet {_BOTH}
        discountAllocations {{ allocatedAmountSet {_BOTH} discountApplication {{ index }} }}
        taxLines {{ title rate priceSet {_BOTH} }}
      }} }}
    }}
    discountApplications {{
      edges {{ node {{
        __typename index allocationMethod targetSelection targetType
        value {{ __typename ... on MoneyV2 {{ amount }} ... on PricingPercentageValue {{ percentage }} }}
        ... on DiscountCodeApplication {{ code }}
        ... on AutomaticDiscountApplication {{ title }}
        ... on ManualDiscountApplication {{ title description }}
        ... on ScriptDiscountApplication {{ title }}
      }} }}
    }}
    lineItems {{ edges {{ node {{ ...Line }} }} }}
    transactions(first: 30) {{ id kind status gateway createdAt processedAt test amountSet {_BOTH} }}
    refunds(first: 50) {{ id }}
    fulfillments(first: 20) {{ createdAt status }}
  }} }} }}
}}
{_LINE}"""

RUN_BULK = """
mutation RunBulk($query: String!) {
  bulkOperationRunQuery(query: $query, groupObjects: true) {
    bulkOperation { id status }
    userErrors { field code message }
  }
}
"""

BULK_STATE = """
query BulkState($id: ID!) { bulkOperation(id: $id) { id status errorCode url partialDataUrl } }
"""

ORDERS_PLACED = """
query OrdersPlaced($query: String!, $after: String) {
  orders(first: 250, after: $after, query: $query, sortKey: PROCESSED_AT) {
    pageInfo { hasNextPage endCursor }
    nodes { id legacyResourceId updatedAt processedAt }
  }
}
"""
