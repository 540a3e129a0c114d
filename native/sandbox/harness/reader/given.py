"""Unit tests that were given, not generated: executed as they are, without their runner footer."""
import ast
import collections

import assertions
from cases import Suite
from extract import Dropped, is_runner, spliced
from identity import ParserLimit, Unparsable, parse, tree_identity, walk, without_mark
from mend import first_line


def unit_test(text):
    """One given text -> {code, identity, cases, idle}; a class without a case stays, with no cases. Raises Dropped."""
    text = without_mark(text)
    try:
        tree = parse(text)
    except Unparsable as error:
        raise Dropped("syntax_error", "%s (line %s)" % (error, error.line)) from None
    except ParserLimit as limit:
        raise Dropped("parser_limit", str(limit)) from None
    code = _without_footer(text, tree)
    if code is not text:
        tree = parse(code)
    return {"code": code, "identity": tree_identity("test", tree), **promised_cases(tree.body)}


def promised_cases(body):
    """{cases, idle}: the test methods that unittest will find, and those cases that cannot fail by what is written.

    ["assert"] for a module that asserts at its margin, or may, and has no test class.
    """
    suite = Suite(body)
    if suite.classes():
        return {"cases": suite.promised(), "idle": suite.idle()}
    asserts = assertions.can_fail(body)
    if asserts is False:
        return {"cases": [], "idle": []}
    return {"cases": ["assert"], "idle": [] if asserts else ["assert"]}


# Some texts do not import what their footer needs.
_MODULES = frozenset("unittest doctest pytest sys os".split())


def _imported(tree):
    statements = [node for node in walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    return {(alias.asname or alias.name).split(".")[0] for node in statements for alias in node.names}


def _ends(node):
    first = first_line(node)
    return (first,) if first == node.end_lineno else (first, node.end_lineno)


def _without_footer(text, tree):
    """The text without what runs the tests, and without what only hands the runner's result on."""
    footer, names = [], set()
    own = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
    imported = _imported(tree)
    own |= {"main"} - imported  # then it is the candidate's
    modules = imported | _MODULES
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
            continue
        uses = names and any(isinstance(inner, ast.Name) and inner.id in names for inner in walk(node))
        if uses or is_runner(node, own, modules):
            footer.append(node)
            names.update(n.id for n in walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    if not footer:
        return text
    # The parser took every kind of line end for one; so must the columns.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    taken = collections.Counter(line for node in tree.body for line in _ends(node))
    edits = [(node, "pass" if taken[first_line(node)] > 1 else "") for node in footer]
    return spliced(text, edits).rstrip() + "\n"
