"""The unit test's own classes and cases, which a candidate can reach while it runs (`__subclasses__`, `gc`, frames):
pictured before the first case, and looked at when each begins and ends."""
from own import BUILTINS as __builtins__

from unittest import TestCase

_NAMES = frozenset(name for name in dir(TestCase) if callable(getattr(TestCase, name))) - {"__class__"}


class Classes:
    def __init__(self, classes):
        self.pictures = [(one, type(one), one.__mro__, _members(one)) for one in classes]
        self.cases = {}

    def watch(self, case):
        """Pictures a case that was just made."""
        self.cases[id(case)] = (case, _members(case))

    def changes(self, case, begins):
        """What differs, by name."""
        found = [
            one.__name__
            for one, kind, ancestors, members in self.pictures
            if type(one) is not kind or one.__mro__ is not ancestors or not _same(members, _members(one))
        ]
        if begins and id(case) in self.cases and not _same(self.cases[id(case)][1], _members(case)):
            found.append("a case of " + type(case).__name__)
        return found


def _members(one):
    return {name: value for name, value in vars(one).items() if type(name) is str and (name in _NAMES or name[:4] == "test")}


def _same(before, now):
    return len(before) == len(now) and all([now.get(name, before) is value for name, value in before.items()])
