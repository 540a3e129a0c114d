"""Openers for what holds other values, and for the views of it."""
from builtins import all, any, bool, dict, float, int, issubclass, len, map, str, tuple, type
from collections import OrderedDict, defaultdict, deque

from opened import ORDERED, PAIRS, UNORDERED, Part, chained, held_by, open_opaque

_SCALARS = (int, str, float, bool, type(None))


def sequence(base):
    def opener(value, budget):
        return "%d" % base.__len__(value), base.__iter__(value), ORDERED
    return opener


def unordered(base):
    def opener(value, budget):
        return "%d" % base.__len__(value), base.__iter__(value), UNORDERED
    return opener


def open_deque(value, budget):
    return "%d %r" % (deque.__len__(value), _most_of(value)), deque.__iter__(value), ORDERED


_most_of = deque.__dict__["maxlen"].__get__


def open_dict(value, budget):
    return "%d" % dict.__len__(value), chained(dict.items(value)), PAIRS


def open_defaultdict(value, budget):
    made_by = _factory_of(value)
    return open_dict(value, budget) if made_by is None else ("", (made_by, Part(value, open_dict)), ORDERED)


_factory_of = defaultdict.__dict__["default_factory"].__get__


def open_ordered_dict(value, budget):
    order = _order_of(value)
    if order is None:
        budget.untold = True
        return open_dict(value, budget)
    return "", (Part(value, open_dict), order), ORDERED


def _order_of(value):
    """Keys as they follow each other. They are looked up for it, and so must have no methods of the candidate's."""
    if dict.__len__(value) < 2:
        return ()
    return tuple(OrderedDict.__iter__(value)) if all(map(_is_simple, dict.keys(value))) else None


def _is_simple(key):
    kind = type(key)
    if kind is tuple:
        return all(map(_is_scalar, key))
    return _is_scalar(key)


def _is_scalar(value):
    kind = type(value)
    return any([kind is one for one in _SCALARS])


def open_keys(value, budget):
    held = held_by(value)[0]
    return "%d" % dict.__len__(held), dict.keys(held), UNORDERED


def open_items(value, budget):
    return open_dict(held_by(value)[0], budget)


def open_values(value, budget):
    held = held_by(value)[0]
    if issubclass(type(held), OrderedDict):
        order = _order_of(held)
        if order is None:
            return open_opaque(value, budget)
        if order:
            return "%d" % len(order), [dict.__getitem__(held, key) for key in order], ORDERED
    return "%d" % dict.__len__(held), dict.values(held), ORDERED
