"""From text to what a child executes: code object, and what is known of it.

Compiling is most of the price of a small cell, and a text is executed many times; so it is compiled once, in a process
of its own (a text can be hostile to a compiler too), and the warm interpreter keeps the result. Whether a text was
compiled before must not show in a verdict: compiling has a limit of its own, and no cell is charged for it.
"""
import ast
import collections
import importlib.machinery
import signal
import sys

from identity import without_mark
from imports import wanted
from instrument import instrument
from permits import permits
from plain import PLAIN_MODULES, Traits, reusable

# code: None where the text does not compile; reason: why. plain, quiet, reusable: see plain.py. imports: top-level
# modules; aliases: those of them that nobody has, which may stand for the candidate, and what is asked of each
# (imports.wanted says how). Of unit tests, permits: see permits.py; names: those of the harness that the code uses
# (instrument.py).
_FIELDS = "code reason plain quiet reusable imports aliases permits names"
Prepared = collections.namedtuple("Prepared", _FIELDS, defaults=(frozenset(), ()))

COMPILE_CPU_S = 2  # of one text

CANDIDATE = "/tmp/solution.py"
UNIT_TEST = "/tmp/unit_test.py"


def prepare(file, text):
    """Raises MemoryError or RecursionError where the text is too much for the compiler. Nothing can interrupt that, so
    where it takes longer than it may, this process ends (SIGPROF)."""
    signal.setitimer(signal.ITIMER_PROF, COMPILE_CPU_S)
    try:
        return _prepare(file, without_mark(text))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _prepare(file, text):
    try:
        try:
            tree = ast.parse(text)
            traits = Traits(tree)
            again = file == CANDIDATE and reusable(tree, traits.nodes)
            unknown = [name for name in traits.imports if _stands_for_candidate(name)]
            aliases, permitted, names = (), frozenset(), ()
            if file == UNIT_TEST:
                aliases = wanted(tree, unknown) if unknown else ()
                permitted = permits(text, tree)
                names = instrument(traits.nodes, unknown)
            code = compile(tree, file, "exec", dont_inherit=True)
        except RecursionError:  # too deep to be looked at; the compiler itself may take it
            return Prepared(compile(text, file, "exec", dont_inherit=True), "", False, False, False, (), ())
    except (SyntaxError, ValueError) as error:
        return Prepared(None, ("%s: %s" % (type(error).__name__, error))[:300], True, True, True, (), ())
    plain = traits.plain(_stands_for_candidate)
    quiet = plain and traits.quiet and (file == UNIT_TEST or "unittest" not in traits.imports)
    return Prepared(code, "", plain, quiet, again, tuple(traits.imports), aliases, permitted, names)


def _stands_for_candidate(name):
    if name in PLAIN_MODULES or name in sys.builtin_module_names:
        return False
    try:
        return name == "solution" or importlib.machinery.PathFinder.find_spec(name) is None
    except (ImportError, ValueError):
        return False
