"""Imports of a unit test: which of them name the solution by a module that a model made up."""
import ast
import importlib.machinery
import os
import sys

from identity import walk
from packages import PACKAGES

_HARNESS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
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
    path = [entry for entry in sys.path if entry and os.path.dirname(os.path.abspath(entry)) != _HARNESS]
    try:
        return importlib.machinery.PathFinder.find_spec(top, path) is not None
    except (ImportError, ValueError, OSError):
        return False


def is_standard(top):
    """Whether Python itself has the top-level module, or has it in another version, where no candidate is called so."""
    if top in _STANDARD or top in _OF_OTHER_VERSIONS:
        return True
    if hasattr(sys, "stdlib_module_names"):
        return False
    if top not in _standard:  # Python 3.9
        spec = importlib.machinery.PathFinder.find_spec(top, [_FOLDER, os.path.join(_FOLDER, "lib-dynload")])
        _standard[top] = spec is not None and spec.loader is not None
    return _standard[top]


_standard = {}
_FOLDER = os.path.dirname(os.path.abspath(os.__file__))
_STANDARD = frozenset(sys.builtin_module_names) | frozenset(getattr(sys, "stdlib_module_names", ())) | {"__future__"}
_OF_OTHER_VERSIONS = frozenset(
    "aifc annotationlib asynchat asyncore audioop cgi cgitb distutils graphlib imghdr imp lib2to3 mailcap msilib msvcrt nis "
    "nntplib ossaudiodev smtpd sndhdr spwd sunau telnetlib tomllib uu winreg winsound xdrlib zoneinfo".split()
)


def is_nobodys(top):
    """Whether the top-level module, where nobody has it, is missing: it never stands for the candidate."""
    return top in PACKAGES or is_standard(top)


def wanted(tree, modules):
    """What a unit test asks of modules that nobody has: ((module, (name, ...) or None), ...).

    None: the text does not say, and the module is taken for the candidate. Of an import that may fail, since the text
    catches the error, names are always asked for, if only none. What never stands for a candidate is left out, but for
    an import of it that nothing is made of.
    """
    attributes, values = {}, set()
    asked = {id(node.value) for node in walk(tree) if isinstance(node, ast.Attribute)}
    for node in walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            attributes.setdefault(node.value.id, set()).add(node.attr)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in asked:
            values.add(node.id)
    guarded = _guarded_imports(tree)
    names, unsaid = {module: set() for module in modules}, set()
    may_fail = set(modules)
    for node in walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").split(".")[0] in names:
            module = node.module.split(".")[0]
            names[module].update(alias.name for alias in node.names)
            if any(alias.name == "*" for alias in node.names):
                unsaid.add(module)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                module, bound = alias.name.split(".")[0], alias.asname or alias.name.split(".")[0]
                if module in names:
                    names[module].update(attributes.get(bound, ()))
                    if bound in values and id(node) not in guarded:
                        unsaid.add(module)
        else:
            continue
        if id(node) not in guarded:
            may_fail -= {module for module in names if module in _tops(node)}
    unasked = {module for module in modules if not names[module] and module not in may_fail}
    return tuple(
        (module, None if module in unsaid or module in unasked else tuple(sorted(names[module])))
        for module in modules
        if not is_nobodys(module) or module in unasked - unsaid
    )


def _tops(node):
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").split(".")[0]}
    return {alias.name.split(".")[0] for alias in node.names}


_CAUGHT = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}


def _guarded_imports(tree):
    """ids of the imports whose failure the text catches."""
    found = set()
    for node in walk(tree):
        if isinstance(node, ast.Try):
            caught = [handler.type for handler in node.handlers]
            guards = any(one is None or not _CAUGHT.isdisjoint(_named(one)) for one in caught)
        elif isinstance(node, ast.With):
            guards = any(not _CAUGHT.isdisjoint(_named(item.context_expr)) for item in node.items)
        else:
            continue
        if guards:
            found.update(id(inner) for statement in node.body for inner in walk(statement))
    return found


def _named(node):
    return {getattr(inner, "id", getattr(inner, "attr", None)) for inner in walk(node)}


def rewritten(node, solution, used, used_as_module):
    """An import statement without what would import the solution: None if it stays, else its new statements.

    `solution`: the names that the candidate defines; they are in scope and never imported, whatever module is
    said to hold them. `from made_up import f as g` becomes `g = f`. Another name that the test uses (`used`) stays: the
    candidate may have it too, and if not, the package is missing and the run says so. `import made_up` stays where it is
    used as a module (`used_as_module` holds such names): the harness lets it stand for the candidate. Of a package that
    never does, every name that the test uses is the package's own.
    """
    if isinstance(node, ast.ImportFrom):
        if node.level == 0 and is_known(node.module or ""):
            kept = [alias for alias in node.names if (alias.asname or alias.name) not in solution]
            if len(kept) == len(node.names):
                return None
            return ["from %s import %s" % (node.module, ", ".join(map(_written, kept)))] if kept else []
        if node.level == 0 and is_nobodys((node.module or "").split(".")[0]):
            kept = [alias for alias in node.names if alias.name != "*" and (alias.asname or alias.name) in used]
            if len(kept) == len(node.names) and solution:
                return None
            return ["from %s import %s" % (node.module, ", ".join(map(_written, kept)))] if kept and solution else []
        others = [alias for alias in node.names if solution and not node.level and _is_another(alias, solution, used)]
        kept = set(map(id, others))
        renamed = [
            alias
            for alias in node.names
            if alias.asname and alias.asname != alias.name and alias.asname not in solution and id(alias) not in kept
        ]
        lines = ["from %s import %s" % (node.module, ", ".join(map(_written, others)))] if others else []
        lines += ["%s = %s" % (alias.asname, alias.name) for alias in renamed]
        return None if len(others) == len(node.names) else lines
    kept = [alias for alias in node.names if _stays(alias, solution, used_as_module)]
    if len(kept) == len(node.names):
        return None
    return ["import " + ", ".join(map(_written, kept))] if kept else []


def _is_another(alias, solution, used):
    return alias.name != "*" and alias.name not in solution and (alias.asname or alias.name) in used


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
        for inner in walk(node):
            if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name):
                attributes.add(inner.value.id)
            elif isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name):
                called.add(inner.func.id)
    return attributes - called


def names_read(nodes):
    """Names that statements read."""
    return {
        inner.id
        for node in nodes
        for inner in walk(node)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load)
    }
