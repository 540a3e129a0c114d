"""The authors' extraction, oddities included (paper 1.3): for numbers that compare with theirs.

They work on text, so some results do not parse or hold no class any more; those stay unit tests, and fail
everywhere.
"""
import ast
import re

from cases import Suite, unique
from extract import MOST_CHARACTERS, Dropped
from identity import ParserLimit, Unparsable, allow, identity, parse

_SOLUTION_IMPORT = re.compile(r"^from\s+your_module\s+import\s+\w+(\s+#.*)?$", re.MULTILINE)
_MAIN = ("if __name__ == '__main__':\n    unittest.main()", 'if __name__ == "__main__":\n    unittest.main()')


def by_the_paper(text):
    """One response -> {code, identity, cases}. Raises Dropped."""
    if not text.strip():
        raise Dropped("empty", "the response is blank")
    if len(text) > MOST_CHARACTERS:
        raise Dropped("parser_limit", "the response has more than %d characters" % MOST_CHARACTERS)
    allow(len(text))
    blocks = _blocks(text, "python") or _blocks(text, "")
    if len(blocks) != 1:
        raise Dropped("several_blocks" if blocks else "no_code", "%d closed code blocks" % len(blocks))
    code = blocks[0]
    try:
        classes = [node for node in ast.walk(parse(code)) if isinstance(node, ast.ClassDef)]
    except Unparsable as error:
        raise Dropped("syntax_error", str(error)) from None
    except ParserLimit as limit:
        raise Dropped("parser_limit", str(limit)) from None
    if len(classes) != 1:
        raise Dropped("several_classes" if classes else "no_class", "%d class definitions" % len(classes))
    for guard in _MAIN:
        code = code.replace(guard, "")
    code = _class_alone(_SOLUTION_IMPORT.sub("", code)).rstrip("\n")
    try:
        cases = unique(case.name for case in Suite(parse(code).body).cases())
    except (Unparsable, ParserLimit):
        cases = []
    return {"code": code, "identity": identity("test", code), "cases": cases}


def _blocks(text, language):
    """What re.findall("```LANGUAGE\\n(.*?)\\n```", text, re.DOTALL) finds, without looking for an end again and again."""
    opening, found, at = "```%s\n" % language, [], 0
    while True:
        at = text.find(opening, at)
        end = text.find("\n```", at + len(opening)) if at >= 0 else -1
        if end < 0:
            return found
        found.append(text[at + len(opening) : end])
        at = end + len("\n```")


def _class_alone(code):
    """All imports, wherever they stood, then the text from the class to the next function at the margin."""
    # A class on the very first line is not found, and only the last character is left: theirs does that.
    rest = code[code.find("\nclass") :]
    if "\ndef" in rest:
        lines = rest[: rest.find("\ndef")].splitlines()
        while "#" in lines[-1]:
            lines.pop()
        rest = "\n".join(lines)
    return "\n".join(_imports(code)) + "\n" + rest


def _imports(code):
    try:
        tree = parse(code)
    except (Unparsable, ParserLimit):
        return ["import unittest"]
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            source = "from %s " % node.module if isinstance(node, ast.ImportFrom) else ""
            lines.extend(
                source + "import " + alias.name + (" as " + alias.asname if alias.asname else "") for alias in node.names
            )
    return lines
