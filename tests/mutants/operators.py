"""Small faults, one at a time: what each operator makes of a node of the syntax tree.

A fault of a name is found without a test and makes no mutant. Neither do annotations, sentences (they are for people,
and other tests read them), messages of errors and logs, and options that only make things faster or stricter.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

Edit = tuple[str, ast.AST]
"""The operator's name, and the node that takes the place of the one it was given."""
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
}
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
LONGEST_KEY = 40


def edits(node: ast.AST) -> Iterator[Edit]:
    """Every fault that can be made at this node, always in the same order."""
    maker = _MAKERS.get(type(node))
    if maker is not None:
        yield from maker(node)


def _constant(node: ast.Constant) -> Iterator[Edit]:
    value = node.value
    if isinstance(value, bool):
        yield "const-bool", ast.Constant(not value)
    elif isinstance(value, int):
        yield "const+1", ast.Constant(value + 1)
        yield "const-1", ast.Constant(value - 1)
    elif isinstance(value, str) and _is_key(value):
        yield "string", ast.Constant(value + "X")


def _is_key(text: str) -> bool:
    """Whether a text is for the machine, a single word or sign; sentences and parts of them are not."""
    return 0 < len(text) <= LONGEST_KEY and " " not in text and "{" not in text


def _binary(node: ast.BinOp) -> Iterator[Edit]:
    other = ARITHMETIC.get(type(node.op))
    if other is not None:
        yield "arith", ast.BinOp(node.left, other(), node.right)


def _boolean(node: ast.BoolOp) -> Iterator[Edit]:
    yield "bool", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for place in range(len(node.values)):
        rest = node.values[:place] + node.values[place + 1 :]
        yield "drop-operand", rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _compare(node: ast.Compare) -> Iterator[Edit]:
    for place, operator in enumerate(node.ops):
        changed = [*node.ops]
        changed[place] = COMPARISONS[type(operator)]()
        yield "compare", ast.Compare(node.left, changed, node.comparators)


def _unary(node: ast.UnaryOp) -> Iterator[Edit]:
    if isinstance(node.op, ast.Not):
        yield "drop-not", node.operand
    elif isinstance(node.op, ast.USub):
        yield "drop-minus", node.operand


def _choice(node: ast.IfExp) -> Iterator[Edit]:
    yield "branch", node.body
    yield "branch", node.orelse


def _if(node: ast.If) -> Iterator[Edit]:
    yield "if-false", ast.If(ast.Constant(False), node.body, node.orelse)
    yield "if-true", ast.If(ast.Constant(True), node.body, node.orelse)


def _comprehension(node: ast.comprehension) -> Iterator[Edit]:
    for place in range(len(node.ifs)):
        rest = node.ifs[:place] + node.ifs[place + 1 :]
        yield "drop-filter", ast.comprehension(node.target, node.iter, rest, node.is_async)


def _call(node: ast.Call) -> Iterator[Edit]:
    if isinstance(node.func, ast.Name) and node.func.id in ("min", "max"):
        other = "max" if node.func.id == "min" else "min"
        yield "min-max", ast.Call(ast.Name(other, ast.Load()), node.args, node.keywords)
    elif len(node.args) > 1 and not any(isinstance(each, ast.Starred) for each in node.args[:2]):
        first, second, *rest = node.args
        if ast.dump(first) != ast.dump(second):
            yield "swap-args", ast.Call(node.func, [second, first, *rest], node.keywords)


def _statement(node: ast.Expr) -> Iterator[Edit]:
    if isinstance(node.value, ast.Call):
        yield "drop-stmt", ast.Pass()


def _added(node: ast.AugAssign) -> Iterator[Edit]:
    yield "drop-stmt", ast.Pass()


_MAKERS = {
    ast.Constant: _constant,
    ast.BinOp: _binary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.UnaryOp: _unary,
    ast.IfExp: _choice,
    ast.If: _if,
    ast.comprehension: _comprehension,
    ast.Call: _call,
    ast.Expr: _statement,
    ast.AugAssign: _added,
}
