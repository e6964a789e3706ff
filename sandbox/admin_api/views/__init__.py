"""How the GraphQL API shows each kind of thing."""
