"""One call of the GraphQL API: parsed once, paid for, executed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLScalarType,
    GraphQLSchema,
    OperationType,
    build_schema,
    execute,
    parse,
)
from graphql import validate as check_document
from graphql.utilities import get_operation_ast

from sandbox.admin_api import bulk_queries
from sandbox.admin_api.cost import Bucket, Costing, actual_cost
from sandbox.admin_api.links import resolve
from sandbox.admin_api.resolvers import Root
from sandbox.options import PLANS, Options
from sandbox.state import Record, Shop, parse_time

MAX_COST = 1000


def _moment(value: Any) -> str:
    """A DateTime from outside: checked, kept as text."""
    try:
        parse_time(str(value))
    except ValueError as error:
        raise GraphQLError(f"invalid DateTime '{value}'") from error
    return str(value)


@lru_cache(maxsize=1)
def schema() -> GraphQLSchema:
    """The SDL beside this file."""
    built = build_schema((Path(__file__).parent / "schema.graphql").read_text("utf-8"))
    moment = built.type_map["DateTime"]
    if isinstance(moment, GraphQLScalarType):
        setattr(moment, "parse_value", _moment)  # noqa: B010 (graphql-core wants it assigned; mypy calls a method fixed)
    return built


@lru_cache(maxsize=500)
def _prepared(text: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    try:
        document = parse(text)
    except GraphQLError as error:
        return None, (error,)
    return document, tuple(check_document(schema(), document))


class Calls:
    """The API of all shops, with a bucket for each; `collecting` hears of each bulk query and how long it takes."""

    def __init__(self, options: Options, strikes: Callable[[str], bool]) -> None:
        self.options, self.strikes = options, strikes
        self.collecting: Callable[[Shop, Record, float], None] = lambda _shop, _bulk, _seconds: None
        self.buckets: dict[str, Bucket] = {}

    def bucket(self, shop: Shop) -> Bucket:
        """The bucket of the app in a shop."""
        size, restore = self.options.bucket or PLANS.get(shop.settings["plan"], PLANS["standard"])
        return self.buckets.setdefault(shop.domain, Bucket(size, restore))

    def call(self, shop: Shop, asked: Any, force_throttle: bool = False) -> dict[str, Any]:
        """The JSON answer to a JSON body."""
        text = asked.get("query") if isinstance(asked, dict) else None
        if not isinstance(text, str):
            return {"errors": [{"message": "No GraphQL query", "extensions": {"code": "BAD_REQUEST"}}]}
        variables = asked.get("variables") or {}
        document, errors = _prepared(text)
        if document is None or errors:
            return {"errors": [_formatted(error) for error in errors]}
        operation = get_operation_ast(document, asked.get("operationName"))
        if operation is None:
            return {"errors": [{"message": "An operation name is required"}]}
        cost = Costing(schema(), document, variables).of(operation)
        bucket = self.bucket(shop)
        if cost > MAX_COST:
            text = f"Query cost is {cost}, which exceeds the single query max cost limit ({MAX_COST})."
            return {"errors": [{"message": text, "extensions": {"code": "MAX_COST_EXCEEDED", "cost": cost}}]}
        if force_throttle or not bucket.take(cost):
            return _throttled(bucket, cost)
        return self._execute(shop, document, variables, asked.get("operationName"), bucket, cost)

    def bulk_lines(self, shop: Shop, one: Record) -> Iterator[bytes]:
        """What a bulk query found."""
        return bulk_queries.lines(
            schema(), Root(shop, self.options, self.strikes, self.collecting).table(), resolve, shop, one
        )

    def _execute(self, shop: Shop, document: DocumentNode, variables: Any, name: str | None, bucket: Bucket,
                 cost: int) -> dict[str, Any]:  # fmt: skip
        root = Root(shop, self.options, self.strikes, self.collecting).table()
        result: Any = execute(schema(), document, root, shop, variables, name, field_resolver=resolve)
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = [_formatted(error) for error in result.errors]
        operation = get_operation_ast(document, name)
        mutation = operation is not None and operation.operation is OperationType.MUTATION
        actual = cost if mutation else actual_cost(result.data, cost)
        bucket.give_back(cost - actual)
        answer["extensions"] = {
            "cost": {"requestedQueryCost": cost, "actualQueryCost": actual, "throttleStatus": bucket.status()}
        }
        return answer


def _throttled(bucket: Bucket, cost: int) -> dict[str, Any]:
    return {
        "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
        "extensions": {
            "cost": {"requestedQueryCost": cost, "actualQueryCost": None, "throttleStatus": bucket.status()}
        },
    }


def _formatted(error: GraphQLError) -> dict[str, Any]:
    shown = dict(error.formatted)
    if error.original_error and not isinstance(error.original_error, GraphQLError):
        shown = {
            "message": f"Internal error. Looks like something went wrong on our end. Request ID: {uuid.uuid4()}",
            "extensions": {"code": "INTERNAL_SERVER_ERROR", "cause": repr(error.original_error)},
        }
    return shown
