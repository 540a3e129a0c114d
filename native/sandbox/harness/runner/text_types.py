"""Openers for numbers, texts and memory."""
from array import array
from builtins import ValueError, any, int, len, max, slice, str, type

from opened import ORDERED, leaf


def open_integer(value, budget):
    size = int.bit_length(value)
    seen = budget.spend(size)
    if seen < size:  # its last bits
        return leaf("%d bits %x" % (size, int.__and__(value, (1 << seen) - 1)))
    return leaf("%x" % int.__index__(value))


def open_text(value, budget):
    size = str.__len__(value)
    return leaf("%d %s" % (size, str.__getitem__(value, slice(budget.spend(size)))))


def by_repr(base):
    text_of = base.__repr__

    def opener(value, budget):
        text = text_of(value)
        return leaf(text[:budget.spend(len(text))])
    return opener


def by_bytes(base):
    def opener(value, budget):
        size = base.__len__(value)
        part = base.__getitem__(value, slice(budget.spend(size)))
        return leaf("%d %s" % (size, base.decode(part, "latin-1")))
    return opener


def open_array(value, budget):
    size = array.__len__(value)
    item_bytes = _item_bytes(value)
    part = array.__getitem__(value, slice(budget.spend(size * item_bytes) // item_bytes))
    return leaf("%d %s %s" % (size, part.typecode, part.tobytes().decode("latin-1")))


_item_bytes = array.__dict__["itemsize"].__get__


def open_memory(value, budget):
    try:
        size = value.nbytes
        text = "%s %r %d" % (value.format, value.shape, size)
    except ValueError:
        return leaf("released")
    if budget.spend(size) < size:
        return leaf(text)
    return leaf(text + " " + value.tobytes().decode("latin-1"))


def open_range(value, budget):
    first, last, step = bounds = value.start, value.stop, value.step
    if any([type(bound) is not int for bound in bounds]):  # Python 3.9 keeps what a class of the candidate's calls an int
        return "", bounds, ORDERED
    size = max(0, (last - first + step - (1 if step > 0 else -1)) // step)
    return "", (size, first if size else 0, step if size > 1 else 0), ORDERED
