"""GraphQL documents about the files that merchants upload."""

from __future__ import annotations

FILES = """
query Files($query: String!, $after: String) {
  files(first: 24, after: $after, query: $query, sortKey: CREATED_AT, reverse: true) {
    nodes { id alt ... on MediaImage { image { url width height } } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
