"""Reads untrusted Python texts and answers what is in them. Nothing is executed: texts are only parsed.

Runs in the jail, because a text can be hostile to a parser too: in a child of the warm interpreter, whose job holds
the request; descriptor 4 gets one line with the answer. (As a script, for tests: the request on standard input, the
answer on standard output.)

  {kind: "programs", texts}                                -> [{parses, identity, defines, error}]
  {kind: "responses", mode, entry_point, defined, responses: [{text, cut}]}
                                                           -> [{code, identity, cases} | {drop, detail}]
  {kind: "tests", texts}                                   -> [{code, identity, cases} | {drop, detail}]
  {kind: "asserts", entry_point, samples}                  -> [{code, identity, cases, count}]

Answers of the first three kinds stand in the order of the request, one for each text. A text that defeats the
parser gets an answer that says so; one that kills the process is for the caller to find, by asking one at a time.
"""
import ast
import gc
import json
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "syntax"))  # as a script of its own

from asserts import cut_samples
from cases import flattened
from extract import Dropped, salvage
from given import unit_test
from identity import ParserLimit, Unparsable, identity, parse, tree_identity
from paper import by_the_paper


def program(text):
    """A candidate program -> {parses, identity, defines: names at the margin, error: why it does not parse}."""
    try:
        tree = parse(text)
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        defines = dict.fromkeys(node.name for node in flattened(tree.body) if isinstance(node, kinds))
        return {"parses": True, "identity": tree_identity("program", tree), "defines": list(defines), "error": None}
    except Unparsable as error:
        reason = "%s (line %s)" % (error, error.line) if error.line else str(error)
    except (ParserLimit, RecursionError, MemoryError) as limit:
        reason = "too deep or too large for the parser: %s" % (limit or type(limit).__name__)
    return {"parses": False, "identity": identity("program", text), "defines": [], "error": reason}


def _or_drop(extract, *arguments):
    try:
        return extract(*arguments)
    except Dropped as dropped:
        return {"drop": dropped.reason, "detail": dropped.detail}
    except (Unparsable, UnicodeError) as error:
        return {"drop": "syntax_error", "detail": str(error)}
    except (ParserLimit, RecursionError, MemoryError) as limit:
        return {"drop": "parser_limit", "detail": str(limit) or type(limit).__name__}


def answer(request):
    gc.disable()  # a tree has no circles, and its many nodes let the collector look again and again
    kind = request["kind"]
    if kind == "programs":
        return [program(text) for text in request["texts"]]
    if kind == "tests":
        return [_or_drop(unit_test, text) for text in request["texts"]]
    if kind == "asserts":
        return cut_samples(request["entry_point"], request["samples"])
    if kind == "responses" and request["mode"] == "paper":
        return [_or_drop(by_the_paper, response["text"]) for response in request["responses"]]
    if kind == "responses" and request["mode"] == "salvage":
        names = (request["entry_point"], request["defined"])
        return [_or_drop(salvage, response["text"], response["cut"], *names) for response in request["responses"]]
    raise ValueError("a request of kind %r" % kind)


def run(job):
    """Answers one job of the warm interpreter, in its child."""
    with open(4, "wb", buffering=0) as sink:
        data = json.dumps(answer(job["request"])).encode("ascii") + b"\n"
        while data:
            data = data[sink.write(data):]
    os._exit(0)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(answer(json.load(sys.stdin))))
