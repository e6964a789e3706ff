"""Bulk queries: one document over everything there is, carried out later, as lines of JSON at an address of their own.

Shopify's limits: one connection at the top, five at most, two levels deep, none inside a list; five at once for an app
in a shop; what failed leaves what it had so far. (shopify.dev, “Perform bulk operations with the GraphQL Admin API”.)
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    Visitor,
    execute,
    get_named_type,
    get_nullable_type,
    parse,
    validate,
    visit,
)

from sandbox.admin_api.views.connections import MAX_PAGE, number_of
from sandbox.state import Record, Shop, iso, now, parse_time

MOST_CONNECTIONS, DEEPEST, AT_ONCE = 5, 2, 5


def run(shop: Shop, info: GraphQLResolveInfo[Any], query: str, seconds: float, url: str, *, fails: bool) -> Record:
    """bulkOperationRunQuery: refused, or created and done after so many seconds."""
    problem = _problem(info.schema, query)
    running = [one for one in shop.bulk.values() if "query" in one and _status(one) in ("CREATED", "RUNNING")]
    if problem or len(running) >= AT_ONCE:
        code = "INVALID" if problem else "LIMIT_REACHED"
        text = problem or "A maximum of 5 bulk queries can run at once for this app and shop."
        return {"bulkOperation": None, "userErrors": [{"field": ["query"], "message": text, "code": code}]}
    made = now()
    one = {
        "id": shop.next_id(), "query": query, "created_at": iso(made), "due_at": iso(made + timedelta(seconds=seconds)),
        "key": secrets.token_hex(8), "fails": fails, "canceled": False, "done": True,
    }  # fmt: skip
    shop.save("bulk", one)
    return {"bulkOperation": view(shop, one, url), "userErrors": []}


def cancel(shop: Shop, gid: str, url: str) -> Record:
    """bulkOperationCancel."""
    one = shop.bulk.get(number_of(gid))
    if one is None or "query" not in one:
        return {"bulkOperation": None, "userErrors": [{"field": ["id"], "message": "Bulk operation does not exist"}]}
    if _status(one) in ("CREATED", "RUNNING"):
        shop.save("bulk", {**one, "canceled": True})
    return {"bulkOperation": view(shop, shop.bulk[one["id"]], url), "userErrors": []}


def _status(one: Record) -> str:
    if one["canceled"]:
        return "CANCELED"
    if now() < parse_time(one["due_at"]):
        return "RUNNING"
    return "FAILED" if one["fails"] else "COMPLETED"


def view(shop: Shop, one: Record | None, url: str) -> Record | None:
    """A BulkOperation; its lines are at an address below `url`."""
    if one is None or "query" not in one:
        return None
    status = _status(one)
    where = f"{url}/shops/{shop.domain}/bulk/{one['id']}-{one['key']}.jsonl"
    ended = status in ("COMPLETED", "FAILED", "CANCELED")
    return {
        "__typename": "BulkOperation", "id": f"gid://shopify/BulkOperation/{one['id']}", "status": status,
        "type": "QUERY", "query": one["query"], "createdAt": one["created_at"],
        "completedAt": one["due_at"] if ended else None,
        "errorCode": "INTERNAL_SERVER_ERROR" if status == "FAILED" else None,
        "objectCount": "0", "rootObjectCount": "0", "fileSize": None,
        "url": where if status == "COMPLETED" else None,
        "partialDataUrl": where if status == "FAILED" else None,
    }  # fmt: skip


def _problem(schema: GraphQLSchema, query: str) -> str:
    """Why Shopify would not run it; empty when it would."""
    try:
        document = parse(query)
    except GraphQLError as error:
        return f"Invalid bulk query: {error.message}"
    if errors := validate(schema, document):
        return f"Invalid bulk query: {errors[0].message}"
    found = list(_connections(schema, document))
    if sum(depth == 0 for depth, _ in found) != 1:
        return "Bulk queries must contain exactly one top level connection."
    if any(in_list for _, in_list in found):
        return "Queries that contain a connection field within a list field are not currently supported."
    if len(found) > MOST_CONNECTIONS:
        return f"Bulk queries cannot contain more than {MOST_CONNECTIONS} connections."
    if max(depth for depth, _ in found) > DEEPEST:
        return f"Bulk queries cannot contain connections with a nesting depth greater than {DEEPEST}."
    return ""


def _connections(schema: GraphQLSchema, document: DocumentNode) -> Iterator[tuple[int, bool]]:
    """Each connection asked for: how deep it is within others, and whether it stands within a list."""
    fragments = {one.name.value: one for one in document.definitions if hasattr(one, "type_condition")}  # type: ignore[attr-defined]

    def within(chosen: SelectionSetNode | None, parent: Any, depth: int, in_list: bool) -> Iterator[tuple[int, bool]]:
        for each in chosen.selections if chosen else ():
            if isinstance(each, FragmentSpreadNode):
                fragment: Any = fragments[each.name.value]
                on = schema.get_type(fragment.type_condition.name.value)
                yield from within(fragment.selection_set, on, depth, in_list)
            elif isinstance(each, InlineFragmentNode):
                on = schema.get_type(each.type_condition.name.value) if each.type_condition else parent
                yield from within(each.selection_set, on, depth, in_list)
            elif isinstance(each, FieldNode) and isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
                field = parent.fields.get(each.name.value)
                if field is None:
                    continue
                kind = get_named_type(field.type)
                if kind.name.endswith("Connection"):
                    yield depth, in_list
                    edges = {"edges", "nodes"}
                    for inner in each.selection_set.selections if each.selection_set else ():
                        if isinstance(inner, FieldNode) and inner.name.value in edges:
                            of = get_named_type(kind.fields[inner.name.value].type)
                            yield from within(inner.selection_set, of, depth + 1, False)
                else:
                    list_here = isinstance(get_nullable_type(field.type), GraphQLList)
                    edge = parent.name.endswith("Edge")
                    yield from within(each.selection_set, kind, depth, (in_list and not edge) or list_here)

    for definition in document.definitions:
        if hasattr(definition, "operation"):
            yield from within(definition.selection_set, schema.query_type, 0, False)  # type: ignore[attr-defined]


def lines(schema: GraphQLSchema, root: Record, resolver: Any, shop: Shop, one: Record) -> Iterator[bytes]:
    """What the operation found, a line for each object, children after their parent; half of it where it failed."""
    found = list(_objects(schema, root, resolver, shop, one["query"]))
    for each in found[: len(found) // 2] if one["fails"] else found:
        yield orjson.dumps(each) + b"\n"


def _objects(schema: GraphQLSchema, root: Record, resolver: Any, shop: Shop, query: str) -> Iterator[Record]:
    document, after = _paged(parse(query)), None
    while True:
        result: Any = execute(schema, document, root, shop, {"bulkAfter": after}, field_resolver=resolver)
        if result.errors:
            raise result.errors[0]
        [(_, page)] = result.data.items()
        for edge in page["edges"]:
            yield from _flat(edge["node"], None)
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def _flat(node: Record, parent: str | None) -> Iterator[Record]:
    own = {key: value for key, value in node.items() if not _is_connection(value)}
    yield own if parent is None else {**own, "__parentId": parent}
    for value in node.values():
        if _is_connection(value):
            for edge in value["edges"]:
                yield from _flat(edge["node"], str(node["id"]))


def _is_connection(value: Any) -> bool:
    return isinstance(value, dict) and "edges" in value


class _WholePages(Visitor):
    """Each connection with the largest page, the one at the top with a cursor that is passed in: what a bulk query
    says of pages is ignored."""

    def leave_field(self, field: FieldNode, _key: Any, _parent: Any, path: list[Any], _ancestors: Any) -> Any:
        """Change the fields that are connections."""
        chosen = field.selection_set.selections if field.selection_set else ()
        if field.selection_set is None or not any(_is_edges(each) for each in chosen):
            return None
        top = path.count("selections") == 1
        first, after = _EXAMPLE.arguments
        kept = [each for each in field.arguments or () if each.name.value not in ("first", "last", "after", "before")]
        inner = replace(field.selection_set, selections=(*chosen, *_EXAMPLE.selection_set.selections)) if top else None
        return replace(
            field,
            arguments=(*kept, first, *([after] if top else [])),
            selection_set=inner or field.selection_set,
        )

    def leave_operation_definition(self, operation: Any, *_: Any) -> Any:
        """The cursor comes as a variable."""
        return replace(operation, variable_definitions=_MODEL.variable_definitions)


def _is_edges(chosen: Any) -> bool:
    return isinstance(chosen, FieldNode) and chosen.name.value == "edges"


_MODEL: Any = parse(
    f"query($bulkAfter: String) {{ any(first: {MAX_PAGE}, after: $bulkAfter)"
    " { pageInfo { hasNextPage endCursor } } }"
).definitions[0]
_EXAMPLE: Any = _MODEL.selection_set.selections[0]


def _paged(document: DocumentNode) -> DocumentNode:
    changed: DocumentNode = visit(document, _WholePages())
    return changed
