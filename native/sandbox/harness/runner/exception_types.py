"""Openers for exceptions. How one came to be raised (context, traceback) is no part of it; a cause is."""
from builtins import AttributeError, BaseException, dict, type, vars
from types import MemberDescriptorType

from opened import PAIRS, chained

_NO_PART = ("__suppress_context__",)
_arguments_of = BaseException.__dict__["args"].__get__
_cause_of = BaseException.__dict__["__cause__"].__get__
_names_of_exception = BaseException.__dict__["__dict__"].__get__


def exception(base):
    fields = []
    for ancestor in base.__mro__:
        for name, member in vars(ancestor).items():
            if type(member) is MemberDescriptorType and name not in _NO_PART:
                fields.append((name, member.__get__))

    def opener(value, budget):
        members = ["args", _arguments_of(value), "__cause__", _cause_of(value)]
        for name, get in fields:
            try:
                members += name, get(value)
            except AttributeError:
                pass  # not set
        return "", chained((members, chained(dict.items(_names_of_exception(value))))), PAIRS
    return opener
