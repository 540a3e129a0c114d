"""Digests of the values that assertions receive.

Two candidates whose digests are equal behave alike, also where every expected value is wrong. describe.py says what a
value is made of. A digest that begins with UNTOLD is of values that others may share without being equal to them.
"""
from builtins import BaseException, len, max, min

from budget import FULL, Budget
from describe import describe, describe_scalar, digest
from fields import forget_plans
from known import name_of

UNTOLD = "?"
_CELL = 20 * FULL  # what may be looked at in one cell (budget.py) ...
_LEAST = FULL // 100  # ... but this much of what each assertion receives
_MAX_DIGESTS = 64  # of one cell; later ones are folded into the last

seen = []  # of the cell in progress
idle = []  # its cases that have returned what nobody runs
_left = [0]  # of what may be looked at in the cell in progress


def begin_cell():
    del seen[:]
    del idle[:]
    _left[0] = _CELL
    forget_plans()


def note(*values):
    """Adds the digest of what one assertion received."""
    texts = [describe_scalar(value) for value in values]
    untold = False
    if None in texts:
        budget = Budget(max(_LEAST, min(FULL, _left[0])))
        _left[0] -= budget.left
        texts = [_described(value, budget) for value in values]
        _left[0] += max(0, budget.left)
        untold = budget.untold
    _add("|".join(texts), untold)


def note_raised(kind):
    """Exceptions are known by the names of their classes."""
    _add("raised " + ("nothing" if kind is None else name_of(kind)), False)


def _add(text, untold):
    if len(seen) >= _MAX_DIGESTS:
        last = seen.pop()
        text = last + text
        untold = untold or last[0] == UNTOLD
    seen.append(UNTOLD + digest(text) if untold else digest(text))


def _described(value, budget):
    try:
        return describe(value, budget)
    except BaseException:  # nothing of the candidate's is called, but its values may be odd in more ways
        budget.untold = True
        return "?"
