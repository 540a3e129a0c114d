"""What is asked of a syntax tree in more than one place."""
import ast


def by_type(tree):
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
