"""What is asked of a syntax tree in more than one place."""
import ast


_WITHOUT_NODES = frozenset("ctx id attr arg name asname module level type_comment kind op".split())
# Nodes of later versions have other nodes in such fields.
_NAMING = frozenset("TypeAlias ParamSpec TypeVar TypeVarTuple Interpolation TemplateStr".split())
_KINDS = [kind for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.AST)]
# Fields of each kind of node in which others can be.
_parts_of = {
    kind: tuple(name for name in kind._fields if name not in _WITHOUT_NODES or kind.__name__ in _NAMING)
    for kind in _KINDS
    if kind is not ast.Constant
} | {ast.Constant: ()}


def by_type(tree):
    """All nodes of a tree but contexts and arithmetic operators, in lists by their type."""
    nodes = {}
    stack = [tree]
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind in nodes:
            nodes[kind].append(node)
        else:
            nodes[kind] = [node]
        for name in _parts_of[kind]:
            value = getattr(node, name, None)
            if type(value) is list:
                stack.extend([item for item in value if isinstance(item, ast.AST)])
            elif isinstance(value, ast.AST):
                stack.append(value)
    return nodes


def root_of(node):
    """What an attribute or an item hangs on in the end."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node


def is_main_guard(test):
    """Nothing that is executed here is the main program."""
    if not (isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"):
        return False
    other = test.comparators[0]
    return len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq) and isinstance(other, ast.Constant) and other.value == "__main__"


def is_dunder(name):
    return name[:2] == "__" == name[-2:] and name.strip("_") != ""


_NAMED = {ast.Name: "id", ast.Attribute: "attr", ast.FunctionDef: "name", ast.AsyncFunctionDef: "name", ast.ClassDef: "name"}


def name_as_compiled(classes, defined):
    """Gives private names (`__x` in a class) those that the compiler gives them, in place. False: one of them stands where
    nobody writes it, and the tree is not what it seems. `defined` gets (node, name) of functions and classes, whose own
    names are to be put back before the tree is compiled: they show in `__name__`."""
    stack = [(item, node.name.lstrip("_")) for node in classes for item in node.body]
    while stack:
        node, private = stack.pop()
        kind = type(node)
        # The body of a class in a class has another name, under which it is in the stack already.
        inner = [*node.decorator_list, *node.bases, *node.keywords] if kind is ast.ClassDef else ast.iter_child_nodes(node)
        stack += [(child, private) for child in inner]
        if kind in _NAMED:
            name = getattr(node, _NAMED[kind])
            if _is_private(name) and private:
                if _NAMED[kind] == "name":
                    defined.append((node, name))
                setattr(node, _NAMED[kind], "_" + private + name)
        elif any(map(_is_private, _names_of(node))):
            return False
    return True


def _is_private(name):
    return type(name) is str and name[:2] == "__" != name[-2:]


def _names_of(node):
    for field in node._fields:
        value = getattr(node, field, None)
        yield from value if type(value) is list else (value,) if not isinstance(node, ast.Constant) else ()
