"""What of the library a text can change: by its syntax tree, as the names of attributes that it sets.

For a candidate that sets none, and has no other way to, nothing is pictured and nothing compared (library.py).
"""
import ast
import re
import sys

from harmless import PLAIN_DUNDERS, PLAIN_MODULES, TEXT_DUNDERS
from identity import without_mark
from imports import is_standard
from tree import by_type, is_dunder, root_of

ANYTHING = frozenset("*")  # in whatever way: the text has means that nobody can follow

_BUILTINS = frozenset("setattr delattr vars globals locals exec eval compile __import__ breakpoint".split())
# With these a text reaches names, frames and dictionaries, or has others set attributes for it.
_MODULES = frozenset(
    "importlib builtins ctypes gc inspect pickle marshal shelve copyreg mock types runpy code codeop pdb bdb pkgutil imp "
    "zipimport cProfile profile trace site pydoc timeit doctest".split()
)
_ATTRIBUTES = frozenset(
    "mock patch modules f_globals f_locals f_builtins f_back tb_frame gi_frame cr_frame ag_frame cell_contents attrgetter "
    "methodcaller setitem delitem update_wrapper settrace setprofile monitoring _dispatch _copy_dispatch _deepcopy_dispatch dispatch_table "
    "meta_path path_hooks path_importer_cache get_type_hints ForwardRef get_field vformat".split()
)
_DECORATORS = frozenset("wraps dataclass total_ordering singledispatchmethod".split())  # they set attributes of what they decorate
_DUNDERS = PLAIN_DUNDERS | TEXT_DUNDERS | {"__class__", "__name__", "__qualname__", "__doc__", "__file__", "__init__", "__module__"}
# A unit test that has one of these names in texts what it sets.
# Names that everybody gives to packages: a unit test that uses one without an import means the package.
NICKNAMES = frozenset("np pd plt pytest numpy pandas scipy torch sympy".split())
# The standard library's modules by which a test means the module: whose names nobody gives to a function that is called.
_ASSUMED = NICKNAMES | (frozenset(getattr(sys, "stdlib_module_names", ())) or frozenset(sys.builtin_module_names) | PLAIN_MODULES)
_BY_NAME = ("patch", "mock", "setattr", "delattr", "__dict__", "vars", "globals", "modules", "exec", "eval", "Attr")


def means(nodes, known):
    """None: the text changes nothing of the library. ANYTHING, or else the names of the attributes that it sets.

    `nodes`: Traits.nodes; `known(module)`: whether a top-level module is one of Python's own.
    """
    imported = _imported(nodes)
    if imported is None or not all(map(known, (module for module, _ in imported.values()))):
        return ANYTHING
    if any(module in _MODULES or name in _ATTRIBUTES or name[:1] == "_" or (module, name) == ("sys", "path") for module, name in imported.values()):
        return ANYTHING
    decorators = {id(inner) for kind in _DEFINITIONS for node in nodes.get(kind, ()) for one in node.decorator_list for inner in ast.walk(one)}
    setters = {bound for bound, (_, name) in imported.items() if name in _DECORATORS} | _DECORATORS
    for node in nodes.get(ast.Name, ()):
        if node.id in _BUILTINS or node.id in setters and id(node) not in decorators:
            return ANYTHING
        if is_dunder(node.id) and node.id not in _DUNDERS:
            return ANYTHING
    calls = nodes.get(ast.Call, ())
    called = {id(node.func) for node in calls}
    if any(map(_is_found_by_name, calls)) or any(n.id == "getattr" and id(n) not in called for n in nodes.get(ast.Name, ())):
        return ANYTHING
    if any(_is_strange(node, imported, decorators) for node in nodes.get(ast.Attribute, ())):
        return ANYTHING
    for node in nodes.get(ast.Subscript, ()):
        if not isinstance(node.ctx, ast.Load) and getattr(root_of(node), "id", None) in imported:
            return ANYTHING
    return frozenset(_set_names(nodes)) or None


def of_test(text):
    """(names of what a unit test's own text may change while it runs, what it imports); ANYTHING where it loads modules
    anew. Asked for only where a candidate can change something: most tests never are."""
    try:
        nodes = by_type(ast.parse(without_mark(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ANYTHING, ()
    return _explained(text, nodes), reached(nodes, is_standard)


def _explained(text, nodes):
    if "reload" in text:
        return ANYTHING
    names = set(_set_names(nodes))
    if any(word in text for word in _BY_NAME):
        texts = [node.value for node in nodes.get(ast.Constant, ()) if isinstance(node.value, str)]
        names.update(word for text in texts for word in _words(text))
        names.update(node.arg for node in nodes.get(ast.keyword, ()) if node.arg)
    return frozenset(names)


def reached(nodes, known):
    """What imports of Python's own modules ask for: ((module, (name, ...)), ...)."""
    found = [(alias.name, ()) for node in nodes.get(ast.Import, ()) for alias in node.names]
    for node in nodes.get(ast.ImportFrom, ()):
        if node.module and not node.level:
            found.append((node.module, tuple(alias.name for alias in node.names if alias.name != "*")))
    return tuple((module, names) for module, names in found if known(module.split(".")[0]))


def assumed_modules(nodes):
    """Modules that a unit test uses without an import: ((module, (attribute, ...)), ...), of those names that it only
    asks for attributes."""
    uses = [node for node in nodes.get(ast.Attribute, ()) if type(node.value) is ast.Name and node.value.id in _ASSUMED]
    if not uses:
        return ()
    found, asked = {}, {id(node.value) for node in uses}
    for node in uses:
        found.setdefault(node.value.id, set()).add(node.attr)
    others = [node.id for node in nodes.get(ast.Name, ()) if id(node) not in asked]
    for kind in (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler):
        others += [node.name for node in nodes.get(kind, ())]
    others += [node.arg for node in nodes.get(ast.arg, ())]
    for kind in (ast.Import, ast.ImportFrom):
        others += [(one.asname or one.name).split(".")[0] for node in nodes.get(kind, ()) for one in node.names]
    return tuple((name, tuple(found[name])) for name in sorted(found.keys() - set(others)))


def uses_mock(nodes):
    """Whether a candidate has a value of unittest.mock, such as one that is equal to everything: not where it only
    imports it."""
    imported = _imported(nodes)
    if imported is None:
        return True
    bound = {name for name, origin in imported.items() if "mock" in origin}
    bound |= {alias.asname or alias.name.split(".")[0] for node in nodes.get(ast.Import, ()) for alias in node.names if "mock" in alias.name}
    bound |= {alias.asname or alias.name for node in nodes.get(ast.ImportFrom, ()) for alias in node.names if "mock" in str(node.module)}
    read = {node.id for node in nodes.get(ast.Name, ())}
    texts = [node.value for node in nodes.get(ast.Constant, ()) if isinstance(node.value, str)]
    return (
        not read.isdisjoint(bound - {"unittest"})
        or any(node.attr == "mock" for node in nodes.get(ast.Attribute, ()))
        or any(text == "mock" or "unittest.mock" in text for text in texts)
        or not read.isdisjoint(_BUILTINS)
    )


_words = re.compile(r"[^\W\d]\w*").findall


def _set_names(nodes):
    return [node.attr for node in nodes.get(ast.Attribute, ()) if not isinstance(node.ctx, ast.Load)]


def _is_found_by_name(node):
    """A call of getattr() for what nobody can tell."""
    if not (isinstance(node.func, ast.Name) and node.func.id == "getattr"):
        return False
    name = node.args[1] if len(node.args) > 1 else None
    return not (isinstance(name, ast.Constant) and type(name.value) is str and name.value[:1] != "_")


def _is_strange(node, imported, decorators):
    name = node.attr
    if name == "path" and imported.get(getattr(node.value, "id", None)) != ("os", "os"):
        return True  # of sys: what is imported comes from there
    if name in _ATTRIBUTES or name in _DECORATORS and id(node) not in decorators:
        return True
    if is_dunder(name):
        return name not in _DUNDERS or not isinstance(node.ctx, ast.Load)
    return name[:1] == "_" and getattr(root_of(node), "id", None) in imported


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _imported(nodes):
    """Names that imports bind: (top-level module, name there); None where the text does not say which."""
    found = {}
    for node in nodes.get(ast.Import, ()):
        for alias in node.names:
            found[alias.asname or alias.name.split(".")[0]] = (alias.name.split(".")[0], alias.name.rpartition(".")[2])
    for node in nodes.get(ast.ImportFrom, ()):
        for alias in node.names:
            if alias.name == "*" or node.level or not node.module:
                return None
            found[alias.asname or alias.name] = (node.module.split(".")[0], alias.name)
    return found
