"""Unit tests that were given, not generated: executed as they are, without their runner footer."""
import ast

from cases import Suite, asserts_itself, flattened
from extract import Dropped, is_runner, spliced, unique
from identity import ParserLimit, Unparsable, identity, parse
from mend import first_line


def unit_test(text):
    """One given text -> {code, identity, cases}; a class without a case stays, with no cases. Raises Dropped."""
    try:
        tree = parse(text)
    except Unparsable as error:
        raise Dropped("syntax_error", "%s (line %s)" % (error, error.line)) from None
    except ParserLimit as limit:
        raise Dropped("parser_limit", str(limit)) from None
    code = _without_footer(text, tree)
    return {"code": code, "identity": identity("test", code), "cases": promised_cases(parse(code).body)}


def promised_cases(body):
    """Names of the test methods; ["assert"] for a module that asserts at its margin and has no test class."""
    suite = Suite(body)
    cases = unique(case.name for case in suite.cases())
    if cases or suite.classes():
        return cases
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    asserts = any(asserts_itself(node) for node in flattened(body) if not isinstance(node, definitions))
    return ["assert"] if asserts else []


def _without_footer(text, tree):
    """The text without what runs the tests, and without what only hands the runner's result on."""
    footer, names = [], set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
            continue
        used = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
        if is_runner(node) or used & names:
            footer.append(node)
            names.update(n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    if not footer:
        return text
    # The parser took every kind of line end for one; so must the columns.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    taken = [line for node in tree.body for line in range(first_line(node), node.end_lineno + 1)]
    edits = [(node, "pass" if taken.count(first_line(node)) > 1 else "") for node in footer]
    return spliced(text, edits).rstrip() + "\n"
