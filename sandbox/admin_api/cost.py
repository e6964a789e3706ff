"""What a GraphQL call costs, and the leaky bucket it is paid from."""

from __future__ import annotations

import threading
import time
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_leaf_type,
)

MUTATION_COST = 10


class Bucket:
    """Points of one app in one shop."""

    def __init__(self, size: int, restore: int) -> None:
        self.size, self.restore = size, restore
        self.level, self.at = float(size), time.monotonic()
        self.lock = threading.Lock()

    def _fill(self) -> None:
        moment = time.monotonic()
        self.level = min(self.size, self.level + (moment - self.at) * self.restore)
        self.at = moment

    def take(self, points: int) -> bool:
        """Pay; False when there is not enough."""
        with self.lock:
            self._fill()
            if self.level < points:
                return False
            self.level -= points
            return True

    def give_back(self, points: int) -> None:
        """The difference between what was asked and what it really cost."""
        with self.lock:
            self.level = min(self.size, self.level + points)

    def status(self) -> dict[str, float]:
        """throttleStatus."""
        with self.lock:
            self._fill()
            return {
                "maximumAvailable": float(self.size),
                "currentlyAvailable": int(self.level),
                "restoreRate": float(self.restore),
            }


class Costing:
    """Requested cost of a document: leaf 0, object 1, a connection its size times what is in it."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: dict[str, Any]) -> None:
        self.schema, self.variables = schema, variables
        self.fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }

    def of(self, operation: OperationDefinitionNode) -> int:
        """Points of one operation."""
        mutation = operation.operation is OperationType.MUTATION
        root = self.schema.mutation_type if mutation else self.schema.query_type
        if mutation:
            return MUTATION_COST * len(operation.selection_set.selections)
        return max(1, round(self._selection(operation.selection_set, root)))

    def _selection(self, chosen: SelectionSetNode, parent: Any) -> float:
        total, branches = 0.0, [0.0]
        for one in chosen.selections:
            if isinstance(one, FieldNode):
                total += self._field(one, parent)
            elif isinstance(one, InlineFragmentNode):
                on = self.schema.type_map[one.type_condition.name.value] if one.type_condition else parent
                branches.append(self._selection(one.selection_set, on))
            elif isinstance(one, FragmentSpreadNode):
                found = self.fragments[one.name.value]
                on = self.schema.type_map[found.type_condition.name.value]
                branches.append(self._selection(found.selection_set, on))
        abstract = isinstance(parent, (GraphQLUnionType, GraphQLInterfaceType))
        return total + (max(branches) if abstract else sum(branches))

    def _field(self, field: FieldNode, parent: Any) -> float:
        if field.selection_set is None or not isinstance(parent, (GraphQLObjectType, GraphQLInterfaceType)):
            return 0
        named = get_named_type(parent.fields[field.name.value].type)
        if is_leaf_type(named):
            return 0
        inner = self._selection(field.selection_set, named)
        if named.name.endswith("Connection"):
            return 1 + self._size(field) * inner / 2
        if named.name.endswith(("Edge", "PageInfo", "MoneyBag", "MoneyV2")):
            return inner
        return 1 + inner

    def _size(self, field: FieldNode) -> int:
        for argument in field.arguments or ():
            if argument.name.value in ("first", "last"):
                if isinstance(argument.value, IntValueNode):
                    return int(argument.value.value)
                if isinstance(argument.value, VariableNode):
                    return int(self.variables.get(argument.value.name.value) or 1)
        return 1


def actual_cost(data: Any, requested: int) -> int:
    """Points for what was really returned, never more than asked."""
    return min(requested, max(1, _objects(data) // 2))


def _objects(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + sum(_objects(part) for part in value.values())
    return sum(_objects(part) for part in value) if isinstance(value, list) else 0
