"""GraphQL documents about the webhooks that only some shops are sent: those in shopify.app.toml are not listed."""

from __future__ import annotations

WEBHOOKS_OF = """
query WebhooksOf($topics: [WebhookSubscriptionTopic!]!) {
  webhookSubscriptions(first: 50, topics: $topics) {
    nodes { id topic uri includeFields }
  }
}
"""

SUBSCRIBE = """
mutation Subscribe($topic: WebhookSubscriptionTopic!, $wanted: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $wanted) {
    webhookSubscription { id }
    userErrors { field message }
  }
}
"""

UNSUBSCRIBE = """
mutation Unsubscribe($id: ID!) {
  webhookSubscriptionDelete(id: $id) {
    deletedWebhookSubscriptionId
    userErrors { field message }
  }
}
"""
