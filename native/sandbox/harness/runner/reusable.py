"""Which candidates can be executed once for many unit tests: those whose module level only defines functions, classes and
constants, none of which keeps anything. Otherwise they are executed again before each."""
import ast
import builtins

from tree import is_main_guard, root_of

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DECORATORS = frozenset({"staticmethod", "classmethod", "property"})
# Their instances are new, and their classes keep nothing. Not so those of Enum, whose members are made with the class.
_BASES = frozenset({"object", "list", "dict", "set", "tuple", "int", "float", "str"}) | {
    name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
}


def reusable(tree, nodes):
    """Whether nothing of a plain module can carry over from one use of it to the next. `nodes`: tree.by_type."""
    if ast.Global in nodes:
        return False
    names = _Names(nodes)
    if not all(names.only_define(node) for node in tree.body):
        return False
    stored = nodes.get(ast.Attribute, []) + nodes.get(ast.Subscript, [])
    return not any(names.keep(node) for node in stored if not isinstance(node.ctx, ast.Load))


class _Names:
    """What the names of a module stand for."""

    def __init__(self, nodes):
        classes = nodes.get(ast.ClassDef, [])
        functions = [node for kind in _FUNCTIONS for node in nodes.get(kind, [])]
        self.defined = {node.name for node in [*classes, *functions]} | {"cls"}
        if not classes:
            return  # then nothing below is asked for
        stored = {node.id for node in nodes.get(ast.Name, []) if not isinstance(node.ctx, ast.Load)}
        aliases = {alias.asname or alias.name.split(".")[0] for alias in nodes.get(ast.alias, [])}
        other = stored | aliases | {node.name for node in functions}
        self.classes = {node.name for node in classes} - other
        self.decorators = _DECORATORS - other - self.classes
        self.bases = (_BASES - other) | self.classes

    def only_define(self, node):
        """Whether a statement of the module or of a class does nothing else, and the same each time."""
        if isinstance(node, (ast.Import, ast.ImportFrom, ast.Pass)):
            return True
        if isinstance(node, _FUNCTIONS):
            return self._is_stateless(node, frozenset())
        if isinstance(node, ast.ClassDef):
            simple = all(isinstance(base, ast.Name) and base.id in self.bases for base in node.bases)
            return simple and not node.decorator_list and not node.keywords and all(map(self._is_member, node.body))
        if isinstance(node, ast.Expr):
            return isinstance(node.value, ast.Constant)
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            typed = isinstance(node, ast.Assign) or is_type(node.annotation)
            return typed and all(isinstance(target, ast.Name) for target in targets) and is_constant(node.value)
        return isinstance(node, ast.If) and not node.orelse and is_main_guard(node.test)

    def _is_member(self, node):
        if isinstance(node, ast.ClassDef):  # a class within a class is reached by an instance
            return False
        return self._is_stateless(node, self.decorators) if isinstance(node, _FUNCTIONS) else self.only_define(node)

    def _is_stateless(self, function, decorators):
        arguments = function.args
        defaults = arguments.defaults + [default for default in arguments.kw_defaults if default is not None]
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        types = [function.returns, *[one.annotation for one in every if one is not None]]
        decorated = [isinstance(one, ast.Name) and one.id in decorators for one in function.decorator_list]
        return all(decorated) and all(map(is_constant, defaults)) and all(map(is_type, types))

    def keep(self, node):
        """Whether what is stored could stay behind at the module level."""
        if isinstance(node, ast.Attribute):
            return not (isinstance(node.value, ast.Name) and node.value.id == "self")
        root = root_of(node)
        return not isinstance(root, ast.Name) or root.id in self.defined


def is_type(node):
    """An annotation that calls nothing of the candidate's."""
    if node is None or isinstance(node, (ast.Constant, ast.Name)):
        return True
    if isinstance(node, ast.Attribute):
        return is_type(node.value)
    if isinstance(node, ast.Subscript):
        return is_type(node.value) and is_type(node.slice)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.BitOr) and is_type(node.left) and is_type(node.right)
    return isinstance(node, (ast.Tuple, ast.List)) and all(map(is_type, node.elts))


def is_constant(node):
    if node is None or isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.UnaryOp):
        return is_constant(node.operand)
    if isinstance(node, ast.BinOp):
        return is_constant(node.left) and is_constant(node.right)
    return isinstance(node, ast.Tuple) and all(map(is_constant, node.elts))
