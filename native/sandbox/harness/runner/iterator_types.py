"""Openers for iterators. Their __reduce__ says what they go over and how far they have come; it moves nothing."""
from array import array
from builtins import (
    IndexError, bytearray, enumerate, filter, issubclass, iter, len, list, map, max, range, reversed, set, slice,
    tuple, type, zip,
)
from collections import deque
from itertools import islice

from budget import PART
from opened import ORDERED, UNORDERED, chained


def by_reduce(base, mode=ORDERED):
    reduce = base.__reduce__

    def opener(value, budget):
        made_by, *state = reduce(value)
        return "", chained(one if type(one) is tuple else (one,) for one in state), mode
    return opener


def by_part(base, sequence):
    """Of iterators over one of the built-in sequences."""
    reduce = base.__reduce__

    def opener(value, budget):
        _, (over, *_), *place = reduce(value)
        first = place[0] if place and place[0] else 0
        if not issubclass(type(over), sequence):  # it has come to the end, and let go of what it went over
            return "", (), ORDERED
        if sequence is list or sequence is tuple:
            return "", islice(sequence.__iter__(over), first, None), ORDERED
        most = None if sequence is range else first + max(budget.left, 0) * PART + 1
        rest = sequence.__getitem__(over, slice(first, most))
        return "", (rest,) if rest else (), ORDERED
    return opener


def by_rest(base, mode=ORDERED):
    """Of iterators that list what is still to come."""
    reduce, rest_of = base.__reduce__, base.__length_hint__

    def opener(value, budget):
        if rest_of(value) > budget.left:
            budget.use_up()
            return "", (), ORDERED
        rest = reduce(value)[1][0]
        return "%d" % len(rest), rest, mode
    return opener


def iterators():
    """Openers by type. Most of the types have no names."""
    queue, views = deque(), ({}.keys(), {}.values(), {}.items())
    known = [map, filter, zip, enumerate, reversed]
    known += map(type, (iter(queue), reversed(queue), iter(range(1 << 70)), iter(array("b")), reversed([]), iter(_Indexed())))
    openers = {kind: by_reduce(kind) for kind in known}
    for sequence in ([], (), "", "\xe9", b"", bytearray(), range(0)):
        openers[type(iter(sequence))] = by_part(type(iter(sequence)), type(sequence))
    for one in (*map(iter, views), *map(reversed, views)):
        openers[type(one)] = by_rest(type(one))
    openers[type(iter(set()))] = by_rest(type(iter(set())), UNORDERED)
    return openers


class _Indexed:
    def __getitem__(self, index):
        raise IndexError
