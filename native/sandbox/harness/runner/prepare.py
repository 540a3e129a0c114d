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

from harmless import PLAIN_MODULES
from identity import without_mark
from imports import is_standard, wanted
from instrument import instrument
from means import ANYTHING, assumed_modules, means, reached, uses_mock
from permits import permits
from plain import FITS_ALL, NO_FACTS, Traits
from reusable import reusable
from wary import LOOK, constants, look_everywhere

# code: None where the text does not compile; reason: why. plain, facts, ease, quiet, stores, common: see plain.py;
# reusable: reusable.py. imports: top-level modules; ahead: plain ones that are not there yet; aliases: those that nobody
# has, which may stand for the candidate, and what is asked of each (imports.wanted says how). Of unit tests, permits: see
# permits.py; names: those of the harness that the code uses (instrument.py); constants: wary.py; assumed: modules that they
# use without an import, and what they ask them for. Of candidates, wary: they may make classes, and meet unit tests in
# their second form; means: what they can change in the library (means.py); reached: what they import of it then; mocks:
# whether they use unittest.mock.
Prepared = collections.namedtuple(
    "Prepared",
    "code reason plain facts ease quiet stores common reusable wary imports ahead aliases permits names constants means reached assumed mocks",
)
# What is known of a text that nobody could look at.
NOTHING = Prepared(
    *(None, "", False, NO_FACTS, FITS_ALL, False, True, True, False, True),
    *((), (), (), frozenset(), (), (), ANYTHING, (), (), True),
)

# In the place of what takes longer than it may: nobody compiles it again.
TOO_SLOW = NOTHING._replace(reason="takes too long to compile")

COMPILE_CPU_S = 2  # of one text

CANDIDATE = "/tmp/solution.py"
UNIT_TEST = "/tmp/unit_test.py"
WARY = UNIT_TEST + ", wary"  # of the same text in its second form; the code says UNIT_TEST too


def prepare(file, text):
    """Raises MemoryError or RecursionError where the text is too much for the compiler. Nothing can interrupt that, so
    where it takes longer than it may, this process ends (SIGPROF)."""
    # The second form is larger: a text that is too slow in it must be so in the first too, since that is remembered.
    signal.setitimer(signal.ITIMER_PROF, COMPILE_CPU_S * (2 if file == WARY else 1))
    try:
        if file == WARY:
            prepared = _prepare(UNIT_TEST, without_mark(text), True)
            if prepared is not None:
                return prepared
            file = UNIT_TEST
        return _prepare(file, without_mark(text))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _prepare(file, text, wary=False):
    """None: the text is too deep for its second form."""
    try:
        try:
            tree = ast.parse(text)
            traits = Traits(tree, file == CANDIDATE)
            again = file == CANDIDATE and reusable(tree, traits.nodes)
            # Before the tree is changed.
            plain = traits.plain(_stands_for_candidate)
            quiet = plain and traits.quiet and (file == UNIT_TEST or "unittest" not in traits.imports)
            known = (traits.facts(), traits.ease(), quiet, traits.stores, traits.common)
            unknown = [name for name in traits.imports if _stands_for_candidate(name)]
            aliases, permitted, names, reach, assumed, mocks, expected = (), frozenset(), (), (), (), False, ()
            changed = None
            if file == CANDIDATE:
                changed = None if plain else means(traits.nodes, is_standard)
                mocks = "mock" in text and uses_mock(traits.nodes)
            if file == UNIT_TEST:
                assumed = assumed_modules(traits.nodes)
                aliases = wanted(tree, unknown) if unknown else ()
                permitted = permits(text, tree, traits.nodes)
                expected = constants(tree) if wary else ()
                names = instrument(traits.nodes, unknown)
                if wary:
                    look_everywhere(tree)
                    names = (*names, LOOK)
            if changed is not None:
                reach = reached(traits.nodes, is_standard)
            for node, name in traits.defined:
                node.name = name
            code = compile(tree, file, "exec", dont_inherit=True)
        except RecursionError:
            if wary:
                return None
            # Too deep to be looked at; the compiler itself may take it.
            return NOTHING._replace(code=compile(text, file, "exec", dont_inherit=True))
    except (SyntaxError, ValueError) as error:
        reason = ("%s: %s" % (type(error).__name__, error))[:300]
        return NOTHING._replace(reason=reason, plain=True, quiet=True, reusable=True, wary=False, means=None)
    imports = tuple(traits.imports)
    ahead = tuple(name for name in imports if name in PLAIN_MODULES and name not in sys.modules)
    may_make_classes = not plain or ast.ClassDef in traits.nodes
    others = (imports, ahead, aliases, permitted, names, expected, changed, reach, assumed, mocks)
    return Prepared(code, "", plain, *known, again, may_make_classes, *others)


def _stands_for_candidate(name):
    if name in PLAIN_MODULES or name in sys.builtin_module_names:
        return False
    try:
        return name == "solution" or importlib.machinery.PathFinder.find_spec(name) is None
    except (ImportError, ValueError):
        return False
