"""Whether a syntax tree compiles, without letting a small text cost the compiler seconds.

The compiler writes the body of a `finally` once for every way out of its `try`, and so what is nested in it again and
again: a kilobyte can become megabytes of code. How large the code would be is counted before.
"""
import ast

from identity import ParserLimit, Unparsable, children

_MOST_COPIES = 200_000  # nodes, each as often as the compiler writes it
_WAYS_OUT = (ast.Return, ast.Break, ast.Continue)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def check_compiles(tree):
    """Raises Unparsable or ParserLimit where the tree does not compile."""
    if copied_nodes(tree) > _MOST_COPIES:
        raise ParserLimit("the code of its `finally` blocks would be too large")
    try:
        compile(tree, "<unit test>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, OverflowError) as error:
        raise Unparsable(getattr(error, "msg", None) or str(error), getattr(error, "lineno", None)) from None
    except (RecursionError, MemoryError) as error:
        raise ParserLimit(type(error).__name__) from None


def copied_nodes(tree):
    """How many nodes the bodies of `finally` come to, each counted as often as it is written into the code."""
    order, stack = [], [tree]
    while stack:
        node = stack.pop()
        order.append(node)
        stack.extend(children(node))
    if not any(getattr(node, "finalbody", None) for node in order):
        return 0
    ways = _ways_out(order)
    total, stack = 0, [(tree, 1)]
    while stack and total <= _MOST_COPIES:
        node, copies = stack.pop()
        total += copies if copies > 1 else 0
        last = getattr(node, "finalbody", [])
        tried = [*node.body, *node.handlers, *node.orelse] if last else children(node)
        stack.extend([(child, copies) for child in tried])
        times = 2 + sum(ways[id(child)] for child in tried) if last else 0
        stack.extend([(child, copies * times) for child in last])
    return total


def _ways_out(order):
    """How many statements in each node leave it early. `order`: every node, each before those in it."""
    ways = {}
    for node in reversed(order):
        inside = 0 if isinstance(node, _SCOPES) else sum(ways[id(child)] for child in children(node))
        ways[id(node)] = inside + isinstance(node, _WAYS_OUT)
    return ways
