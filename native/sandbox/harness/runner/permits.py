"""What a unit test's own text permits to happen while it runs, as words that the prepared text carries with it.

"skip T.test_a" and "fail T.test_a": the text itself may skip the case, or expects it to fail. "skip setUpClass" and the
like: so may this fixture. Other words stand for themselves: the text mentions them. What nobody wrote into the unit
test, a candidate does not bring about.
"""
import ast

from cases import Suite
from identity import ParserLimit

_SKIPPING = frozenset("skip skipIf skipUnless skipTest SkipTest importorskip __unittest_skip__".split())
_EXPECTING = frozenset(["expectedFailure", "__unittest_expecting_failure__"])
_FIXTURES = ("setUpModule", "tearDownModule", "setUpClass", "tearDownClass")
_AROUND = frozenset("setUp tearDown asyncSetUp asyncTearDown setUpClass setUpModule".split())
_MENTIONED = ("addTypeEqualityFunc", "ANY", "mock", "context", "__main__.")
_TRACING = frozenset("settrace setprofile".split())
_TRACERS = frozenset("doctest cProfile profile trace pdb bdb".split())  # modules
TRACES = _TRACING | _TRACERS  # where the unit test's own text has one of these, it may trace
_OWN_MODULES = ("path", "modules", "import_module", "ModuleType")  # it may import what it has made itself
# An assertion that fails may be meant to.
_CATCHING = frozenset("suppress Thread ThreadPoolExecutor expectedFailure __exit__ __aexit__ raises fails failureException".split())
_RAISING = ("assertRaises", "failUnlessRaises")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def permits(text, tree, nodes):
    """`nodes`: tree.by_type of it."""
    found = {word for word in _MENTIONED if word in text}
    words = _words(nodes)
    if any(kind in nodes for kind in _TRIES) or not _CATCHING.isdisjoint(words) or any(word.startswith(_RAISING) for word in words):
        found.add("catches")
    found |= words & _TRACING
    found |= _TRACERS & {alias.name.split(".")[0] for alias in nodes.get(ast.alias, ())}
    found |= _TRACERS & {(node.module or "").split(".")[0] for node in nodes.get(ast.ImportFrom, ())}
    if any(word in text for word in _OWN_MODULES):
        found.add("path")
    try:
        if "skip" in text or "Skip" in text:
            found.update("skip " + name for name in _granted(tree, _SKIPPING))
        if "xpect" in text:
            found.update("fail " + name for name in _granted(tree, _EXPECTING))
    except ParserLimit:  # of so many cases none is granted anything
        pass
    return frozenset(found)


_TRIES = [getattr(ast, name) for name in ("Try", "TryStar") if hasattr(ast, name)]


def _words(nodes):
    """Names that the text uses, asks for, imports or defines."""
    words = {node.id for node in nodes.get(ast.Name, ())} | {node.attr for node in nodes.get(ast.Attribute, ())}
    words.update(node.name for kind in _DEFINITIONS for node in nodes.get(kind, ()))
    words.update(alias.name for alias in nodes.get(ast.alias, ()))
    return words


def _granted(tree, words):
    """Cases and fixtures whose own text has one of the words, or a name that leads to one."""
    leading = _leading(tree, words)
    suite = Suite(tree.body)
    module_wide = any(name in leading for name in ("setUpModule", "__unittest_skip__"))
    names = [name for name in _FIXTURES if name in leading]
    known = {}  # by the id of a part: a class above is asked for in every class below it

    def leads(part):
        if id(part) not in known:
            known[id(part)] = not leading.isdisjoint(_mentions(part))
        return known[id(part)]

    for case in suite.cases():
        lineage = suite.lineage(case.class_name)
        parts = [decorator for node in lineage for decorator in node.decorator_list]
        parts += [item for node in lineage for item in node.body if _is_around(item)]
        parts += [case.function] if case.function is not None else lineage
        if module_wide or any(map(leads, parts)):
            names.append(case.name)
    return names


def _is_around(item):
    """Set-up and the like; and what is assigned in the class body, such as an attribute that skips it."""
    return not isinstance(item, _DEFINITIONS) or item.name in _AROUND


def _leading(tree, words):
    """The words, and what the text defines that mentions one of them, itself or through one another."""
    mentions = []
    for node in ast.walk(tree):
        if isinstance(node, _DEFINITIONS[:2]):
            mentions.append(({node.name}, _mentions(node)))
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {inner.id for target in targets for inner in ast.walk(target) if isinstance(inner, ast.Name)}
            names |= {inner.attr for target in targets for inner in ast.walk(target) if isinstance(inner, ast.Attribute)}
            mentions.append((names, _mentions(node.value)))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            mentions += [({alias.asname}, {alias.name}) for alias in node.names if alias.asname]
    leading, grown = set(words), True
    while grown:
        grown = False
        for names, mentioned in mentions:
            if not names <= leading and mentioned & leading:
                leading |= names
                grown = True
    return leading


def _mentions(node):
    found = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            found.add(inner.id)
        elif isinstance(inner, ast.Attribute):
            found.add(inner.attr)
    return found
