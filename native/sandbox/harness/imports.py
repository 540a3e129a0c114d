"""Imports of a unit test: which of them name the solution by a module that a model made up."""
import ast
import importlib.machinery
import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
_known = {}


def is_known(module):
    """Whether the top-level module exists in this interpreter. Nothing is imported, and the harness is no module."""
    top = module.split(".")[0]
    if top not in _known:
        _known[top] = _exists(top)
    return _known[top]


def _exists(top):
    if top in sys.builtin_module_names or top in getattr(sys, "stdlib_module_names", ()) or top == "__future__":
        return True
    path = [entry for entry in sys.path if entry and os.path.abspath(entry) != _HERE]
    try:
        return importlib.machinery.PathFinder.find_spec(top, path) is not None
    except (ImportError, ValueError, OSError):
        return False


def rewritten(node, solution, used_as_module):
    """An import statement without what would import the solution: None if it stays, else its new statements.

    `solution`: the names that the candidate defines; they are in scope and never imported, whatever module is
    said to hold them. `from made_up import f as g` becomes `g = f`. `import made_up` stays where it is used as a
    module (`used_as_module` holds such names): the harness lets it stand for the candidate.
    """
    if isinstance(node, ast.ImportFrom):
        if node.level == 0 and is_known(node.module or ""):
            kept = [alias for alias in node.names if (alias.asname or alias.name) not in solution]
            if len(kept) == len(node.names):
                return None
            return ["from %s import %s" % (node.module, ", ".join(map(_written, kept)))] if kept else []
        renamed = [a for a in node.names if a.asname and a.asname != a.name and a.asname not in solution]
        return ["%s = %s" % (alias.asname, alias.name) for alias in renamed]
    kept = [alias for alias in node.names if _stays(alias, solution, used_as_module)]
    if len(kept) == len(node.names):
        return None
    return ["import " + ", ".join(map(_written, kept))] if kept else []


def _stays(alias, solution, used_as_module):
    bound = alias.asname or alias.name.split(".")[0]
    if is_known(alias.name):
        return bound not in solution
    return bound in used_as_module


def _written(alias):
    return alias.name + (" as " + alias.asname if alias.asname else "")


def module_uses(nodes):
    """Names used as `name.attribute` and never called: modules, as far as their use shows."""
    attributes, called = set(), set()
    for node in nodes:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name):
                attributes.add(inner.value.id)
            elif isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name):
                called.add(inner.func.id)
    return attributes - called
