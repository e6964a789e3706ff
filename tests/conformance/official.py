"""What Shopify itself publishes, read from the npm packages of package.json."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema, build_client_schema

ROOT = Path(__file__).resolve().parents[2]
API_VERSION = "2026-10"


class NotInstalled(AssertionError):
    """The conformance data is missing; this is a failure, never a reason to skip."""


@cache
def published(path: str) -> bytes:
    """A file of node_modules, unpacked."""
    file = ROOT / "node_modules" / path
    if not file.is_file():
        raise NotInstalled(f"{path} is not in node_modules: run `npm ci` in the root of the project first")
    return gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()


@cache
def admin_schema() -> GraphQLSchema:
    """Shopify's official Admin schema."""
    answer = json.loads(published(f"@shopify/dev-mcp/dist/data/admin_{API_VERSION}.json.gz"))
    # Not asserted: Shopify's own schema has deprecated ids on interface implementers.
    return build_client_schema(answer.get("data", answer), assume_valid=True)


def custom_elements() -> list[dict[str, Any]]:
    """The declarations of every Polaris element."""
    manifest = json.loads(published("@shopify/polaris-types/dist/custom-elements.json"))
    return [declaration for module in manifest["modules"] for declaration in module["declarations"]]


def polaris_types() -> str:
    """The TypeScript types of Polaris."""
    return published("@shopify/polaris-types/dist/polaris.d.ts").decode()


def app_bridge_types() -> str:
    """The TypeScript types of App Bridge."""
    return published("@shopify/app-bridge-types/dist/index.d.ts").decode()
