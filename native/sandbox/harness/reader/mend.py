"""From source that may be broken to the top-level statements of it that parse.

A model's code breaks in two ways: it is cut at the token limit, or one place in the middle is wrong. Either way
the statements that are whole are worth keeping. Where the text as a whole does not parse, it is split at the
lines that begin a statement at the margin; a class that does not parse is split in the same way into its
members; a test method that does not parse is cut back to its last statement that does. A body that was written
at the indent of its `def` is moved under it.
"""
import ast
import re
import textwrap

from assertions import asserts_itself
from identity import Unparsable, parse, without_mark

_TRIPLE_QUOTED = re.compile(
    # Every branch matches once its quote is there: one that could fail would be tried again at each further quote.
    r"'''(?:\\.|[^\\])*?(?:'''|\\?\Z)|\"\"\"(?:\\.|[^\\])*?(?:\"\"\"|\\?\Z)"
    r"|'(?:\\.|[^\\'\n])*'?|\"(?:\\.|[^\\\"\n])*\"?|#[^\n]*",
    re.DOTALL,
)
_CONTINUES = re.compile(r"(?:else|elif|except|finally)\b|[)\]}#]")
_MEMBER_BEGINS = ("def ", "async def ", "class ", "@")
# How many following chunks may be needed to make one whole, such as list items written at the margin.
_JOINED = 3


class Piece:
    """One top-level statement with its source lines, the comment lines above it included."""

    def __init__(self, text, node):
        self.text = text
        self.node = node  # positions are those of the text it was first parsed from


def pieces(source, cut):
    """(the top-level statements that parse, whether anything like code did not).

    `cut`: the text ends where the model was stopped, so a last test method without an assertion has lost it.
    """
    broken, source = False, without_mark(source)
    try:
        found = _slices(source, parse(source))
    except Unparsable:
        source = _cleaned(source)
        tree = _parsed(source)
        found, broken = _mended(source) if tree is None else (_slices(source, tree), False)
    if cut and found:
        last = _without_bare_end(found[-1])
        if last != found[-1].text:
            found[-1:] = pieces(last, False)[0] if last else []
        broken = broken or last is None
    return found, broken


def _cleaned(source):
    """What a tokenizer stumbles over and no program means: marks of encodings, no-break spaces, null bytes."""
    source = source.replace("\ufeff", "").replace("\x00", "").replace("\xa0", " ").replace("\u200b", "")
    lines = [line for line in source.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    if lines and all(line[0] in " \t" for line in lines):
        source = textwrap.dedent(source)
    if any("\t" in line[: len(line) - len(line.lstrip())] for line in lines):
        source = re.sub(r"^[ \t]+", lambda margin: margin[0].expandtabs(4), source, flags=re.MULTILINE)
    return source


def first_line(node):
    """1-based line of a statement, its decorators included."""
    return min([node.lineno] + [d.lineno for d in getattr(node, "decorator_list", [])])


def _slices(source, tree):
    """A module's statements as pieces. Two on one line are written anew, one a line."""
    lines = source.split("\n")
    found, above = [], 0  # lines before `above` belong to earlier statements
    for position, node in enumerate(tree.body):
        begin, end = first_line(node) - 1, node.end_lineno
        after = tree.body[position + 1] if position + 1 < len(tree.body) else None
        if begin < above or (after is not None and first_line(after) <= end) or lines[begin][:1].isspace():
            found.append(Piece(_alone(lines, node), node))
        else:
            while begin > above and lines[begin - 1].startswith("#"):
                begin -= 1
            found.append(Piece("\n".join(lines[begin:end]), node))
        above = end
    return found


def _alone(lines, node):
    """The text of a statement that shares a line with another one."""
    if node.lineno != node.end_lineno:
        return ast.unparse(node)
    return lines[node.lineno - 1].encode()[node.col_offset : node.end_col_offset].decode()


def _mended(source):
    """As pieces(), for source that does not parse as a whole."""
    chunks = _chunks(source.split("\n"), 0)
    found, broken, position = [], False, 0
    while position < len(chunks):
        for width in range(1, _JOINED + 2):
            text = "\n".join(line for chunk in chunks[position : position + width] for line in chunk)
            parsed = _parsed(text)
            if parsed is not None or position + width >= len(chunks):
                break
        if parsed is not None:
            found.extend(_slices(text, parsed))
            position += width
            continue
        text = _mended_statement(chunks[position])
        if text is not None:
            found.extend(_slices(text, parse(text)))
        broken = broken or looks_like_a_test("\n".join(chunks[position]))
        position += 1
    return found, broken


def looks_like_a_test(text):
    return re.search(r"^[ \t]*(class[ \t]+\w|(async[ \t]+)?def[ \t]+test|assert\s|import[ \t]+unittest)", text, re.MULTILINE) is not None


def _parsed(text):
    try:
        return parse(text)
    except Unparsable:
        return None


def _chunks(lines, indent):
    """Splits lines where a statement begins at `indent` or less, outside of triple-quoted strings."""
    inside = _lines_inside_strings("\n".join(lines))
    chunks, decorated = [[]], False
    for number, line in enumerate(lines):
        stripped = line.strip()
        margin = len(line) - len(line.lstrip())
        begins = stripped and margin <= indent and number not in inside and not _CONTINUES.match(stripped)
        if begins:
            if not decorated and any(kept.strip() for kept in chunks[-1]):
                chunks.append([])
            decorated = stripped.startswith("@")
        chunks[-1].append(line)
    return [chunk for chunk in chunks if any(line.strip() for line in chunk)]


def _lines_inside_strings(source):
    """0-based numbers of the lines that begin inside a triple-quoted string."""
    inside, line, counted = set(), 0, 0
    for match in _TRIPLE_QUOTED.finditer(source):
        if "\n" in match[0]:
            line += source.count("\n", counted, match.start())
            counted = match.start()
            inside.update(range(line + 1, line + 1 + match[0].count("\n")))
    return inside


def _mended_statement(lines):
    """The part of a broken class or test function that can be kept, as text, or None."""
    lines = lines[next(i for i, line in enumerate(lines) if line.strip()) :]
    opening = next((line for line in lines if not line.lstrip().startswith(("@", "#"))), "")
    if opening.startswith("class "):
        return _mended_class(lines)
    if opening.startswith(("def test", "async def test")):
        return _mended_function(lines)
    return None


def _mended_class(lines):
    body = next((n for n in range(1, min(len(lines), 12) + 1) if _parsed("\n".join(lines[:n]) + "\n    pass") is not None), None)
    if body is None:
        return None
    rest = lines[body:]
    margins = [len(line) - len(line.lstrip()) for line in rest if line.strip() and not line.lstrip().startswith("#")]
    if not margins or margins[0] == 0:
        return None
    kept, position = [], 0
    chunks = _chunks(rest, margins[0])
    while position < len(chunks):
        width, text = 1, None
        for width in range(1, _JOINED + 2):
            text = _member(chunks[position : position + width], margins[0])
            if text is not None or position + width >= len(chunks):
                break
        if text is None:
            width = _width_with_body(chunks, position)
            body_lines = [" " * 4 + line for chunk in chunks[position + 1 : position + width] for line in chunk]
            text = _mended_member(chunks[position] + body_lines, margins[0])
        if text is not None:
            kept.append(text)
        position += width
    text = "\n".join(lines[:body] + kept)
    return text if kept and _parsed(text) is not None else None


def _width_with_body(chunks, position):
    """1, or for a bare `def ...:` whose body was not indented: how many chunks it and its body are."""
    written = [line.strip() for line in chunks[position] if line.strip() and not line.lstrip().startswith("#")]
    if not written or not written[-1].startswith(("def ", "async def ")) or not written[-1].endswith(":"):
        return 1
    width = 1
    while position + width < len(chunks):
        if next(line for line in chunks[position + width] if line.strip()).lstrip().startswith(_MEMBER_BEGINS):
            break
        width += 1
    return width


def _member(chunks, indent):
    """Members of a class that parse where they stand, or once they are moved to the class's indent."""
    text = "\n".join(line for chunk in chunks for line in chunk)
    if _parsed("if 1:\n" + text) is not None and _parsed("if 1:\n" + " " * indent + "pass\n" + text) is not None:
        return text
    moved = textwrap.indent(textwrap.dedent(text), " " * indent)
    return moved if _parsed("if 1:\n" + moved) is not None else None


def _mended_member(lines, indent):
    lines = textwrap.dedent("\n".join(lines)).split("\n")
    opening = next((line for line in lines if line.strip() and not line.startswith(("@", "#"))), "")
    if not opening.startswith(("def test", "async def test")):
        return None
    text = _mended_function(lines)
    return None if text is None else textwrap.indent(text, " " * indent)


def _mended_function(lines):
    """A broken test function up to its last statement that parses, if an assertion is left; else None."""
    length = len(lines)
    while length > 1:
        text = "\n".join(lines[:length])
        try:
            body = parse(text).body
            return text if body and asserts_itself(body[0]) else None
        except Unparsable as error:
            # What is wrong in one line stays wrong however many lines follow it.
            length = min(length - 1, (error.line or length) - 1)
    return None


def _without_bare_end(piece):
    """The piece's text without a last test method that asserts nothing; None where nothing is left."""
    holder = piece.node.body if isinstance(piece.node, ast.ClassDef) else [piece.node]
    last = holder[-1]
    if not isinstance(last, (ast.FunctionDef, ast.AsyncFunctionDef)) or not last.name.startswith("test"):
        return piece.text
    if asserts_itself(last):
        return piece.text
    if len(holder) == 1:
        return None
    # Its lines are those of the text that the piece came from; these are the piece's own.
    last = parse(piece.text).body[0].body[-1]
    return "\n".join(piece.text.split("\n")[: first_line(last) - 1])
