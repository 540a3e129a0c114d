"""A value as a text: its class and its contents.

Nothing of the candidate's is called for it: no __repr__, __eq__, __hash__, __iter__ or property of its classes or of
their metaclasses. Addresses never show; sets and dictionaries have no order. What holds other values is opened without
recursion, so that depth is no limit of its own. Values with different texts differ. Values with equal texts are alike,
unless the budget says that they were not told apart.
"""
from builtins import bool, float, id, int, len, list, max, range, sorted, str, tuple, type, zip
from itertools import islice

try:
    from _blake2 import blake2b  # hashlib loads a large library for it
except ImportError:
    from hashlib import blake2b

from budget import HOLDER, PART
from fields import plan_of
from opened import ORDERED, PAIRS, Part, open_opaque
from standard_types import OPENERS

_SMALL = 1 << 2 * PART
_MAX_TEXT = 400  # of what is held: of a longer one, its digest stands in the text of what holds it


class _Holder:
    """A value whose parts are not all known yet."""

    __slots__ = ("value", "head", "parts", "holes", "mode", "at")

    def __init__(self, value, head, parts, members, mode):
        self.value = value
        self.head = head
        self.parts = parts
        self.holes = [(at, members[at]) for at in range(len(parts) - 1, -1, -1) if parts[at] is None]
        self.mode = mode
        self.at = 0  # its place in what holds it


def digest(text):
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def describe(value, budget):
    """Raises what C code raises when it meets odd values."""
    text = describe_scalar(value)
    if text is not None:
        return text
    holder = _opened(value, budget)
    return holder if type(holder) is str else _filled(holder, budget)


def _filled(holder, budget):
    """The text of a holder when all that it holds was looked at."""
    levels = {id(holder.value): 0}  # of what is open, by identity
    outer = []
    while True:
        if holder.holes:
            at, item = holder.holes.pop()
            level = levels.get(id(item))
            inner = _opened(item, budget) if level is None else "within itself %d" % level
            if type(inner) is str:
                holder.parts[at] = inner
            else:
                outer.append(holder)
                levels[id(item)] = len(outer)
                inner.at = at
                holder = inner
        else:
            text = _joined(holder.head, holder.parts, holder.mode, budget)
            if not outer:
                return text
            del levels[id(holder.value)]
            inner, holder = holder, outer.pop()
            holder.parts[inner.at] = text if len(text) < _MAX_TEXT else digest(text)


def describe_scalar(value):
    """The text of what is most common; None of anything else."""
    kind = type(value)
    if kind is int:
        return f"int {value:x}" if -_SMALL < value < _SMALL else None
    if kind is str:
        return f"str {len(value)} {value}" if len(value) <= PART else None
    if kind is float:
        return "float " + float.__repr__(value)
    if kind is bool:
        return "true" if value else "false"
    return "none" if value is None else None


def _opened(value, budget):
    """A text if the value holds nothing that must be looked at on its own."""
    kind = type(value)
    if not budget.pay(1 if kind is str else HOLDER):
        return ""
    known = OPENERS.get(id(kind))
    if known is not None:
        name, opener = known
        detail, members, mode = opener(value, budget)
    elif kind is Part:
        name = ""
        detail, members, mode = value.opener(value.value, budget)
    else:
        plan = plan_of(kind)
        name = plan.name
        detail, members, mode = _open_object(plan, value, budget)
    head = name + " " + detail
    if type(members) is not list and type(members) is not tuple:
        members = list(islice(members, max(budget.left, 0) + 1))
    if not members:
        return head
    if len(members) > budget.left:
        members = members[:max(budget.left, 0)]
        budget.use_up()
    else:
        budget.left -= len(members)
    parts = [describe_scalar(member) for member in members]
    if None in parts:
        return _Holder(value, head, parts, members, mode)
    return _joined(head, parts, mode, budget)


def _open_object(plan, value, budget):
    opener = plan.opener
    if opener is open_opaque:
        return opener(value, budget)
    fields = plan.fields_of(value)
    if opener is None:
        return "", fields, PAIRS
    if not fields:
        return opener(value, budget)
    return "", (Part(value, opener), Part(fields, _open_fields)), ORDERED


def _open_fields(fields, budget):
    return "", fields, PAIRS


def _joined(head, parts, mode, budget):
    if mode == ORDERED:
        return "%s[%s]" % (head, ",".join(parts))
    if budget.left < 0:  # which ones were looked at depends on their order
        return head
    if mode == PAIRS:
        parts = [key + ":" + item for key, item in zip(parts[::2], parts[1::2])]
    return "%s{%s}" % (head, ",".join(sorted(parts)))
