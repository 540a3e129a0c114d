"""A second form of a unit test, for candidates that can make classes: every value that its text computes is looked at
(probes.py) before anything is done with it.

Most candidates cannot make one, and never meet this form.
"""
import ast

from instrument import HELPER, KEEPER, LINK, OBSERVER

LOOK = "__coderm_look__"
_MOST_CONSTANTS = 24
_TYPES = (int, float, str, bytes)
# Through these a value only passes; it was looked at before.
_PASSING = frozenset([OBSERVER, LINK, HELPER, KEEPER, "super"])
_LEFT_ALONE = frozenset(["self", "cls", "super", "__class__"])
_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def constants(tree):
    """Numbers and texts of the unit test, some of which are what it expects."""
    found = {}
    for node in ast.walk(tree):
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            number = node.operand.value
            value = -number if type(number) in (int, float) else None
        if type(value) in _TYPES and (type(value) in (int, float) or len(value) < 80):
            found[type(value), value] = value
    # What it expects stands more often at the end of a text than at its beginning.
    return tuple(found.values())[-_MOST_CONSTANTS:]


def look_everywhere(tree):
    """Changes the tree in place; it was instrumented before. May raise RecursionError."""
    _Looking().visit(tree)


def _looked_at(node):
    name = ast.copy_location(ast.Name(id=LOOK, ctx=ast.Load()), node)
    return ast.copy_location(ast.Call(func=name, args=[node], keywords=[]), node)


class _Looking(ast.NodeTransformer):
    """Leaves alone what is no value (targets, patterns, annotations) and what has a meaning by its form."""

    def _visit_all(self, nodes):
        nodes[:] = [self.visit(node) for node in nodes]

    def visit_FunctionDef(self, node):
        self.visit(node.args)
        self._visit_all(node.body)
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node):
        self._visit_all(node.body)
        return node

    def visit_arguments(self, node):
        self._visit_all(node.defaults)
        node.kw_defaults = [value and self.visit(value) for value in node.kw_defaults]
        return node

    def visit_AnnAssign(self, node):
        node.value = node.value and self.visit(node.value)
        return node

    def visit_ExceptHandler(self, node):
        self._visit_all(node.body)
        return node

    def visit_match_case(self, node):
        node.guard = node.guard and self.visit(node.guard)
        self._visit_all(node.body)
        return node

    def visit_TypeAlias(self, node):
        return node

    def visit_Expr(self, node):
        """Nobody does anything with what it gives."""
        if isinstance(node.value, ast.Call):
            self._parts_of_call(node.value)
        else:
            self.generic_visit(node)
        return node

    def visit_Call(self, node):
        self._parts_of_call(node)
        passes = isinstance(node.func, ast.Name) and node.func.id in _PASSING
        return node if passes else _looked_at(node)

    def _parts_of_call(self, node):
        """Not what is called: what it gives is looked at."""
        if isinstance(node.func, ast.Attribute):
            self.generic_visit(node.func)
        elif not isinstance(node.func, ast.Name):
            node.func = self.visit(node.func)
        self._visit_all(node.args)
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)

    def visit_Name(self, node):
        if not isinstance(node.ctx, ast.Load) or node.id in _LEFT_ALONE or node.id[:9] == "__coderm_":
            return node
        return _looked_at(node)

    def visit_Attribute(self, node):
        self.generic_visit(node)
        return _looked_at(node) if isinstance(node.ctx, ast.Load) else node

    visit_Subscript = visit_Attribute

    def visit_Compare(self, node):
        """What == and the like give comes from a call by now."""
        self.generic_visit(node)
        return _looked_at(node) if any(isinstance(one, _ORDER) for one in node.ops) else node

    def visit_BinOp(self, node):
        self.generic_visit(node)
        return _looked_at(node)

    visit_UnaryOp = visit_Await = visit_NamedExpr = visit_Yield = visit_YieldFrom = visit_BinOp
