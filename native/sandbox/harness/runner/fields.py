"""What the objects of a class keep, read through the descriptors that Python itself made for the class.

A class says nothing about itself here: no attribute is asked for, only its own dictionary is read. What a class that
was written in C keeps beside its descriptors is found by the size of its objects; such a class is opaque unless
standard_types.py knows how to look into it.
"""
from builtins import AttributeError, dict, frozenset, id, len, object, str, type, zip
from enum import Enum
from types import GetSetDescriptorType, MemberDescriptorType

from known import HEAP_TYPE, ancestors_of, flags_of, full_name, module_of, name_of, own_names_of
from opened import open_opaque
from standard_types import OPENERS, opener_by_name

_POINTER_BYTES = 8
_MAX_PLANS = 500

_bases_of = type.__dict__["__base__"].__get__
_bytes_of = type.__dict__["__basicsize__"].__get__
_getset_name = GetSetDescriptorType.__dict__["__name__"].__get__

# Fields that are no part of a value: what refers back to the class, and what is kept so as not to be computed again.
_OF_ENUM = frozenset(("__objclass__", "_sort_order_", "_inverted_"))
# Of these classes, the only ones that count; the others are kept so as not to be computed again.
_ONLY = {
    ("ipaddress", "IPv4Network"): ("network_address", "_prefixlen"),
    ("ipaddress", "IPv6Network"): ("network_address", "_prefixlen"),
    ("ipaddress", "IPv4Interface"): ("_ip", "_prefixlen"),
    ("ipaddress", "IPv6Interface"): ("_ip", "_prefixlen", "_scope_id"),
    ("typing", "_SpecialForm"): ("_name",),
}
# Their objects are looked into by name.
_LAZY_MODULES = ("pathlib", "pathlib._local", "pathlib._abc", "zoneinfo")

_plans = {}  # by the identity of the class


class Plan:
    """How the objects of one class are looked at."""

    __slots__ = ("kind", "name", "opener", "slots", "dict_of", "only", "hidden")

    def __init__(self, kind):
        self.kind = kind  # kept alive, so that no other class gets its identity
        self.name = name_of(kind)
        if flags_of(kind) & HEAP_TYPE:
            self.name = "%s.%s" % (module_of(kind), self.name)
        self.opener = self.only = None
        self.hidden = ()
        self.slots = []
        self.dict_of = None
        for ancestor in ancestors_of(kind):
            if ancestor is Enum:
                self.hidden = _OF_ENUM
            if id(ancestor) not in OPENERS:
                self._look_at(ancestor)
        self._find_opener(kind)

    def _look_at(self, ancestor):
        module, name = module_of(ancestor), name_of(ancestor)
        if module in _LAZY_MODULES and full_name(ancestor, module, name):
            return  # its opener knows what counts
        if type(module) is str and (module, name) in _ONLY and full_name(ancestor, module, name):
            self.only = self.only or _ONLY[module, name]
        for name, member in own_names_of(ancestor).items():
            if type(member) is MemberDescriptorType:
                self.slots.append((name, member))
            elif type(member) is GetSetDescriptorType and type(name) is str and name == "__dict__" == _getset_name(member):
                self.dict_of = self.dict_of or member

    def _find_opener(self, kind):
        """The nearest ancestor that keeps something which no descriptor shows."""
        while kind is not object:
            base = _bases_of(kind)
            name, self.opener = OPENERS.get(id(kind)) or (None, opener_by_name(kind))
            if self.opener is None and _keeps_more(kind, base):
                self.opener = open_opaque
            if self.opener is not None:
                self.name = self.name if name is None else self.name + " of " + name
                return
            kind = base

    def fields_of(self, value):
        """Names and contents, one after the other."""
        fields = []
        for name, member in self.slots:
            try:
                fields += name, member.__get__(value)
            except AttributeError:
                pass  # not set
        if self.dict_of is not None:
            for name, item in dict.items(self.dict_of.__get__(value)):
                fields += name, item
        if self.only or self.hidden:
            named = [(name, item) for name, item in zip(fields[::2], fields[1::2]) if type(name) is str]
            counts = lambda name: name in self.only if self.only else name not in self.hidden  # noqa: E731
            fields = [part for pair in named if counts(pair[0]) for part in pair]
        return fields


def plan_of(kind):
    known = _plans.get(id(kind))
    if known is None:
        if len(_plans) >= _MAX_PLANS:
            _plans.clear()
        known = _plans[id(kind)] = Plan(kind)
    return known


def forget_plans():
    _plans.clear()


def _keeps_more(kind, base):
    shown = 0
    for name, member in own_names_of(kind).items():
        shown += type(member) is MemberDescriptorType or type(name) is str and name in ("__dict__", "__weakref__")
    return _bytes_of(kind) - _bytes_of(base) > shown * _POINTER_BYTES
