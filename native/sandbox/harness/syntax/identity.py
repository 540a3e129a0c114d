"""From text to syntax tree, and from syntax tree to identity.

Two texts have one identity when they differ only in comments, blank lines and formatting. Names, constants
and docstrings count. Everything here walks with its own stack: a tree may be deeper than Python's recursion
limit allows.
"""
import ast
import hashlib
import re
import sys
import warnings

# The texts are not ours: what they make the parser warn about is of no interest to anybody.
warnings.simplefilter("ignore")

# Where a node was written, in which mode a name is used, and what only type checkers read.
_NOT_MEANING = {"ctx", "type_comment", "type_ignores", "kind"}

# Nodes whose value None is a value, not an absent field.
_CONSTANTS = (ast.Constant, getattr(ast, "MatchSingleton", ast.Constant))


class Unparsable(Exception):
    """The text is not Python of this interpreter's version."""

    def __init__(self, message, line=None):
        super().__init__(message)
        self.line = line  # 1-based, where the parser says


class ParserLimit(Exception):
    """The text is too deep or too large for the parser."""


_allowed = [None]  # characters that the parser may still be given for the text at hand; None: as many as it takes

_LEAST_ALLOWED = 400_000
_TIMES_ALLOWED = 12


def allow(characters):
    """Bounds what is parsed for one text of this length: mending one parses parts of it again and again."""
    _allowed[0] = max(_LEAST_ALLOWED, _TIMES_ALLOWED * characters)


_MOST_STEPS = 300_000_000
_FORMATTED = re.compile(
    r"(?<!\w)(?:[fF][rR]?|[rR][fF])"
    r"('{3}(?:\\.|[^\\])*?(?:'{3}|\\?\Z)|\"{3}(?:\\.|[^\\])*?(?:\"{3}|\\?\Z)|'(?:\\.|[^\\'\n])*|\"(?:\\.|[^\\\"\n])*)",
    re.DOTALL,
)


def _check_formatted_strings(text):
    """Before 3.12 the parser counts lines from the start of a formatted string anew for each of its expressions."""
    if text.count("{") * len(text) < _MOST_STEPS or sys.version_info >= (3, 12):
        return
    if sum(match[0].count("{") * len(match[0]) for match in _FORMATTED.finditer(text)) > _MOST_STEPS:
        raise ParserLimit("a formatted string is too long")


def without_mark(text):
    """The text without the byte order mark that a file may begin with: Python passes over it in a file only."""
    return text[1:] if text[:1] == "\ufeff" else text


def parse(text):
    """The module's syntax tree. Raises Unparsable or ParserLimit and nothing else."""
    text = without_mark(text)
    if _allowed[0] is not None:
        _allowed[0] -= len(text)
        if _allowed[0] < 0:
            raise ParserLimit("mending the text takes too long")
    _check_formatted_strings(text)
    try:
        return ast.parse(text)
    except SyntaxError as error:
        if "too many nested" in str(error.msg) or "too complex" in str(error.msg):
            raise ParserLimit(str(error.msg)) from None
        raise Unparsable(str(error.msg), error.lineno) from None
    except ValueError as error:  # null bytes, lone surrogates
        raise Unparsable(str(error)) from None
    except (RecursionError, MemoryError) as error:
        raise ParserLimit(type(error).__name__) from None


def walk(node):
    """Every node below, in no order that anybody may rely on, but for contexts and operators."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack += children(node)


# Fields that hold no node, or one that says nothing more.
_LEAVES = frozenset(
    "ctx op ops id attr arg kind type_comment level module asname conversion simple type_ignores".split()
)
_inner_fields = {ast.Constant: ()}


def children(node):
    kind = type(node)
    if kind not in _inner_fields:
        _inner_fields[kind] = tuple(name for name in kind._fields if name not in _LEAVES)
    found = []
    for name in _inner_fields[kind]:
        value = getattr(node, name, None)
        if type(value) is list:
            found += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def identity(kind, text):
    """sha256 (hex) of the normalised syntax tree, or of the text itself where it does not parse."""
    try:
        return tree_identity(kind, parse(text))
    except (Unparsable, ParserLimit):
        return _sha256(kind + " text\n", text.encode("utf-8", "surrogatepass"))


def tree_identity(kind, tree):
    """sha256 (hex) of a syntax tree, prefixed by what kind of thing it is."""
    return _sha256(kind + " tree\n", b"".join(_serialised(tree)))


def _sha256(prefix, content):
    digest = hashlib.sha256(prefix.encode())
    digest.update(content)
    return digest.hexdigest()


def _serialised(tree):
    """Yields the tree as bytes. Fields carry their names and texts their lengths, so no two trees collide."""
    stack = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, bytes):
            yield item
        elif isinstance(item, _CONSTANTS):
            yield b"(Constant " + _constant(item.value) + b")"
        elif isinstance(item, ast.AST):
            yield b"(" + type(item).__name__.encode()
            stack.append(b")")
            for name in reversed(item._fields):
                value = getattr(item, name, None)
                # Absent fields are left out, so that a field new in a later Python changes no identity.
                if name in _NOT_MEANING or value is None or value == [] or (name == "level" and value == 0):
                    continue
                stack.append(value)
                stack.append(b" " + name.encode() + b"=")
        elif isinstance(item, list):
            yield b"["
            stack.append(b"]")
            stack.extend(reversed(item))
        else:  # an identifier, a flag, or None in the place of a dictionary key that is `**`
            yield _constant(item)


def _constant(value):
    """A constant with its type: 1, 1.0, True, '1' and b'1' all differ, and so do 0.0 and -0.0."""
    if isinstance(value, str):
        content = value.encode("utf-8", "surrogatepass")
    elif isinstance(value, bytes):
        content = value
    elif isinstance(value, bool) or value is None or value is Ellipsis:
        content = repr(value).encode()
    elif isinstance(value, int):
        content = hex(value).encode()  # repr() refuses integers of more than 4300 digits
    elif isinstance(value, float):
        content = value.hex().encode()
    elif isinstance(value, complex):
        content = (value.real.hex() + "," + value.imag.hex()).encode()
    else:
        content = repr(value).encode()
    return b"%s:%d:%s" % (type(value).__name__.encode(), len(content), content)
