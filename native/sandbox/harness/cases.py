"""The test cases that a module's syntax tree promises, and whether any of them can fail."""
import ast

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Case:
    """One test method as `unittest` would find it. `function` is None where a name was assigned instead."""

    def __init__(self, class_name, method, function):
        self.name = class_name + "." + method
        self.class_name = class_name
        self.function = function


class Suite:
    """The test case classes among a module's statements."""

    def __init__(self, body):
        self.body = list(flattened(body))
        self._imported = _imported_names(self.body)
        # Of two classes with one name the later one is in force.
        self._classes = {node.name: node for node in self.body if isinstance(node, ast.ClassDef)}

    def classes(self):
        return [node for node in self._classes.values() if self.is_test_class(node)]

    def is_test_class(self, node):
        return any(
            self._imported.get(_dotted(base), _dotted(base)).endswith("TestCase")
            for ancestor in self._lineage(node)
            for base in ancestor.bases
            if _dotted(base) not in self._classes
        )

    def _lineage(self, node):
        """The class and its ancestors in this module, in the order in which Python looks names up (nearly)."""
        lineage, stack = [], [node]
        while stack:
            node = stack.pop()
            if node not in lineage:
                lineage.append(node)
                local = [self._classes[name] for name in map(_dotted, node.bases) if name in self._classes]
                stack.extend(reversed(local))
        return lineage

    def cases(self):
        """Own and inherited test methods of every test class, classes and methods in source order."""
        return [case for node in self.classes() for case in self._cases_of(node)]

    def _cases_of(self, node):
        members = {}
        for ancestor in self._lineage(node):
            for name, member in _own_members(ancestor).items():
                members.setdefault(name, member)
        return [
            Case(node.name, name, member)
            for name, member in members.items()
            if name.startswith("test") and member is not _NOT_CALLABLE
        ]

    def failing(self):
        """The cases that can fail: they assert, call something here that does, or their set-up does."""
        asserting = _asserting_names(self.body)
        kept = []
        for case in self.cases():
            around = [
                item
                for node in self._lineage(self._classes[case.class_name])
                for item in node.body
                if isinstance(item, _FUNCTIONS) and item.name in _AROUND_A_CASE
            ]
            functions = around + ([case.function] if case.function is not None else [])
            if case.function is None or any(_can_fail(function, asserting) for function in functions):
                kept.append(case)
        return kept


_NOT_CALLABLE = object()
_AROUND_A_CASE = {"setUp", "tearDown", "asyncSetUp", "asyncTearDown", "setUpClass", "tearDownClass"}


def _own_members(node):
    """name -> function, None (callable, but not by a `def`) or _NOT_CALLABLE."""
    members = {}
    for item in flattened(node.body):
        if isinstance(item, _FUNCTIONS):
            decorators = {_dotted(d) for d in item.decorator_list}
            members[item.name] = _NOT_CALLABLE if "property" in decorators else item
        elif isinstance(item, (ast.Assign, ast.AnnAssign)) and item.value is not None:
            for target in item.targets if isinstance(item, ast.Assign) else [item.target]:
                if isinstance(target, ast.Name):
                    members[target.id] = _assigned(item.value, members)
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


def asserts_itself(node):
    """Whether an assertion is written anywhere inside of the node."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Assert):
            return True
        if isinstance(inner, ast.Raise) and inner.exc is not None:
            if _last_name(inner.exc.func if isinstance(inner.exc, ast.Call) else inner.exc) in _FAILURES:
                return True
        if isinstance(inner, ast.Call):
            name = _last_name(inner.func)
            if name.startswith("assert") or name in _FAILING_CALLS:
                return True
    return False


_FAILURES = {"AssertionError", "failureException"}
_FAILING_CALLS = {"fail", "failUnless", "failIf", "failUnlessEqual", "raises"}


def _can_fail(function, asserting):
    return asserts_itself(function) or any(name in asserting for name in _mentioned(function))


def _asserting_names(body):
    """Names of functions and methods that assert, themselves or through one another."""
    functions = [inner for node in body for inner in ast.walk(node) if isinstance(inner, _FUNCTIONS)]
    asserting = {function.name for function in functions if asserts_itself(function)}
    mentions = [(function.name, set(_mentioned(function))) for function in functions]
    grown = True
    while grown:
        grown = False
        for name, mentioned in mentions:
            if name not in asserting and mentioned & asserting:
                asserting.add(name)
                grown = True
    return asserting


def _mentioned(node):
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            yield inner.id
        elif isinstance(inner, ast.Attribute):
            yield inner.attr


def _assigned(value, members):
    """What a name in a class body stands for: another member, something callable, or a constant."""
    if isinstance(value, ast.Lambda):
        return None
    if isinstance(value, ast.Name):
        return members.get(value.id, _NOT_CALLABLE)
    return _NOT_CALLABLE


def _imported_names(body):
    """Local name -> dotted name of what was imported under it."""
    names = {}
    for node in body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                names[alias.asname or alias.name] = "%s.%s" % (node.module, alias.name)
    return names


def _dotted(node):
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "")
    return ".".join(reversed(parts))


def _last_name(node):
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
