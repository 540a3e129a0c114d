"""What a text's syntax tree says about what its execution can leave behind in the interpreter.

`plain`: nothing that another cell could notice, so the text may share a process. It is a list of permissions: what is
not known to be harmless is not plain, and costs no more than a process of its own.
`reusable` (candidates): the module level only defines functions, classes and constants, so that it can be executed
once for many unit tests; otherwise it is executed again before each.
"""
import ast
import collections
import sys

# 3.9 does not say; then every other module is known by what has been imported.
_MODULE_NAMES = getattr(sys, "stdlib_module_names", None) or frozenset(sys.modules)

PLAIN_MODULES = frozenset(
    """__future__ abc array base64 binascii bisect cmath collections contextlib copy dataclasses datetime decimal
    difflib enum fractions functools hashlib heapq html io itertools json keyword math numbers operator pprint random
    re statistics string struct sys textwrap time typing unicodedata unittest zlib""".split()
)
_NOT_PLAIN_PARTS = {"unittest.mock", "unittest.async_case", "unittest.main", "unittest.runner"}

# Of `sys`, what only tells something, and the one setting that is put back after each cell.
_PLAIN_SYS = frozenset(
    "maxsize float_info int_info hash_info version version_info byteorder maxunicode setrecursionlimit "
    "getrecursionlimit getsizeof".split()
)
_NOT_PLAIN_NAMES = frozenset(
    "exec eval compile globals locals vars getattr setattr delattr __import__ __builtins__ __loader__ __spec__ open "
    "exit quit breakpoint help getcontext setcontext localcontext attrgetter methodcaller".split()
)
_PLAIN_UNITTEST = frozenset("TestCase skip skipIf skipUnless expectedFailure SkipTest".split())
# Attributes that lead to the interpreter's own state, whatever they are asked of.
_NOT_PLAIN_ATTRIBUTES = frozenset(
    "getcontext setcontext localcontext DefaultContext ExtendedContext BasicContext register f_back f_globals "
    "f_locals f_builtins tb_frame gi_frame cr_frame ag_frame _getframe modules mock main setfirstweekday "
    "addModuleCleanup addTypeEqualityFunc defaultTestLoader kwlist softkwlist open FileIO TextIOWrapper open_code "
    "detach reconfigure attrgetter methodcaller".split()
)


def _tables():
    """Names under which plain modules and their classes keep what can be changed in place, whoever holds it."""
    found = set()
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] not in PLAIN_MODULES or name == "sys":
            continue
        for owner in [module, *[value for value in vars(module).values() if isinstance(value, type)]]:
            found.update(key for key, value in vars(owner).items() if isinstance(value, _CONTAINERS) and key[:2] != "__")
    return frozenset(found)


_CONTAINERS = (dict, list, set, bytearray, collections.deque)
_NOT_PLAIN_TABLES = _tables()

# Modules from which no class comes that could be given attributes under another name.
_WITHOUT_CLASSES = frozenset("typing math itertools heapq bisect re sys cmath __future__".split())

# What may be imported as a whole; an unknown name is one of the candidate's.
_STARRED = frozenset("typing math itertools functools heapq bisect string operator solution".split())

_PLAIN_DUNDERS = frozenset(
    "__%s__" % name
    for name in """init new name doc class len str repr bool int float index hash eq ne lt le gt ge add radd iadd sub
    rsub isub mul rmul imul truediv floordiv mod pow neg pos abs and or xor invert lshift rshift contains iter next
    getitem setitem delitem call enter exit post_init slots main future version reversed round""".split()
)
_MUTATORS = frozenset(
    "append extend insert add update setdefault pop popitem remove discard clear sort reverse".split()
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_PLAIN_DECORATORS = ("staticmethod", "classmethod", "property")


class Traits:
    """What is known of one text."""

    def __init__(self, tree):
        self.quiet = True  # sets no attribute but of `self`: nothing that it could reach is anybody else's
        self.imports = set()  # top-level modules
        self.bound = set()  # names that imports bind
        self.modules = set()  # those of them that are modules
        self.of_typing = set()  # those of them that come from typing
        self.nodes = _by_type(tree)
        self._plain = ast.AsyncFunctionDef not in self.nodes
        for node in self.nodes.get(ast.Import, ()):
            self._import(node)
        for node in self.nodes.get(ast.ImportFrom, ()):
            self._import_from(node)
        if self.modules:
            # A module is asked for its attributes and nothing else: under another name nobody knows it.
            asked = {id(node.value) for node in self.nodes.get(ast.Attribute, ())}
            names = self.nodes.get(ast.Name, ())
            if any(node.id in self.modules and id(node) not in asked for node in names):
                self._plain = False
        for kind, check in _CHECKS.items():
            for node in self.nodes.get(kind, ()):
                if not check(self, node):
                    self._plain = False

    def plain(self, is_alias):
        """`is_alias(name)`: no installed module has this name, so that it stands for the candidate."""
        return self._plain and all(name in PLAIN_MODULES or is_alias(name) for name in self.imports)

    def _import(self, node):
        for alias in node.names:
            self.imports.add(alias.name.split(".")[0])
            self.bound.add(alias.asname or alias.name.split(".")[0])
            self.modules.add(alias.asname or alias.name.split(".")[0])
            if alias.name == "typing":
                self.of_typing.add(alias.asname or alias.name)
            if alias.name in _NOT_PLAIN_PARTS or (alias.name == "sys" and alias.asname):
                self._plain = False

    def _import_from(self, node):
        if node.level or not node.module:
            self._plain = False
            return
        self.imports.add(node.module.split(".")[0])
        for alias in node.names:
            self.bound.add(alias.asname or alias.name)
            if node.module == "typing":
                self.of_typing.add(alias.asname or alias.name)
            if node.module + "." + alias.name in _NOT_PLAIN_PARTS or node.module in _NOT_PLAIN_PARTS:
                self._plain = False
            if alias.name == "*" and node.module not in _STARRED:
                self._plain = False
            if node.module == "unittest" and alias.name not in _PLAIN_UNITTEST:
                self._plain = False
            if alias.name in _NOT_PLAIN_TABLES:
                self._plain = False
            if alias.name in _NOT_PLAIN_ATTRIBUTES or alias.name in _NOT_PLAIN_NAMES or (node.module == "sys" and alias.name not in _PLAIN_SYS):
                self._plain = False

    def _name(self, node):
        return not isinstance(node.ctx, ast.Load) or node.id not in _NOT_PLAIN_NAMES

    def _attribute(self, node):
        name = node.attr
        if name in _NOT_PLAIN_ATTRIBUTES or name in _NOT_PLAIN_TABLES or (name[:2] == "__" == name[-2:] and name not in _PLAIN_DUNDERS):
            return False
        if isinstance(node.value, ast.Name) and not self._of_module(node.value.id, name):
            return False
        return isinstance(node.ctx, ast.Load) or self._stores(node)

    def _of_module(self, module, name):
        """A module's own attribute, and no other module that it happens to know."""
        if module == "sys" and name not in _PLAIN_SYS or module == "unittest" and name not in _PLAIN_UNITTEST:
            return False
        return module not in self.modules or name in (module, "abc") or name not in _MODULE_NAMES

    def _subscript(self, node):
        return isinstance(node.ctx, ast.Load) or self._own(node)

    def _stores(self, node):
        """An attribute may be set of what has a name here, or of a part of it, but of no class from elsewhere."""
        root = _root(node)
        if not isinstance(root, ast.Name) or node.attr[:2] == "__":
            return False
        if not (isinstance(node.value, ast.Name) and root.id == "self"):
            self.quiet = False
            if not self.imports <= _WITHOUT_CLASSES or self._hands_typing_on():
                return False
        return self._own(node) and (isinstance(node.value, ast.Name) or root.id == "self")

    def _hands_typing_on(self):
        """Whether names of typing stand elsewhere than in annotations: what is set of them is set of other classes."""
        annotations = [node.returns for node in self.nodes.get(ast.FunctionDef, ()) if node.returns]
        annotations += [node.annotation for node in self.nodes.get(ast.arg, ()) if node.annotation]
        annotations += [node.annotation for node in self.nodes.get(ast.AnnAssign, ())]
        known = {id(inner) for annotation in annotations for inner in ast.walk(annotation)}
        names = [node.id for node in self.nodes.get(ast.Name, ()) if id(node) not in known]
        return "*" in self.of_typing or not self.of_typing.isdisjoint(names)

    def _call(self, node):
        """A method that changes its object may not be called on what was imported."""
        function = node.func
        return not (isinstance(function, ast.Attribute) and function.attr in _MUTATORS) or self._own(function)

    def _own(self, node):
        """Whether what is changed hangs on a name that this text made itself, or on a value that has none."""
        root = _root(node)
        return root is not None and (not isinstance(root, ast.Name) or root.id not in self.bound)

    def _function(self, node):
        return node.name != "__del__"


_CHECKS = {
    ast.Name: Traits._name,
    ast.Attribute: Traits._attribute,
    ast.Subscript: Traits._subscript,
    ast.Call: Traits._call,
    ast.FunctionDef: Traits._function,
}


def _by_type(tree):
    """All nodes of a tree, in lists by their type."""
    nodes = {}
    stack = [tree]
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind in nodes:
            nodes[kind].append(node)
        else:
            nodes[kind] = [node]
        for name in kind._fields:
            value = getattr(node, name, None)
            if type(value) is list:
                stack.extend([item for item in value if isinstance(item, ast.AST)])
            elif isinstance(value, ast.AST):
                stack.append(value)
    return nodes


def _root(node):
    """What an attribute or an item hangs on in the end; None if the way leads over a class."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        if isinstance(node, ast.Attribute) and node.attr == "__class__":
            return None
        node = node.value
    return node


def reusable(tree, nodes):
    """Whether nothing of a module can carry over from one use of it to the next. `nodes`: Traits.nodes."""
    if ast.Global in nodes or not all(map(_defines_only, tree.body)):
        return False
    defined = {node.name for node in tree.body if isinstance(node, (*_FUNCTIONS, ast.ClassDef))}
    defined.add("cls")
    stored = nodes.get(ast.Attribute, []) + nodes.get(ast.Subscript, [])
    return not any(_keeps(node, defined) for node in stored if not isinstance(node.ctx, ast.Load))


def _defines_only(node):
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.Pass)):
        return True
    if isinstance(node, _FUNCTIONS):
        return _is_stateless(node, ())
    if isinstance(node, ast.ClassDef):
        simple = all(isinstance(base, ast.Name) for base in node.bases)
        return simple and not node.decorator_list and not node.keywords and all(map(_is_member, node.body))
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return all(isinstance(target, ast.Name) for target in targets) and _is_constant(node.value)
    return isinstance(node, ast.If) and not node.orelse and _is_main_guard(node.test)


def _is_main_guard(test):
    if not (isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"):
        return False
    return isinstance(test.ops[0], ast.Eq) and isinstance(test.comparators[0], ast.Constant) and len(test.ops) == 1


def _is_member(node):
    if isinstance(node, ast.ClassDef):  # a class within a class is reached by an instance
        return False
    return _is_stateless(node, _PLAIN_DECORATORS) if isinstance(node, _FUNCTIONS) else _defines_only(node)


def _is_stateless(function, decorators):
    defaults = function.args.defaults + [default for default in function.args.kw_defaults if default is not None]
    decorated = [isinstance(one, ast.Name) and one.id in decorators for one in function.decorator_list]
    return all(decorated) and all(map(_is_constant, defaults))


def _is_constant(node):
    if node is None or isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.UnaryOp):
        return _is_constant(node.operand)
    if isinstance(node, ast.BinOp):
        return _is_constant(node.left) and _is_constant(node.right)
    return isinstance(node, ast.Tuple) and all(map(_is_constant, node.elts))


def _keeps(node, defined):
    """Whether what is stored could stay behind at the module level."""
    if isinstance(node, ast.Attribute):
        return not (isinstance(node.value, ast.Name) and node.value.id == "self")
    root = _root(node)
    return not isinstance(root, ast.Name) or root.id in defined
