"""Makes the syntax tree of a unit test ask the harness (checks.py) where a candidate could answer in its place.

What the text means stays; but its builtins are builtins whatever the candidate's names are, a comparison looks whether
an operand lies, and a method of the test case is the one that the class had when it was made. Changed in place: a copy
of the tree would cost as much as compiling it.
"""
import ast
import builtins
import unittest

OBSERVER = "__coderm_seen__"
LINK = "__coderm_link__"
CALL = "__coderm_call__"
HELPER = "__coderm_helper__"
KEEPER = "__coderm_keep__"
FAILED = "__coderm_failed__"
CLASS_OF = "__coderm_class_of__"
COMPARISONS = {
    ast.Eq: "__coderm_eq__",
    ast.NotEq: "__coderm_ne__",
    ast.In: "__coderm_in__",
    ast.NotIn: "__coderm_not_in__",
}

# Tests often replace the first three; super() is known to the compiler by its name.
_LEFT_ALONE = ("input", "print", "open", "super")
RENAMED = {
    name: "__coderm_" + name + "__" for name in vars(builtins) if name[0] != "_" and name not in _LEFT_ALONE
}
_OF_A_CASE = frozenset(
    name for name in dir(unittest.TestCase) if name.startswith(("assert", "fail")) and name != "failureException"
) | {"subTest", "skipTest", "addCleanup", "addTypeEqualityFunc", "setUp", "tearDown", "doCleanups"}
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_OPERANDS = (ast.Call, ast.Name)
# What binds names in newer versions: match statements, type parameters.
_NEWER = ("MatchAs", "MatchStar", "MatchMapping", "TypeVar", "ParamSpec", "TypeVarTuple")
_OTHERS = tuple(getattr(ast, name) for name in _NEWER if hasattr(ast, name))


def instrument(nodes, aliases):
    """`nodes`: Traits.nodes of a unit test; `aliases`: modules that stand for the candidate. Returns the names of the
    harness that the tree uses now."""
    used = set()
    for statement in nodes.get(ast.Assert, ()):
        statement.test = _or_failed(ast.fix_missing_locations(_instrumented(statement.test)))
        used.update((OBSERVER, LINK, FAILED))
    for statement in nodes.get(ast.Raise, ()):
        if _is_assertion_error(statement.exc):
            statement.exc = _or_failed(statement.exc, True)
            used.add(FAILED)
    bound = _bound(nodes)
    own = {inner.name for node in nodes.get(ast.ClassDef, ()) for inner in node.body if isinstance(inner, _DEFINITIONS)}
    for node in nodes.get(ast.Compare, ()):
        name = COMPARISONS.get(type(node.ops[0])) if len(node.ops) == 1 else None
        if name is not None and not (isinstance(node.left, ast.Constant) and isinstance(node.comparators[0], ast.Constant)):
            node.__class__ = ast.Call
            _call(node, name, [node.left, node.comparators[0]])
            used.add(name)
    for node in nodes.get(ast.Attribute, ()):
        if node.attr == "__class__" and isinstance(node.ctx, ast.Load):
            node.__class__ = ast.Call
            _call(node, CLASS_OF, [node.value])
            used.add(CLASS_OF)
    helpers = _helpers(nodes, bound)
    if helpers:
        used.update((HELPER, KEEPER))
    for node in nodes.get(ast.Call, ()):
        _guard(node, own, helpers, used)
    if _is_written_against_names(nodes, bound, aliases):
        for node in nodes.get(ast.Name, ()):
            if node.id in RENAMED and node.id not in bound:
                node.id = RENAMED[node.id]
                used.add(node.id)
    return tuple(used)


def _or_failed(node, before=False):
    """An assertion that fails tells the harness so, since somebody may catch what it raises; one that holds costs nothing."""
    name = ast.Name(id=FAILED, ctx=ast.Load())
    told = ast.Call(func=name, args=[], keywords=[])
    either = ast.BoolOp(op=ast.Or(), values=[told, node] if before else [node, told])
    for new in (name, told, either):
        ast.copy_location(new, node)
    return either


def _is_assertion_error(node):
    kind = node.func if isinstance(node, ast.Call) else node
    return isinstance(kind, ast.Name) and kind.id == "AssertionError"


def _call(node, name, arguments):
    node.func = ast.copy_location(ast.Name(id=name, ctx=ast.Load()), node)
    node.args, node.keywords = arguments, []


def _guard(node, own, helpers, used):
    """Calls of a method of the test case, and of functions of the text, go through the harness."""
    function = node.func
    if isinstance(function, ast.Attribute):
        of_self = isinstance(function.value, ast.Name) and function.value.id in ("self", "cls")
        if function.attr in _OF_A_CASE or of_self and function.attr in own and function.attr[:2] != "__":
            method = ast.copy_location(ast.Constant(value=function.attr, kind=None), function)
            node.args = [function.value, method, *node.args]
            node.func = ast.copy_location(ast.Name(id=CALL, ctx=ast.Load()), function)
            used.add(CALL)
    elif isinstance(function, ast.Name) and function.id in helpers:
        guard = ast.copy_location(ast.Name(id=HELPER, ctx=ast.Load()), function)
        node.func = ast.copy_location(ast.Call(func=guard, args=[function], keywords=[]), function)


def _helpers(nodes, bound):
    """Functions of the module that nothing else in the text has the name of; each is made known when it is made."""
    found = set()
    for node in nodes.get(ast.Module, [])[0].body:
        if isinstance(node, _DEFINITIONS) and bound[node.name] == 1:
            keeper = ast.copy_location(ast.Name(id=KEEPER, ctx=ast.Load()), node)
            node.decorator_list.insert(0, keeper)
            found.add(node.name)
    return found


def _bound(nodes):
    """How often the text itself binds a name, in whatever scope."""
    names = [node.id for node in nodes.get(ast.Name, ()) if not isinstance(node.ctx, ast.Load)]
    names += [node.arg for node in nodes.get(ast.arg, ())]
    for kind in (*_DEFINITIONS, ast.ClassDef, ast.ExceptHandler):
        names += [node.name for node in nodes.get(kind, ())]
    for kind in (ast.Import, ast.ImportFrom):
        names += [(a.asname or a.name).split(".")[0] for node in nodes.get(kind, ()) for a in node.names]
    for kind in (ast.Global, ast.Nonlocal):
        names += [name for node in nodes.get(kind, ()) for name in node.names]
    for kind in _OTHERS:
        names += [getattr(node, "name", None) or getattr(node, "rest", None) for node in nodes.get(kind, ())]
    counts = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return counts


def _is_written_against_names(nodes, bound, aliases):
    """Whether the text asks for what is neither its own nor a builtin: else a builtin's name is the candidate's."""
    for node in nodes.get(ast.ImportFrom, ()):
        if node.names[0].name == "*" and node.module not in aliases:
            return False  # that module may have a name of a builtin
    if aliases:
        return True
    return any(
        node.id not in bound and node.id[:2] != "__" and not hasattr(builtins, node.id)
        for node in nodes.get(ast.Name, ())
    )


def _instrumented(node):
    """Hands the operands of an assert statement through the observer."""
    if isinstance(node, ast.BoolOp):
        node.values = [_instrumented(value) for value in node.values]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        node.operand = _instrumented(node.operand)
    elif isinstance(node, ast.Compare):
        # Of a chain each operand is looked at by itself; `==` alone is asked for later.
        observer = LINK if len(node.ops) > 1 and any(type(op) in COMPARISONS for op in node.ops) else OBSERVER
        node.left = _observed(node.left, observer)
        node.comparators = [_observed(value, observer) for value in node.comparators]
    else:
        node = _observed(node)
    return node


def _observed(node, observer=OBSERVER):
    """Literals are the same for every candidate."""
    if not any(isinstance(inner, _OPERANDS) for inner in ast.walk(node)):
        return node
    call = ast.Call(func=ast.Name(id=observer, ctx=ast.Load()), args=[node], keywords=[])
    return ast.copy_location(call, node)
