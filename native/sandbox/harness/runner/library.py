"""The standard library as it was before the candidate: its functions, classes and methods, known by identity.

Pictured once in the warm interpreter, and in a child only what is imported later. A candidate that puts something else
in such a place and leaves it there decides what the unit test's own calls mean. Counters, caches and other data that
the library itself rebinds are not looked at; functions that honest code has it rebind are named in _FREE.
"""
from own import BUILTINS as __builtins__

import builtins
import decimal
import importlib
import os
import sys
import types
from operator import is_

_HEAP_TYPE, _IMMUTABLE_TYPE = 1 << 9, 1 << 8
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType)
_CODE = (*_FUNCTIONS, type)
# Their numbers and texts are what a unit test compares with, too.
_CONSTANT = ("math", "cmath", "string")
# A key is asked for here before its class is: a new one for one of Python's own classes counts.
_TABLES = ("copy._copy_dispatch", "copy._deepcopy_dispatch", "copyreg.dispatch_table", "pprint.PrettyPrinter._dispatch")
_OTHERS = ("__main__", "builtins", "solution", "unit_test")  # builtins: see machinery.py
# Comes to be there when somebody asks, and nothing is called by it.
_LAZY = frozenset(
    "__annotations__ __annotate__ __annotate_func__ __annotations_cache__ __abstractmethods__ __warningregistry__ "
    "__builtins__ __doc__ __path__ __spec__ __loader__".split()
)
_FREE = frozenset((
    # Meant to be replaced, by their documentation.
    "warnings.showwarning", "warnings.formatwarning", "sys.excepthook", "sys.displayhook", "sys.unraisablehook",
    "sys.breakpointhook", "threading.excepthook", "TestLoader.sortTestMethodsUsing",
    # By catch_warnings(), logging.captureWarnings(), setLoggerClass() and setLogRecordFactory().
    "warnings._showwarnmsg_impl", "logging._loggerClass", "logging._logRecordFactory",
    # In a child that was forked, and in each thread.
    "threading._main_thread", "threading._dangling",
    # What many a script says to do without certificates.
    "ssl._create_default_https_context",
))  # fmt: skip

_modules = sys.modules
_names_of = type.__dict__["__dict__"].__get__
_ancestors_of = type.__dict__["__mro__"].__get__
_subclasses_of = type.__subclasses__
_function = types.FunctionType
_module = types.ModuleType
_context = decimal.getcontext
_import_module = importlib.import_module
# These print, open windows, or are nothing but this.
_NOT_AHEAD = ("this", "antigravity", "__main__", "idlelib", "test", "tkinter", "turtle", "turtledemo")
_HARNESS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_FOLDER = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
_PACKAGES = "-packages" + os.sep
_of_builtins = frozenset(name for name in vars(builtins) if name[0] != "_")


def is_of_library(module):
    """Whether it comes with Python: compiled in, frozen, or from a file of the standard library's own folder."""
    origin = getattr(getattr(module, "__spec__", None), "origin", None)
    if type(origin) is not str:
        return False
    return origin in ("built-in", "frozen") or origin.startswith(_FOLDER) and _PACKAGES not in origin


class Library:
    def __init__(self):
        self.seen = {}  # what was pictured, by id
        self.modules = []  # (name, module, its class)
        self.spaces = []  # (label, namespace, its length, get, names, values, who has it): of modules, classes, instances
        self.classes = {}  # by id: (label, class, its ancestors, its class, its namespace, names)
        self.instances = []  # (label, namespace, names, class, instance)
        self.named = []  # (label, namespace, names) of modules
        self.lazy = []  # the same, of those that make names when they are asked for them
        self.tables = []  # (label, dict, keys, values, whether a new key counts)
        self.cells = []  # (label, cell of a closure, what it holds)
        self.codes = []  # (label, function, code, defaults) of those that no audit hook watches
        self.add(True)

    def begin(self, reached):
        """Imports what the cell's texts are going to, so that the originals are known before the candidate runs."""
        for module, names in reached:
            _import(module, names)
        self.add()

    def add(self, watched=False):
        """Pictures what is loaded by now and was not before. `watched`: the audit hook knows its functions."""
        found = []
        for name, module in list(_modules.items()):
            if name in _OTHERS or type(module) is not _module or id(module) in self.seen or not is_of_library(module):
                continue
            if not (getattr(module, "__file__", None) or "").startswith(_HARNESS):
                self.seen[id(module)] = module
                found.append((name, module, type(module)))
        self.modules += found
        for name, module, _ in found:
            names = self._add_space(name, vars(module), watched, None)
            for some in (self.named, self.lazy)[: 1 + ("__getattr__" in names)]:
                some.append((name, vars(module), names))

    def _add_space(self, label, space, watched, owner):
        names, values = [], []
        for name, value in list(space.items()):
            if type(name) is str and name not in _LAZY and label + "." + name not in _FREE:
                if _counts(value) or label in _CONSTANT and type(value) in (int, float, complex, str):
                    names.append(name)
                    values.append(value)
                    self._add_value(label + "." + name, value, watched)
                elif type(value) is dict:
                    self._add_table(label + "." + name, value)
        get, names = space.get, tuple(names)
        self.spaces.append((label, space, len(space), get, names, tuple(values), owner))
        return names

    def _add_value(self, label, value, watched):
        value = value.__func__ if type(value) in (staticmethod, classmethod) else value
        if id(value) in self.seen or type(value) is _module:
            return
        if isinstance(value, type):
            self._add_class(value, watched)
        elif type(value) is _function:
            self.seen[id(value)] = value
            if value.__kwdefaults__:
                self._add_table(label + ".__kwdefaults__", value.__kwdefaults__, True)
            self.cells += [(label, cell, held) for cell, held in _cells_of(value)]
            if not watched:
                self.codes.append((label, value, value.__code__, value.__defaults__))
        elif _is_instance(value):
            self.seen[id(value)] = value
            names = self._add_space(label, value.__dict__, watched, None)
            self.instances.append((label, value.__dict__, names, type(value), value))

    def _add_class(self, one, watched):
        if not _is_changeable(one) or not is_of_library(_modules.get(_names_of(one).get("__module__"))):
            return
        self.seen[id(one)] = one
        label = "%s.%s" % (one.__module__, one.__qualname__)
        space = _names_of(one)
        names = self._add_space(label, space, watched, one)
        self.classes[id(one)] = (label, one, _ancestors_of(one), type(one), space, names)

    def _add_table(self, label, table, whole=False):
        if id(table) in self.seen:
            return
        new = whole or label in _TABLES
        if new or table and label != "sys.modules" and all([isinstance(value, _CODE) for value in table.values()]):
            self.seen[id(table)] = table
            self.tables.append((label, table, tuple(table), tuple(table.values()), new))

    def changes(self, names, free):
        """What is another object now, by name. `names`: of the attributes that the candidate sets; "*": whatever
        it likes. `free`: names that the unit test's own text may have changed."""
        if "*" in (free or ()):
            return []
        found = self._all_changes() if "*" in names else [one for name in names for one in self._changes_of(name)]
        return [one for one in found if one not in _FREE and one.rpartition(".")[2] not in (free or ())]

    def _changes_of(self, name):
        # Looked for each time: a table by name would be a tenth of the memory that every child is forked with.
        known = [
            (label, get, values[names.index(name)], owner)
            for label, _, _, get, names, values, owner in self.spaces
            if name in names
        ]
        found = [label + "." + name for label, get, value, _ in known if not _is_same(value, get(name))]
        kinds = [owner for _, _, _, owner in known if owner is not None]
        while kinds:
            kinds = [heir for kind in kinds for heir in _subclasses_of(kind) if id(heir) in self.classes]
            for label, _, _, _, space, names in [self.classes[id(heir)] for heir in kinds]:
                if name in space and name not in names and _counts(space[name]):
                    found.append(label + "." + name)
        for label, space, names, kind, _ in self.instances if known else ():
            if name in space and name not in names and _counts(space[name]) and _has(kind, name):
                found.append(label + "." + name)
        for label, space, names in self.named if name in _of_builtins else self.lazy:
            if name in space and name not in names and not self._is_known(space[name]):
                found.append(label + "." + name)
        return found

    def _all_changes(self):
        found = []
        for label, space, length, get, names, values, owner in self.spaces:
            if not all(map(is_, map(get, names), values)):
                found += [label + "." + name for name, value in zip(names, values) if not _is_same(value, get(name))]
            if len(space) != length:
                found += self._additions(label, space, names, owner)
        for label, table, keys, values, new in self.tables:
            if not all(map(_is_same, values, map(table.get, keys))):
                found.append(label)
            elif new and len(table) != len(keys):
                known = set(map(id, keys))
                others = [(key, value) for key, value in list(table.items()) if id(key) not in known]
                found += [label for key, value in others if not _is_of_package(value) and self._is_taken(key)][:1]
        found += [label + ".__closure__" for label, cell, held in self.cells if _held_by(cell) is not held]
        for label, function, code, defaults in self.codes:
            if function.__code__ is not code or function.__defaults__ is not defaults:
                found.append(label + ".__code__")
        for label, one, ancestors, kind, _, _ in self.classes.values():
            if type(one) is not kind or _ancestors_of(one) != ancestors:
                found.append(label)
        found += [label for label, _, _, kind, one in self.instances if type(one) is not kind]
        for name, module, kind in self.modules:
            if type(module) is not kind or _modules.get(name, module) is not module:
                found.append(name)
        return found

    def _additions(self, label, space, names, owner):
        """What is new and asked for before what was there: by inheritance, or before a builtin."""
        found = [name for name, value in list(space.items()) if type(name) is str and name not in names and _counts(value)]
        found = [name for name in found if name not in _LAZY and not _is_of_package(space[name])]
        if owner is not None:
            found = [name for name in found if _has(owner, name, 1)]
        elif any([one is space for _, one, _ in self.named]):
            lazy = "__getattr__" in names
            found = [name for name in found if (lazy or name in _of_builtins) and not self._is_known(space[name])]
        else:
            kinds = [kind for _, one, _, kind, _ in self.instances if one is space]
            found = [name for name in found if kinds and _has(kinds[0], name)]
        return [label + "." + name for name in found]

    def _is_known(self, value):
        """Whether it is the library's own: such as a name that a module makes when it is asked for."""
        if type(value) is types.BuiltinFunctionType or type(value).__module__ == "typing":
            return True
        if type(value) is _module:
            return is_of_library(value)
        if type(value) is _function:
            return value.__code__.co_filename.startswith(_FOLDER)
        if not issubclass(type(value), type):
            return False
        module = _modules.get(_names_of(value).get("__module__"))
        functions = [one for one in _names_of(value).values() if type(one) is _function]
        home = list(getattr(module, "__dict__", {}).values()) if is_of_library(module) else ()
        return any([one is value for one in home]) and all(map(self._is_known, functions))

    def _is_taken(self, key):
        """Whether it is a class of Python's own; others may say how they are copied."""
        if not issubclass(type(key), type) or id(key) in self.classes:
            return True
        return not _is_changeable(key) and is_of_library(_modules.get(key.__module__))


def is_narrow_context():
    """Whether decimals have a range of exponents in which most numbers are none, or all the same."""
    context = _context()
    return context.Emax < 9 or context.Emin > -9


def _import(module, names):
    """What fails here, or is slow, fails or is slow once more for the text itself."""
    if module.partition(".")[0] in _NOT_AHEAD:
        return
    try:
        found = _import_module(module)
        for name in names:
            if not hasattr(found, name) and hasattr(found, "__path__"):
                _import_module(module + "." + name)
    except Exception:
        pass


def _held_by(cell):
    try:
        return cell.cell_contents
    except ValueError:  # it is empty
        return None


def _cells_of(function):
    """Those that hold what somebody calls: not a counter that the function keeps."""
    held = [(cell, _held_by(cell)) for cell in function.__closure__ or ()]
    return [(cell, value) for cell, value in held if _counts(value)]


def _is_same(value, now):
    return now is value or _is_of_package(now)


def _is_of_package(value):
    """Whether an installed package wrote it: typing_extensions, dill and others change the library when they are imported."""
    value = value.__func__ if type(value) is types.MethodType else value
    return type(value) is _function and _PACKAGES in value.__code__.co_filename


def _is_changeable(kind):
    return bool(kind.__flags__ & _HEAP_TYPE) and not kind.__flags__ & _IMMUTABLE_TYPE


def _is_instance(value):
    """Of a class of the library that is written in Python, such as the decoder of json.loads()."""
    kind = type(value)
    if not _is_changeable(kind) or type(kind) is not type or issubclass(kind, (int, str)):
        return False
    return is_of_library(_modules.get(kind.__module__)) and type(getattr(value, "__dict__", None)) is dict


def _counts(value):
    """Whether somebody calls it, asks it for attributes, or has it answer for an attribute."""
    kind = type(value)
    if kind in _FUNCTIONS or kind is _module or issubclass(kind, type):
        return True
    return any(["__get__" in _names_of(one) or "__call__" in _names_of(one) for one in _ancestors_of(kind)]) or _is_instance(value)


def _has(kind, name, above=0):
    return any([name in _names_of(one) for one in _ancestors_of(kind)[above:]])
