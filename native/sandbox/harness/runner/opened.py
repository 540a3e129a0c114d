"""What an opener returns, and openers for what needs no more than a line.

An opener gets a value and the budget, and returns what the value's description says beside its class, the members that
it holds, and in which way (ORDERED, UNORDERED, PAIRS: a key and what belongs to it, one after the other). It calls only
what C code does without asking the value's class: methods of the type in question, bound before anything untrusted
exists, of which somebody has made sure that they call nothing else. It takes nothing out of an iterator. Where it
cannot tell what a value is, it says so.
"""
import gc
from itertools import chain

ORDERED, UNORDERED, PAIRS = 0, 1, 2

held_by = gc.get_referents
chained = chain.from_iterable


class Part:
    """A value as what one of its ancestors makes of it."""

    __slots__ = ("value", "opener")

    def __init__(self, value, opener):
        self.value = value
        self.opener = opener


def open_opaque(value, budget):
    budget.untold = True
    return "", (), ORDERED


def leaf(text):
    return text, (), ORDERED


def by_members(base, *names):
    """Of types whose descriptors show all that they keep."""
    getters = [base.__dict__[name].__get__ for name in names if name in base.__dict__]

    def opener(value, budget):
        return "", [get(value) for get in getters], ORDERED
    return opener


def by_arguments(base):
    """Of what its __reduce__ makes again by a call of its class."""
    reduce = base.__reduce__

    def opener(value, budget):
        return "", reduce(value)[1], ORDERED
    return opener


def open_held(value, budget):
    """What is a look at another object, and keeps nothing but that."""
    return "", held_by(value)[:1], ORDERED
