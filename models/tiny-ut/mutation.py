"""Wrong variants: operators on syntax trees, fixed here for all families alike.

Each operator changes one place. Whether a variant is wrong at all is found by executing it, not assumed here.
Loops without a bound are not among the codes, so no operator makes one.
"""
import ast
import copy

COMPARISONS = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq, ast.GtE), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}
OPERATIONS = {
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Add,), ast.FloorDiv: (ast.Mod,), ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
}
CALLS = {
    "max": ("min",), "min": ("max",), "sum": ("max", "len"), "any": ("all",), "all": ("any",), "sorted": ("list",),
    "len": ("sum", "max"), "set": ("list",), "reversed": ("list",),
}
METHODS = {
    "upper": ("lower",), "capitalize": ("upper",), "startswith": ("endswith",), "endswith": ("startswith",),
    "isdigit": ("isalpha",), "isalpha": ("isdigit",), "strip": ("lstrip", "rstrip"), "count": ("index",), "find": ("rfind",),
}


def compared(node):
    if isinstance(node, ast.Compare):
        for other in COMPARISONS.get(type(node.ops[0]), ()):
            yield lambda n, other=other: n.ops.__setitem__(0, other())


def calculated(node):
    if isinstance(node, (ast.BinOp, ast.AugAssign)):
        for other in OPERATIONS.get(type(node.op), ()):
            yield lambda n, other=other: setattr(n, "op", other())


def off_by_one(node):
    if isinstance(node, ast.Constant) and type(node.value) is int:
        for step in (1, -1):
            yield lambda n, step=step: setattr(n, "value", n.value + step)


def other_constant(node):
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        yield lambda n: setattr(n, "value", not n.value)
    if isinstance(node, ast.Constant) and type(node.value) is str and len(node.value) > 1:
        yield lambda n: setattr(n, "value", n.value[:-1])


def other_call(node):
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
        for other in CALLS.get(node.func.id, ()):
            yield lambda n, other=other: setattr(n.func, "id", other)
    if isinstance(node, ast.Attribute):
        for other in METHODS.get(node.attr, ()):
            yield lambda n, other=other: setattr(n, "attr", other)


def negated(node):
    if isinstance(node, (ast.If, ast.IfExp)):
        yield lambda n: setattr(n, "test", ast.UnaryOp(ast.Not(), n.test))
    if isinstance(node, ast.BoolOp):
        yield lambda n: setattr(n, "op", ast.Or() if isinstance(n.op, ast.And) else ast.And())


def slice_lost(node):
    if isinstance(node, ast.Slice):
        for part in ("lower", "upper", "step"):
            if getattr(node, part) is not None:
                yield lambda n, part=part: setattr(n, part, None)


def filter_lost(node):
    if isinstance(node, ast.comprehension) and node.ifs:
        yield lambda n: n.ifs.clear()


def statement_lost(node):
    body = getattr(node, "body", None)
    if isinstance(body, list) and len(body) > 1:
        for at, statement in enumerate(body):
            if isinstance(statement, (ast.Expr, ast.AugAssign, ast.If)):
                yield lambda n, at=at: n.body.pop(at)


def returned_early(node):
    """The function returns from within its loop, after the first round."""
    if isinstance(node, ast.FunctionDef) and isinstance(node.body[-1], ast.Return):
        for at, statement in enumerate(node.body):
            if isinstance(statement, ast.For):
                yield lambda n, at=at: n.body[at].body.append(copy.deepcopy(n.body[-1]))


def part_skipped(node):
    """A loop that leaves out the first or the last element."""
    if isinstance(node, ast.For) and isinstance(node.iter, ast.Name):
        for part in ("[1:]", "[:-1]"):
            yield lambda n, part=part: setattr(n, "iter", ast.parse(n.iter.id + part, mode="eval").body)


def special_case(node):
    """A wrong answer for one kind of input: an empty one, or a first argument that is large."""
    if isinstance(node, ast.FunctionDef):
        first = node.args.args[0].arg
        for test, value in (("not %s", "None"), ("not %s", first), ("%s and len(str(%s)) > 9", first)):
            text = "if %s:\n    return %s" % (test.replace("%s", first), value)
            yield lambda n, text=text: n.body.insert(0, ast.parse(text).body[0])


OPERATORS = (
    compared, calculated, off_by_one, other_constant, other_call, negated, slice_lost, filter_lost, statement_lost,
    returned_early, part_skipped, special_case,
)


def input_returned(node):
    """The first argument comes back as it was."""
    if isinstance(node, ast.FunctionDef):
        first = node.args.args[0].arg
        yield lambda n: n.body.__setitem__(-1, ast.Return(ast.Name(first, ast.Load())))


def special_size(node):
    """A wrong answer for short or for long first arguments."""
    if isinstance(node, ast.FunctionDef):
        first = node.args.args[0].arg
        for test, value in (("len(str(%s)) > 6", "None"), ("len(str(%s)) > 4", first), ("len(str(%s)) < 5", "None")):
            text = "if %s:\n    return %s" % (test % first, value)
            yield lambda n, text=text: n.body.insert(0, ast.parse(text).body[0])


# What wrong candidates are made with: a case that a problem's inputs never meet makes no wrong one.
OF_CANDIDATES = tuple(one for one in OPERATORS if one is not special_case) + (input_returned, special_size)


def mutations(tree, operators):
    """(operator, place, change) of all variants that one operator gives, in a fixed order."""
    for operator in operators:
        for place, node in enumerate(ast.walk(tree)):
            for change in operator(node):
                yield operator.__name__, place, change


def mutant(random, tree, operators=OPERATORS):
    """(a changed copy of the tree, the operator's name). Operators are drawn first, so that none is crowded out."""
    found = list(mutations(tree, operators))
    operator = random.choice(sorted({name for name, _, _ in found}))
    name, place, change = random.choice([one for one in found if one[0] == operator])
    changed = copy.deepcopy(tree)
    change(list(ast.walk(changed))[place])
    return ast.fix_missing_locations(changed), name
