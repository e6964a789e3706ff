"""The Admin API: GraphQL calls, what they read and write, and tokens."""
