"""Where a text asserts: which statements and functions can fail, and which of them ever run."""
import ast

from identity import children, walk

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_FAILURES = {"AssertionError", "failureException"}
_FAILING_CALLS = {"fail", "failUnless", "failIf", "failUnlessEqual", "raises"}
_LEAVING_CALLS = {"exit", "quit", "_exit", "abort"}


def asserts_itself(node):
    """Whether an assertion is written anywhere inside of the node."""
    return any(map(_is_assertion, walk(node)))


def _is_assertion(node):
    if isinstance(node, ast.Assert):
        return True
    if isinstance(node, ast.Raise) and node.exc is not None:
        return _last_name(node.exc.func if isinstance(node.exc, ast.Call) else node.exc) in _FAILURES
    return isinstance(node, ast.Call) and _names_assertion(_last_name(node.func))


def _names_assertion(name):
    return name.startswith("assert") or name in _FAILING_CALLS


def _can_leave(node):
    """A statement that ends what runs it: a test can be written with `raise` and `exit` alone."""
    if isinstance(node, ast.Raise):
        return True
    return isinstance(node, ast.Call) and _last_name(node.func) in _LEAVING_CALLS


class Assertions:
    """The functions and methods of a text that assert, themselves or through one another."""

    def __init__(self, body):
        self._body = body
        self._mentions = None  # id of a function -> names in it
        self._own = {_is_assertion: set(), _can_leave: set()}  # ids of the functions that do it themselves
        self._names = {}  # names of those that do it, also through one another

    def can_fail(self, function):
        return self._asked(function, _is_assertion)

    def can_raise(self, function):
        return self._asked(function, _can_leave)

    def _asked(self, function, question):
        if self._mentions is None:
            self._look()
        return id(function) in self._own[question] or not self._names[question].isdisjoint(self._mentions[id(function)])

    def _look(self):
        """A function that mentions what asserts, or has it inside, is one that asserts."""
        self._mentions, mentioned_by = {}, {}
        names = {question: set(_assertions_by_another_name(self._body)) for question in self._own}
        for function, node in _placed(self._body):
            if isinstance(node, _FUNCTIONS):
                self._mentions[id(node)] = set()
            if function is None:
                continue
            for question, own in self._own.items():
                if question(node):
                    own.add(id(function))
                    names[question].add(function.name)
            name = node.name if isinstance(node, _FUNCTIONS) else _name(node)
            if name is not None:
                self._mentions[id(function)].add(name)
                mentioned_by.setdefault(name, set()).add(function.name)
        self._names = {question: _closure(found, mentioned_by) for question, found in names.items()}


def _placed(body):
    """(innermost function around it, node) for every node."""
    stack = [(None, node) for node in body]
    while stack:
        function, node = stack.pop()
        yield function, node
        inside = node if isinstance(node, _FUNCTIONS) else function
        stack.extend([(inside, child) for child in children(node)])


def _closure(names, mentioned_by):
    found, new = set(names), list(names)
    while new:
        for name in mentioned_by.get(new.pop(), ()):
            if name not in found:
                found.add(name)
                new.append(name)
    return found


def _assertions_by_another_name(body):
    for node in body:
        for alias in node.names if isinstance(node, ast.ImportFrom) else ():
            if alias.asname and _names_assertion(alias.name):
                yield alias.asname


def can_fail(body):
    """Whether statements at the margin assert when they are executed: True, None (they mention what does), or False.

    Calling a function that asserts is asserting; to hand it on, or to make a class of it, is not yet.
    """
    nodes = [inner for node in body for inner in walk(node)]
    asserts = any(map(_is_assertion, nodes))
    if not asserts and not any(map(_can_leave, nodes)):
        return False
    margin = [node for node in body if not isinstance(node, (*_FUNCTIONS, ast.ClassDef, ast.Import, ast.ImportFrom))]
    calling = _asserting_when_called([node for node in nodes if isinstance(node, ast.FunctionDef)])
    if any(_asserts_now(node, calling) for node in margin):
        return True
    executed = margin or any(isinstance(node, ast.ClassDef) or getattr(node, "decorator_list", []) for node in body)
    return None if executed and asserts else False


def _asserts_now(node, calling):
    for inner in own_scope(node):
        if _is_assertion(inner) or _can_leave(inner):
            return True
        if isinstance(inner, ast.Call) and _last_name(inner.func) in calling:
            return True
    return False


def _asserting_when_called(functions):
    """Names of functions and methods that assert when they are called. A coroutine or a generator does not."""
    asserting, called_by = set(), {}
    for function in filter(runs_when_called, functions):
        for item in function.body:
            for inner in own_scope(item):
                if _is_assertion(inner) or _can_leave(inner):
                    asserting.add(function.name)
                elif isinstance(inner, ast.Call):
                    called_by.setdefault(_last_name(inner.func), set()).add(function.name)
    return _closure(asserting, called_by)


def runs_when_called(function):
    """Whether a call executes the function's body: it is no coroutine and no generator."""
    if isinstance(function, ast.AsyncFunctionDef):
        return False
    generators = (ast.Yield, ast.YieldFrom)
    return not any(isinstance(inner, generators) for item in function.body for inner in own_scope(item))


def own_scope(node):
    """A statement's nodes without what only runs when a function in it is called."""
    stack = [node]
    while stack:
        inner = stack.pop()
        yield inner
        if isinstance(inner, _FUNCTIONS):
            stack.extend(inner.decorator_list)
            stack.extend(default for default in (*inner.args.defaults, *inner.args.kw_defaults) if default is not None)
        elif isinstance(inner, ast.Lambda):
            stack.extend(default for default in (*inner.args.defaults, *inner.args.kw_defaults) if default is not None)
        else:
            stack.extend(children(inner))


def _name(node):
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else None


def _last_name(node):
    return _name(node) or ""
