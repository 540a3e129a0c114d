"""From a response to one unit test: keeps what can be kept, and says why nothing could be.

The rules, in order:
1. Fenced blocks are read first; where they hold no test, the text around them is read as code too.
2. Statements that do not parse are cut back (mend.py).
3. Definitions of the solution's own names are removed, or the test would test its own copy (asserts that a model
   wrote into such a copy's body count as written beside it); so are imports of the solution, main guards and
   runner footers.
4. Several test classes stay together. Of two with one name the one with more cases stays, at a tie the later.
5. Where no test class is left, test functions or plain asserts are wrapped into one (wrap.py).
6. Of everything else only what the test classes need stays, found by name.
7. A method that asserts nothing stays (it fails where the candidate raises), but does not make a unit test alone.
Kept statements are slices of the source, so the model's comments survive.
"""
import ast

import fences
import imports
import wrap
from compiling import check_compiles
from cases import Suite, unique
from identity import ParserLimit, Unparsable, allow, parse, tree_identity, walk
from mend import Piece, first_line, pieces

MOST_CHARACTERS = 100_000
_RUNNERS = {"main", "TextTestRunner", "TestLoader", "defaultTestLoader", "makeSuite", "TestSuite", "testmod"}
_EXITS = {"exit", "quit", "_exit"}
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# From the least to the most that was found before nothing was left.
_BY_PROGRESS = ("empty", "no_code", "no_class", "syntax_error", "no_case", "no_assert")


class Dropped(Exception):
    """The response holds no unit test. `reason` is one of the reasons that src/unit-test.ts lists."""

    def __init__(self, reason, detail):
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def salvage(text, cut, entry_point, defined):
    """One response -> {code, identity, cases}. Raises Dropped.

    `cut`: the model was stopped by the token limit. `entry_point` (or None) and `defined`: names that the
    solution defines.
    """
    if not text.strip():
        raise Dropped("empty", "the response is blank")
    if len(text) > MOST_CHARACTERS:
        raise Dropped("parser_limit", "the response has more than %d characters" % MOST_CHARACTERS)
    allow(len(text))
    solution = set(defined) | ({entry_point} if entry_point else set())
    segments = fences.segments(text, cut)
    fenced = [segment for segment in segments if segment.fenced]
    failures = []
    for chosen in [fenced, segments] if fenced and len(fenced) < len(segments) else [segments]:
        try:
            return _unit_test(chosen, cut, entry_point, solution)
        except Dropped as dropped:
            failures.append(dropped)
        except Unparsable as error:
            failures.append(Dropped("syntax_error", str(error)))
        except ParserLimit as limit:
            failures.append(Dropped("parser_limit", str(limit)))
    raise max(failures, key=lambda dropped: _BY_PROGRESS.index(dropped.reason) if dropped.reason in _BY_PROGRESS else 99)


def _unit_test(segments, cut, entry_point, solution):
    found, broken = [], False
    for segment in segments:
        of_segment, of_segment_broken = pieces(segment.text, cut and segment.ends_text)
        found.extend(of_segment)
        broken = broken or of_segment_broken
    if not any(_is_code(piece.node) for piece in found):
        if broken:
            raise Dropped("syntax_error", "nothing that was written parses")
        raise Dropped("no_code", "the response holds no Python")
    found = _own(found, solution)
    found = _one_of_a_name(found)
    suite = _suite(found)
    if not suite.cases():
        found = wrap.as_classes(found, entry_point)
        suite = _suite(found)
    tests = _test_pieces(found, suite)
    if not tests:
        if broken:
            raise Dropped("syntax_error", "no test in it is complete")
        raise Dropped("no_class", "no test class, no test function and no assert in it")
    return _checked(_assembled(_needed(found, tests)), broken)


def _checked(code, broken):
    tree = parse(code)
    suite = Suite(tree.body)
    cases = suite.cases()
    if not cases:
        raise Dropped("syntax_error" if broken else "no_case", "the test class has no complete test method")
    check_compiles(tree)
    if not suite.failing():
        raise Dropped("no_assert", "none of %d test methods asserts anything" % len(cases))
    return {"code": code, "identity": tree_identity("test", tree), "cases": suite.promised(), "idle": suite.idle()}


def _is_code(node):
    """Whether a statement is more than words of prose that happen to parse."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, (ast.Call, ast.Await))
    return not (isinstance(node, ast.AnnAssign) and node.value is None)


def _suite(found):
    return Suite([piece.node for piece in found])


def _test_pieces(found, suite):
    """The pieces that hold test classes."""
    classes = set(map(id, suite.classes()))
    return [piece for piece in found if any(id(node) in classes for node in walk(piece.node))]


def _own(found, solution):
    """The pieces that are the test's own: no copies or imports of the solution, no runner."""
    suite = _suite(found)
    kept = []
    for piece in found:
        node = piece.node
        if is_runner(node) or not _is_code(node):
            continue
        if isinstance(node, _DEFINITIONS) and node.name in solution:
            if not (isinstance(node, ast.ClassDef) and suite.is_test_class(node)):
                kept.extend(wrap.asserts_inside(node))
                continue
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and any(name in solution for name in _assigned_names(node)):
            continue
        kept.append(piece)
    nodes = [piece.node for piece in kept]
    modules, used = imports.module_uses(nodes), imports.names_read(nodes)

    def rewritten(node):
        return imports.rewritten(node, solution, used, modules)

    return [own for piece in kept for own in _without_solution_imports(piece, rewritten)]


def _assigned_names(node):
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def is_runner(node, own=(), modules=None):
    """A statement whose purpose is to run the tests or to end the program. `own`: functions that are not the runner's;
    `modules`: names of what is imported, if only their attributes are; None: any."""
    if isinstance(node, _DEFINITIONS):
        return False
    if isinstance(node, ast.If) and any(
        isinstance(inner, ast.Name) and inner.id == "__name__" for inner in walk(node.test)
    ):
        return True
    for inner in walk(node):
        if isinstance(inner, ast.Call):
            name = getattr(inner.func, "attr", getattr(inner.func, "id", ""))
            if (name in _RUNNERS or name in _EXITS) and getattr(inner.func, "id", None) not in own:
                if modules is None or isinstance(inner.func, ast.Name) or _root(inner.func) in modules:
                    return True
    return False


def _root(node):
    while isinstance(node, ast.Attribute):
        node = node.value
    return getattr(node, "id", None)


def _without_solution_imports(piece, rewritten):
    """The piece with its imports rewritten, at the margin and inside of functions: [] , [itself] or new pieces."""
    if isinstance(piece.node, (ast.Import, ast.ImportFrom)):
        lines = rewritten(piece.node)
        return [piece] if lines is None else [Piece(line, parse(line).body[0]) for line in lines]
    inner = [node for node in walk(piece.node) if isinstance(node, (ast.Import, ast.ImportFrom))]
    if not any(rewritten(node) is not None for node in inner):
        return [piece]
    # The piece's positions are those of the text it came from; edits need those of its own text.
    node = parse(piece.text).body[0]
    edits = []
    for inner in walk(node):
        if isinstance(inner, (ast.Import, ast.ImportFrom)):
            lines = rewritten(inner)
            if lines is not None:
                edits.append((inner, "; ".join(lines) or "pass"))
    text = spliced(piece.text, edits)
    return [Piece(text, parse(text).body[0])]


def spliced(text, edits):
    """The text with each (node, replacement) put in the node's place."""
    # Columns of the syntax tree count bytes of UTF-8.
    content = text.encode()
    starts = [0]
    for line in content.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    parts, done = [], 0
    for node, replacement in sorted(edits, key=lambda edit: (edit[0].lineno, edit[0].col_offset)):
        parts.append(content[done : starts[first_line(node) - 1] + node.col_offset])
        parts.append(replacement.encode())
        done = starts[node.end_lineno - 1] + node.end_col_offset
    return b"".join([*parts, content[done:]]).decode()


def _one_of_a_name(found):
    """Of several definitions of one name: the test class with the most cases, else the last."""
    versions, suite = {}, _suite(found)
    for piece in found:
        if isinstance(piece.node, _DEFINITIONS):
            versions.setdefault(piece.node.name, []).append(piece)
    losers = set()
    for same in versions.values():
        best = same[-1]
        if len(same) > 1 and isinstance(best.node, ast.ClassDef):
            best = max(reversed(same), key=lambda piece: len(suite.cases_of(piece.node)))
        losers.update(id(piece) for piece in same if piece is not best)
    return [piece for piece in found if id(piece) not in losers]


def _needed(found, tests):
    """The tests and, transitively, every statement that binds or changes a name they use. Order is kept."""
    kept = {id(piece) for piece in tests}
    kept.update(id(piece) for piece in found if _always_matters(piece.node))
    touching = {}
    for piece in found:
        for name in _touched_names(piece.node):
            touching.setdefault(name, []).append(piece)
    new = [piece for piece in found if id(piece) in kept]
    while new:
        for name in set(_used_names(new.pop().node)):
            for piece in touching.pop(name, ()):
                if id(piece) not in kept:
                    kept.add(id(piece))
                    new.append(piece)
    return [piece for piece in found if id(piece) in kept]


def _always_matters(node):
    """Statements that no name leads to: fixtures of the module, and imports of more than names."""
    if isinstance(node, ast.ImportFrom):
        return node.module == "__future__" or any(alias.name == "*" for alias in node.names)
    return getattr(node, "name", None) in ("setUpModule", "tearDownModule")


def _used_names(node):
    """Names that a statement reads; strings count, for what is looked up by name (mock.patch and the like)."""
    for inner in walk(node):
        if isinstance(inner, ast.Name):
            yield inner.id
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str) and len(inner.value) < 200:
            yield inner.value.rsplit(".", 1)[-1]


def _touched_names(node):
    """Names that a statement at the margin binds or changes."""
    if isinstance(node, _DEFINITIONS):
        return {node.name}
    names = set()
    for inner in walk(node):
        if isinstance(inner, _DEFINITIONS):
            names.add(inner.name)
        elif isinstance(inner, (ast.Import, ast.ImportFrom)):
            names.update(alias.asname or alias.name.split(".")[0] for alias in inner.names)
        elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            names.add(inner.id)
        elif isinstance(inner, (ast.Attribute, ast.Subscript)) and isinstance(inner.ctx, ast.Store):
            names.update(_base_name(inner))
        elif isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Call):
            names.update(_base_name(inner.value.func) if not isinstance(inner.value.func, ast.Name) else ())
    return names


def _base_name(node):
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def _assembled(kept):
    """The pieces as one module: `from __future__` first, then what `unittest` needs, then source order."""
    future = [p for p in kept if isinstance(p.node, ast.ImportFrom) and p.node.module == "__future__"]
    rest = [p for p in kept if not (isinstance(p.node, ast.ImportFrom) and p.node.module == "__future__")]
    bound = {name for piece in rest for name in _touched_names(piece.node)}
    used = {inner.id for p in rest for inner in walk(p.node) if isinstance(inner, ast.Name)}
    lines = unique(piece.text for piece in future)
    if "unittest" in used and "unittest" not in bound:
        lines.append("import unittest")
    for name in ("TestCase", "IsolatedAsyncioTestCase"):
        if name in used and name not in bound:
            lines.append("from unittest import " + name)
    seen, before = set(), None
    for piece in rest:
        is_import = isinstance(piece.node, (ast.Import, ast.ImportFrom))
        if is_import and piece.text in seen:
            continue
        seen.add(piece.text)
        if lines and (isinstance(piece.node, _DEFINITIONS) or isinstance(before, _DEFINITIONS) or before is None):
            lines.append("" if is_import else "\n")
        lines.append(piece.text)
        before = piece.node
    return "\n".join(lines).strip("\n") + "\n"
