"""The test cases that a module's syntax tree promises, and whether any of them can fail.

What unittest will find is only known for certain where a class is written at the margin and nothing in the text could
take it, or a method of it, away again. `Suite.cases()` has what may be found, `Suite.promised()` what must be.
"""
import ast
import collections

from assertions import Assertions, own_scope, runs_when_called
from identity import ParserLimit, walk

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_MOST_CASES = 20_000  # of one text, inherited ones counted in each class: a chain of n classes can have n * n


class Case:
    """One test method as `unittest` would find it. `function` is None where a name was assigned instead."""

    def __init__(self, class_name, method, function):
        self.name = class_name + "." + method
        self.class_name = class_name
        self.function = function


class _Members:
    """What a class has, its own and what it inherits within the module."""

    def __init__(self):
        self.is_test = False
        self.plain = True  # of unittest's own kind, which does not await
        self.tests = {}  # name -> function, None (callable, but not by a `def`) or _NOT_CALLABLE
        self.owners = {}  # name of a test -> the class that writes it
        self.around = []  # functions that run before or after each case
        self.odd = False  # it says itself how its cases run


class Suite:
    """The test case classes among a module's statements."""

    def __init__(self, body):
        self.margin = list(body)
        self.body = list(flattened(body))
        self._imported = _imported_names(self.body)
        # Of two classes with one name the later one is in force.
        self._classes = {node.name: node for node in self.body if isinstance(node, ast.ClassDef)}
        self._assertions = Assertions(self.margin)
        self._failing = None
        self._known = {}  # id of a class -> its members
        self._inherited = 0

    def classes(self):
        return [node for node in self._classes.values() if self.is_test_class(node)]

    def is_test_class(self, node):
        return self._members(node).is_test

    def cases(self):
        """Own and inherited test methods of every test class, classes and methods in source order."""
        return [case for node in self.classes() for case in self.cases_of(node)]

    def cases_of(self, node):
        """The cases that a class has, or would have in the place of another one of its name."""
        members = self._members(node)
        if not members.is_test:
            return []
        return [
            Case(node.name, name, member) for name, member in members.tests.items() if member is not _NOT_CALLABLE
        ]

    def failing(self):
        """The cases that can fail: they assert, call something here that does, or their set-up does."""
        if self._failing is None:
            self._failing = self._those_that(self._assertions.can_fail)
        return self._failing

    def idle(self):
        """Names of the cases that pass whatever they are given, unless it raises."""
        active = {case.name for case in self.failing()}
        if all(case.name in active for case in self.cases()):
            return []
        active.update(case.name for case in self._those_that(self._assertions.can_raise))
        return unique(case.name for case in self.cases() if case.name not in active)

    def promised(self):
        """Names of the cases that unittest finds whatever the candidate is."""
        sure, taken = _certain(self.margin, self._classes, self._imported)
        written = {name: set(_written_tests(self._classes[name])) - taken for name in sure}
        found = []
        for node in self.classes():
            members = self._members(node)
            if node.name not in sure or members.odd:
                continue
            found.extend(
                node.name + "." + name
                for name, owner in members.owners.items()
                if name in written.get(owner.name, ()) and members.tests[name] is not _NOT_CALLABLE
            )
        return unique(found)

    def lineage(self, class_name):
        """The class of this name, and those above it in this module."""
        found, stack = {}, [self._classes[class_name]]
        while stack:
            node = stack.pop()
            if id(node) not in found:
                found[id(node)] = node
                stack.extend([self._classes[name] for name in map(dotted, node.bases) if name in self._classes])
        return list(found.values())

    def _those_that(self, can):
        kept, around, runs = [], {}, {}  # by function: those of a base are asked for in every class below it
        for node in self.classes():
            members = self._members(node)
            for function in members.around:
                if id(function) not in around:
                    around[id(function)] = can(function)
            always = any(around[id(function)] for function in members.around)
            for case in self.cases_of(node):
                key = id(case.function), members.plain
                if key not in runs:
                    runs[key] = case.function is None or _runs(case.function, members)
                if case.function is None or runs[key] and (always or can(case.function)):
                    kept.append(case)
        return kept

    def _members(self, node):
        """What a class has, from the classes above it down; with a stack of its own, for a chain can be long."""
        stack = [node]
        while stack:
            top = stack[-1]
            if id(top) not in self._known:
                self._known[id(top)] = None  # under way: of classes in a circle one has the others
                stack.extend(self._local_bases(top))
                continue
            stack.pop()
            if self._known[id(top)] is None:
                self._known[id(top)] = self._merged(top)
        return self._known[id(node)] or _Members()

    def _local_bases(self, node):
        local = [self._classes[name] for name in map(dotted, node.bases) if name in self._classes]
        return [base for base in local if self._known.get(id(base), self) is self]

    def _merged(self, node):
        members, own = _Members(), _own_members(node)
        members.tests = {name: member for name, member in own.items() if name.startswith("test")}
        members.around = [own[name] for name in own if name in _AROUND_A_CASE and isinstance(own[name], _FUNCTIONS)]
        members.odd = not _MACHINERY.isdisjoint(own)
        inherited = []
        for base in node.bases:
            name = dotted(base)
            if name in self._classes:
                above = self._known.get(id(self._classes[name]))
                if above is not None:  # it may be this class itself, or in a circle with it
                    inherited.append(above)
                continue
            resolved = self._resolved(name)
            members.is_test |= resolved.endswith("TestCase")
            members.plain &= resolved in _NOT_AWAITING
        if not members.tests and isinstance(own.get("runTest"), _FUNCTIONS) and not any(one.tests for one in inherited):
            members.tests = {"runTest": own["runTest"]}
        members.owners = dict.fromkeys(members.tests, node)
        for above in inherited:
            self._inherit(members, above)
        return members

    def _inherit(self, members, above):
        self._inherited += len(above.tests) + len(above.around)
        if self._inherited > _MOST_CASES:
            raise ParserLimit("more than %d test cases" % _MOST_CASES)
        members.is_test |= above.is_test
        members.plain &= above.plain
        members.odd |= above.odd
        members.around.extend(above.around)
        for name, member in above.tests.items():
            if name not in members.tests:
                members.tests[name], members.owners[name] = member, above.owners[name]

    def _resolved(self, name):
        head, dot, rest = name.partition(".")
        return self._imported.get(name) or self._imported.get(head, head) + dot + rest


_NOT_CALLABLE = object()
_AROUND_A_CASE = {"setUp", "tearDown", "asyncSetUp", "asyncTearDown", "setUpClass", "tearDownClass"}
_NOT_AWAITING = {"TestCase", "unittest.TestCase", "unittest.case.TestCase", "object"}
# What a class can say itself of how its cases run.
_MACHINERY = {"run", "__call__", "__init__", "_callTestMethod", "countTestCases", "debug", "defaultTestResult"}
# Names by which a text reaches classes and their members without writing them.
_OPEN = frozenset(
    "globals locals vars exec eval setattr delattr __dict__ __init_subclass__ __new__ __set_name__ __prepare__ "
    "__bases__ __class__ load_tests modules _getframe".split()
)
_KEEPING = {"skip", "skipIf", "skipUnless", "expectedFailure", "patch", "patch.object", "patch.dict", "patch.multiple"}
_KEEPING_CLASS = {"skip", "skipIf", "skipUnless"}


def _runs(function, members):
    """Whether unittest does more with what a test function returns than to look whether it is None."""
    if function.decorator_list and not all(map(_keeps, function.decorator_list)):
        return True
    return runs_when_called(function) or (isinstance(function, ast.AsyncFunctionDef) and not members.plain)


def _keeps(decorator, known=_KEEPING):
    name = dotted(decorator.func if isinstance(decorator, ast.Call) else decorator)
    for module in ("unittest.", "mock."):
        name = name[len(module):] if name.startswith(module) else name
    return name in known


def _certain(margin, classes, imported):
    """(names of the classes that are there when the module has been executed, names that may be taken off a class)."""
    bound, taken, known = collections.Counter(), set(), {*classes, *imported}
    for node in margin:
        for inner in walk(node):
            if isinstance(inner, ast.Global):
                bound.update(inner.names)
            elif isinstance(inner, ast.Attribute) and not isinstance(inner.ctx, ast.Load):
                taken.add(inner.attr)
            if getattr(inner, "id", getattr(inner, "attr", getattr(inner, "name", None))) in _OPEN:
                return set(), taken
        for inner in own_scope(node):
            if isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load):
                bound[inner.id] += 1
            elif isinstance(inner, (*_FUNCTIONS, ast.ClassDef)):
                bound[inner.name] += 1
            elif isinstance(inner, ast.alias):
                bound[inner.asname or inner.name.split(".")[0]] += 1
                known.add(inner.asname or inner.name.split(".")[0])
    written = {id(node) for node in margin}
    sure = {
        name
        for name, node in classes.items()
        if id(node) in written and bound[name] == 1 and not node.keywords
        if all(_keeps(decorator, _KEEPING_CLASS) for decorator in node.decorator_list)
    }
    # A base that the text has made itself, such as by a call, can be of any kind.
    heads = {name: [dotted(base).split(".")[0] for base in classes[name].bases] for name in sure}
    sure = {name for name in sure if all(head and (bound[head] == 0 or head in known) for head in heads[name])}
    return sure, taken


def _written_tests(node):
    """Names that a class body binds to a function once and for all."""
    counts = collections.Counter()
    for item in node.body:
        for inner in own_scope(item):
            if isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load):
                counts[inner.id] += 1
            elif isinstance(inner, _FUNCTIONS):
                counts[inner.name] += 1
    for item in node.body:
        if isinstance(item, _FUNCTIONS) and all(map(_keeps, item.decorator_list)):
            names = [item.name]
        elif isinstance(item, ast.Assign):
            names = [target.id for target in item.targets if isinstance(target, ast.Name)]
        else:
            names = []
        yield from (name for name in names if counts[name] == 1)


def _own_members(node):
    """name -> function, None (callable, but not by a `def`) or _NOT_CALLABLE."""
    members = {}
    for item in flattened(node.body):
        if isinstance(item, _FUNCTIONS):
            decorators = {dotted(d) for d in item.decorator_list}
            members[item.name] = _NOT_CALLABLE if "property" in decorators else item
        elif isinstance(item, (ast.Assign, ast.AnnAssign)) and item.value is not None:
            for target in item.targets if isinstance(item, ast.Assign) else [item.target]:
                if isinstance(target, ast.Name):
                    members[target.id] = _assigned(item.value, members)
        elif isinstance(item, ast.Delete):
            for target in item.targets:
                members.pop(getattr(target, "id", None), None)
    return members


def flattened(body):
    """The statements of a body, those under `if`, `try` and `with` included."""
    stack = list(reversed(body))
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, (ast.If, ast.With)) or type(node).__name__ in ("Try", "TryStar"):
            inner = list(node.body)
            for handler in getattr(node, "handlers", []):
                inner.extend(handler.body)
            inner.extend(getattr(node, "orelse", []))
            inner.extend(getattr(node, "finalbody", []))
            stack.extend(reversed(inner))


def unique(names):
    return list(dict.fromkeys(names))


def _assigned(value, members):
    """What a name in a class body stands for: another member, something callable, or a constant."""
    if isinstance(value, ast.Lambda):
        return None
    if isinstance(value, ast.Name):
        return members.get(value.id, _NOT_CALLABLE)
    return _NOT_CALLABLE


def _imported_names(body):
    """Local name -> dotted name of what was imported, or given a second name, under it."""
    names = {}
    for node in body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                names[alias.asname or alias.name] = "%s.%s" % (node.module, alias.name)
        elif isinstance(node, ast.Import):
            names.update((alias.asname, alias.name) for alias in node.names if alias.asname)
        elif isinstance(node, ast.Assign) and isinstance(node.value, (ast.Name, ast.Attribute)):
            name = names.get(dotted(node.value), dotted(node.value))
            if name.endswith("TestCase"):
                names.update((target.id, name) for target in node.targets if isinstance(target, ast.Name))
    return names


def dotted(node):
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "")
    return ".".join(reversed(parts))
