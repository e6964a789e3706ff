"""What we say in GraphQL, and what the sandbox understands, is Shopify's own language."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    is_required_argument,
    is_required_input_field,
    is_specified_scalar_type,
    parse,
    specified_rules,
    validate,
)
from graphql.validation import NoDeprecatedCustomRule

from plugin.clients import shopify
from tests.conformance.official import ROOT, admin_schema

QUERIES = [each.name for each in pkgutil.iter_modules(shopify.__path__) if each.name.startswith("queries")]
DOCUMENTS = {
    name: text
    for module in QUERIES
    for name, text in vars(importlib.import_module(f"plugin.clients.shopify.{module}")).items()
    if re.fullmatch(r"[A-Z][A-Z_]*", name)
}
SANDBOX_SCHEMA = ROOT / "sandbox" / "admin_api" / "schema.graphql"
LOOKS_LIKE_GRAPHQL = re.compile(r"^\s*(query|mutation|subscription|fragment)\b[^\n]*\{", re.MULTILINE)


def complaints(schema: GraphQLSchema, text: str) -> list[str]:
    rules = [*specified_rules, NoDeprecatedCustomRule]
    return [error.message for error in validate(schema, parse(text), rules)]


def sandbox_schema() -> GraphQLSchema:
    return build_schema(SANDBOX_SCHEMA.read_text("utf-8"), assume_valid=True)


def graphql_outside_queries() -> Iterator[str]:
    for folder in ("plugin", "webhooks"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            if file.stem in QUERIES:
                continue
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                text = node.value if isinstance(node, ast.Constant) else None
                if isinstance(text, str) and LOOKS_LIKE_GRAPHQL.search(text):
                    yield f"{file.relative_to(ROOT)}:{node.lineno}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_valid_in_the_official_schema_and_uses_nothing_deprecated(name: str) -> None:
    assert complaints(admin_schema(), DOCUMENTS[name]) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_can_be_answered_by_the_sandbox(name: str) -> None:
    assert complaints(sandbox_schema(), DOCUMENTS[name]) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_named_like_its_constant_so_that_costs_and_errors_can_be_told_apart(name: str) -> None:
    operations = [each for each in parse(DOCUMENTS[name]).definitions if each.kind == "operation_definition"]
    assert [each.name.value for each in operations] == [name.title().replace("_", "")]


def test_there_is_no_graphql_outside_queries() -> None:
    assert list(graphql_outside_queries()) == []


def test_the_sandbox_speaks_a_subset_of_the_official_schema() -> None:
    official = admin_schema()
    own_types = [
        each
        for name, each in sandbox_schema().type_map.items()
        if not name.startswith("__") and not is_specified_scalar_type(each)
    ]
    assert [problem for each in own_types for problem in strays(each, official)] == []


def strays(ours: GraphQLNamedType, official: GraphQLSchema) -> Iterator[str]:
    """What a type of the sandbox has that Shopify's does not, or has otherwise."""
    theirs = official.type_map.get(ours.name)
    if type(theirs) is not type(ours):
        yield f"{ours.name}: Shopify has {'no such type' if theirs is None else type(theirs).__name__}"
    elif isinstance(ours, GraphQLEnumType) and isinstance(theirs, GraphQLEnumType):
        yield from (f"{ours.name}.{value}" for value in ours.values.keys() - theirs.values.keys())
    elif isinstance(ours, GraphQLUnionType) and isinstance(theirs, GraphQLUnionType):
        known = {each.name for each in theirs.types}
        yield from (f"{ours.name} = {each.name}" for each in ours.types if each.name not in known)
    elif isinstance(ours, GraphQLInputObjectType) and isinstance(theirs, GraphQLInputObjectType):
        yield from stray_inputs(ours, theirs)
    elif isinstance(ours, GraphQLObjectType | GraphQLInterfaceType):
        assert isinstance(theirs, GraphQLObjectType | GraphQLInterfaceType)
        yield from stray_fields(ours, theirs)


def stray_inputs(ours: GraphQLInputObjectType, theirs: GraphQLInputObjectType) -> Iterator[str]:
    for name, field in ours.fields.items():
        if name not in theirs.fields:
            yield f"{ours.name}.{name}: no such input field"
        elif str(field.type) != str(theirs.fields[name].type):
            yield f"{ours.name}.{name}: {field.type}, Shopify: {theirs.fields[name].type}"
    for name, field in theirs.fields.items():
        if name not in ours.fields and is_required_input_field(field):
            yield f"{ours.name}.{name}: Shopify requires it"


def stray_fields(
    ours: GraphQLObjectType | GraphQLInterfaceType, theirs: GraphQLObjectType | GraphQLInterfaceType
) -> Iterator[str]:
    known = {each.name for each in theirs.interfaces}
    yield from (f"{ours.name} implements {each.name}" for each in ours.interfaces if each.name not in known)
    for name, field in ours.fields.items():
        official = theirs.fields.get(name)
        if official is None:
            yield f"{ours.name}.{name}: no such field"
            continue
        if str(field.type) != str(official.type):
            yield f"{ours.name}.{name}: {field.type}, Shopify: {official.type}"
        for argument, value in field.args.items():
            if argument not in official.args:
                yield f"{ours.name}.{name}({argument}): no such argument"
            elif str(value.type) != str(official.args[argument].type):
                yield f"{ours.name}.{name}({argument}): {value.type}, Shopify: {official.args[argument].type}"
        for argument, value in official.args.items():
            if argument not in field.args and is_required_argument(value):
                yield f"{ours.name}.{name}({argument}): Shopify requires it"
