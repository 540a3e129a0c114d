"""Whether a syntax tree compiles, without letting a small text cost the compiler seconds.

The compiler writes the body of a `finally` once for every way out of its `try`, and so what is nested in it again and
again: a kilobyte can become megabytes of code. How large the code would be is counted before.
"""
import ast

from identity import ParserLimit, Unparsable, children, walk

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
    blocks = [node for node in walk(tree) if getattr(node, "finalbody", None)]
    if not blocks:
        return 0
    total = 0
    stack = [(tree, 1)]
    while stack:
        node, copies = stack.pop()
        total += copies if copies > 1 else 0
        if total > _MOST_COPIES:
            break
        if not getattr(node, "finalbody", None):
            stack.extend([(child, copies) for child in children(node)])
            continue
        stack.extend([(child, copies) for child in (*node.body, *node.handlers, *node.orelse)])
        times = 2 + sum(_ways_out(child) for child in (*node.body, *node.handlers, *node.orelse))
        stack.extend([(child, copies * times) for child in node.finalbody])
    return total


def _ways_out(statement):
    found, stack = 0, [statement]
    while stack:
        node = stack.pop()
        if isinstance(node, _SCOPES):
            continue
        found += isinstance(node, _WAYS_OUT)
        stack.extend(children(node))
    return found
