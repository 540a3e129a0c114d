"""Tests that were written without a class, put into one."""
import ast
import textwrap

from assertions import asserts_itself
from identity import children, parse, walk
from mend import Piece

CLASS_NAME = "TestResponse"
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*_FUNCTIONS, ast.ClassDef, ast.Import, ast.ImportFrom)


def as_classes(found, entry_point):
    """The pieces with a test class added or made, where any of them tests something; else unchanged.

    In this order: plain classes with test methods become test cases; functions that assert and can be called are
    called by a method each; asserts at the margin become methods.
    """
    plain = [_as_test_class(piece) for piece in found]
    if any(new is not old for new, old in zip(plain, found)):
        return plain
    around = _Functions(found)
    calls = [call for piece in found for call in _calls(piece.node, around, entry_point)]
    if calls:
        return found + [_class([_method(name, [call]) for name, call in calls])]
    if any(asserts_itself(piece.node) for piece in found if not isinstance(piece.node, _DEFINITIONS)):
        return _statements_as_methods(found)
    return found


def _as_test_class(piece):
    """A class without bases and constructor that has test methods (as pytest takes them) as a TestCase."""
    node = piece.node
    if not isinstance(node, ast.ClassDef) or node.keywords or node.decorator_list:
        return piece
    if any(not (isinstance(base, ast.Name) and base.id == "object") for base in node.bases):
        return piece
    methods = [item for item in node.body if isinstance(item, _FUNCTIONS)]
    if any(method.name == "__init__" for method in methods) or not any(m.name.startswith("test") for m in methods):
        return piece
    lines = piece.text.split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith("class "))
    colon = lines[at].find(":")
    if colon < 0:
        return piece
    lines[at] = "class %s(unittest.TestCase)%s" % (node.name, lines[at][colon:])
    text = "\n".join(lines)
    return Piece(text, parse(text).body[0])


class _Functions:
    """The functions at the margin: which of them assert, and which name each other."""

    def __init__(self, found):
        functions = [piece.node for piece in found if isinstance(piece.node, _FUNCTIONS)]
        self._asserting = {node.name for node in functions if asserts_itself(node)}
        self._mentioned_by = {}  # name -> ids of the functions that mention it
        for node in functions:
            for inner in walk(node):
                if isinstance(inner, ast.Name):
                    self._mentioned_by.setdefault(inner.id, set()).add(id(node))

    def assert_in(self, node):
        names = {inner.id for inner in walk(node) if isinstance(inner, ast.Name)}
        return asserts_itself(node) or not names.isdisjoint(self._asserting)

    def mention(self, node):
        """Whether another one mentions this one."""
        return bool(self._mentioned_by.get(node.name, set()) - {id(node)})


def _calls(node, around, entry_point):
    """(method name, statement) for a function at the margin that asserts and can be called, at most one."""
    if not isinstance(node, ast.FunctionDef) or node.decorator_list or not around.assert_in(node):
        return
    arguments = node.args
    positional = arguments.posonlyargs + arguments.args
    required = len(positional) - len(arguments.defaults)
    if any(default is None for default in arguments.kw_defaults):
        return
    name = node.name if node.name.startswith("test") else "test_" + node.name
    if required == 0 and node.name.startswith("test"):
        yield name, node.name + "()"
    # HumanEval's own form: `def check(candidate)`.
    elif required == 1 and entry_point and positional[0].arg in ("candidate", "func", "function", "fn", "f"):
        yield name, "%s(%s)" % (node.name, entry_point)
    elif required == 0 and not around.mention(node):
        yield name, node.name + "()"


def asserts_inside(function):
    """Asserts that call the function whose body they stand in, as pieces: weak models write tests so."""
    if not isinstance(function, _FUNCTIONS):
        return []
    local = {inner.arg for inner in walk(function) if isinstance(inner, ast.arg)}
    local.update(n.id for n in walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    pieces = []
    for node in function.body:
        names = {inner.id for inner in walk(node) if isinstance(inner, ast.Name)}
        if isinstance(node, ast.Assert) and function.name in names and not names & local:
            pieces.append(Piece(ast.unparse(node), node))
    return pieces


def _statements_as_methods(found):
    """Asserts at the margin as one method each, or as one method in all where they share variables."""
    inside = [piece for piece in found if not isinstance(piece.node, _DEFINITIONS) and not _prints(piece.node)]
    kept = [piece for piece in found if isinstance(piece.node, _DEFINITIONS)]
    if all(asserts_itself(piece.node) for piece in inside) and not any(map(_stores, inside)):
        methods = [_method("test_%d" % number, [_on_any_line(p)]) for number, p in enumerate(inside, 1)]
    else:
        stored = sorted({name for piece in inside for name in _stores(piece)})
        # Functions of the response look these names up at the margin.
        shared = ["global " + ", ".join(stored)] if stored and any(isinstance(p.node, _FUNCTIONS) for p in kept) else []
        methods = [_method("test_all", shared + [_on_any_line(piece) for piece in inside])]
    return kept + [_class(methods)]


def _prints(node):
    call = node.value if isinstance(node, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print"


def _stores(piece):
    """Names bound at the margin; those of comprehensions and functions are their own."""
    names, stack = set(), [piece.node]
    scopes = (*_FUNCTIONS, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        stack.extend(child for child in children(node) if not isinstance(child, scopes))
    return names


def _on_any_line(piece):
    """The statement's text, safe to indent: text inside of a string of several lines must not move."""
    for inner in walk(piece.node):
        several = getattr(inner, "end_lineno", None) != getattr(inner, "lineno", None)
        if several and (isinstance(inner, ast.JoinedStr) or isinstance(getattr(inner, "value", None), (str, bytes))):
            return ast.unparse(piece.node)
    return piece.text


def _method(name, statements):
    return textwrap.indent("def %s(self):\n%s" % (name, textwrap.indent("\n".join(statements), "    ")), "    ")


def _class(methods):
    text = "class %s(unittest.TestCase):\n%s" % (CLASS_NAME, "\n\n".join(methods))
    return Piece(text, parse(text).body[0])
