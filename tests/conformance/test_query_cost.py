"""No document can ask for more points than Shopify lets one query cost, however full the shop is.

Counted as Shopify documents it: an object is 1 point, a scalar 0, a connection or list as many as its `first`
says, a mutation 10; where a type is not known, all of its possible parts are added up.
"""

from __future__ import annotations

import pytest
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLNamedType,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
    parse,
)

from plugin.actions.goods import known_goods
from plugin.clients.shopify import queries, queries_goods
from tests.conformance.official import admin_schema
from tests.conformance.test_graphql import DOCUMENTS

MOST_POINTS = 1000
IDS_A_CALL = {queries.PRODUCT_FACTS: 15, queries.VARIANT_FACTS: 200, queries.CUSTOMER_FACTS: 100,
              queries_goods.GOODS_NAMED: known_goods.AT_ONCE}  # fmt: skip


def cost(document: str, ids: int = 1) -> int:
    tree = parse(document)
    fragments = {each.name.value: each for each in tree.definitions if isinstance(each, FragmentDefinitionNode)}
    operation = next(each for each in tree.definitions if isinstance(each, OperationDefinitionNode))
    schema = admin_schema()
    root = schema.query_type if operation.operation.value == "query" else schema.mutation_type
    assert root
    fixed = 10 if root is schema.mutation_type else 0
    return fixed + ids * selected(operation.selection_set, root, fragments)


def selected(chosen: SelectionSetNode, parent: GraphQLNamedType, fragments: dict[str, FragmentDefinitionNode]) -> int:
    points = 0
    for each in chosen.selections:
        if isinstance(each, FieldNode):
            points += of_field(each, parent, fragments)
        elif each.kind == "fragment_spread":
            points += selected(fragments[each.name.value].selection_set, named(fragments[each.name.value]), fragments)
        else:
            points += selected(each.selection_set, named(each), fragments)
    return points


def named(fragment: object) -> GraphQLNamedType:
    found = admin_schema().type_map[fragment.type_condition.name.value]
    assert is_composite_type(found)
    return found


def of_field(field: FieldNode, parent: GraphQLNamedType, fragments: dict[str, FragmentDefinitionNode]) -> int:
    if field.selection_set is None or field.name.value == "pageInfo":
        return 0
    kind = get_named_type(parent.fields[field.name.value].type)
    within = selected(field.selection_set, kind, fragments)
    if field.name.value in ("nodes", "edges") and kind.name != "Node":
        return 1 + within  # counted once a row by the connection around it
    firsts = [each.value for each in field.arguments or () if each.name.value == "first"]
    rows = int(firsts[0].value) if firsts and isinstance(firsts[0], IntValueNode) else 1
    return rows * within if kind.name.endswith("Connection") else rows * (1 + within)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_costs_less_than_one_query_may(name: str) -> None:
    document = DOCUMENTS[name]
    assert cost(document, IDS_A_CALL.get(document, 1)) <= MOST_POINTS


def test_the_count_follows_shopifys_rules() -> None:
    assert cost("query A { shop { name } }") == 1
    assert cost("query A { orders(first: 10) { nodes { id customer { id } } } }") == 20
    assert cost('mutation A { tagsAdd(id: "x", tags: []) { node { id } userErrors { field } } }') == 13
