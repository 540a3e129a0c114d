"""What a text's syntax tree says about what its execution can leave behind in the interpreter.

`plain`: nothing that another cell could notice, so the text may share a process. It is a list of permissions
(harmless.py): syntax, names, modules and attributes that are not known to be harmless are not plain, and cost no more
than a process of their own.
"""
import ast
import builtins
import sys

from harmless import (
    BUILTIN_TYPES, CLASS_METHODS, COMMON_ATTRIBUTES, FLAGS, FREE, GENERICS, HELD, MODULE, NOT_PLAIN_BUILTINS,
    PLAIN_ATTRIBUTES, PLAIN_DUNDER_STORES, SETTING, PLAIN_DUNDERS, PLAIN_MODULES, PLAIN_NAMES, TEXT_DUNDERS, functions_of,
    hands_classes_out, is_never_plain, kind_of,
)
from tree import by_type, is_dunder, is_main_guard, name_as_compiled, root_of

_SYNTAX = frozenset(
    getattr(ast, name, None)
    for name in """Module FunctionDef ClassDef Return Delete Assign AugAssign AnnAssign For While If With Raise Try TryStar
    Assert Import ImportFrom Global Nonlocal Expr Pass Break Continue BoolOp NamedExpr BinOp UnaryOp Lambda IfExp Dict Set
    ListComp SetComp DictComp GeneratorExp Yield YieldFrom Compare Call FormattedValue JoinedStr Constant Attribute
    Subscript Starred Name List Tuple Slice Load Store Del And Or Add Sub Mult MatMult Div Mod Pow LShift
    RShift BitOr BitXor BitAnd FloorDiv Invert Not UAdd USub Eq NotEq Lt LtE Gt GtE Is IsNot In NotIn comprehension
    ExceptHandler arguments arg keyword alias withitem Match match_case MatchValue MatchSingleton MatchSequence
    MatchMapping MatchStar MatchAs MatchOr""".split()
)
_STARRED = frozenset("__future__ bisect cmath collections datetime fractions functools heapq itertools math random statistics string typing".split())
_SINGLETONS = (None, True, False, Ellipsis)
_ODD_BASES = frozenset("type property classmethod staticmethod super".split())
_INITIALISED = BUILTIN_TYPES | {name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)}
_IDENTITY = ("assertIs", "assertIsNot")
_GIVEN_RESULTS = frozenset("run __call__ defaultTestResult".split())  # methods that unittest gives instances of its classes
_RAISING = frozenset("assertRaises assertRaisesRegex skipTest".split())  # they hand out instances of unittest's classes

# What of a text concerns the other text of a cell. `held`: names that it gives to modules, and to what may be changed;
# `gives`: other names that it gives to anything; `asks`: names that it has from elsewhere; `trusts`: builtins that it
# takes at their word; `sets`, `gets`: attributes that it gives to something of its own, and that it does not know;
# `functions`, `uncalled`: attributes that are functions of the library, and that it asks for without a call; `types`: it
# asks for the class of anything; `classes`: it has instances of classes that are written in Python.
_FACTS = "held gives asks trusts sets gets functions uncalled types classes".split()


FITS_MOST, FITS_ALL = 1, 2
NO_FACTS = (*[frozenset()] * 8, False, False)


class Traits:
    """What is known of one text. `alone`: no names come to it from another text, as they do to a unit test."""

    def __init__(self, tree, alone):
        self.alone = alone
        self.quiet = True  # sets no attribute but of `self`: nothing that it could reach is anybody else's
        self.imports = set()  # top-level modules
        self.names = {}  # that imports bind: (module, its name there, or None for the module itself)
        self.strange = set()  # what is imported from modules that are not plain
        self.nodes = by_type(tree)
        for fact in _FACTS:
            setattr(self, fact, set())
        self.types = self.classes = False
        self.common = False  # asks for attributes with the names of functions that cell.py looks at
        self.stores = False  # sets an attribute of anything
        self.leaving = []  # its methods __exit__
        self.defined = []
        honest = name_as_compiled(self._all(ast.ClassDef), self.defined)  # for all that look at this tree
        self._forget_main()
        syntax = honest and self.nodes.keys() <= _SYNTAX
        self._plain = syntax and self._imports() and self._binds() and self._generators()
        if self._plain:
            self._find_positions()
            self._plain = self._check()

    def plain(self, is_alias):
        """`is_alias(name)`: no installed module has this name, so that it stands for the candidate."""
        return self._plain and all(name in PLAIN_MODULES or is_alias(name) for name in self.imports)

    def facts(self):
        """Can be marshalled."""
        found = [getattr(self, fact) for fact in _FACTS]
        return tuple(frozenset(fact) if isinstance(fact, set) else fact for fact in found)

    def ease(self):
        """How easily it fits another one: FITS_ALL nothing of it concerns a text that is easy too; FITS_MOST only the names
        that it gives to what is imported; False anything else. A look at the facts costs a child copies of their pages."""
        if self.gets or self.uncalled or self.types or self.common or not self.alone and self.trusts:
            return False
        return FITS_MOST if self.alone and self.held else FITS_ALL

    def _forget_main(self):
        """What is executed only as a main program is not looked at, since nothing here ever is one."""
        dead = [node for guard in self.nodes.get(ast.If, ()) if is_main_guard(guard.test) for node in guard.body]
        if not dead or any(name.id == "__name__" and not isinstance(name.ctx, ast.Load) for name in self._all(ast.Name)):
            return
        known = {id(inner) for node in dead for inner in ast.walk(node)}
        for kind, nodes in list(self.nodes.items()):
            self.nodes[kind] = [node for node in nodes if id(node) not in known]
            if not self.nodes[kind]:
                del self.nodes[kind]

    def _all(self, *kinds):
        if len(kinds) == 1:
            return self.nodes.get(kinds[0], ())
        return [node for kind in kinds for node in self.nodes.get(kind, ())]

    # Imports, and other names.

    def _imports(self):
        for node in self._all(ast.Import):
            for alias in node.names:
                top = alias.name.split(".")[0]
                self.imports.add(top)
                if top in PLAIN_MODULES and alias.name not in PLAIN_NAMES:
                    return False
                self._import(alias.asname or top, alias.name if alias.asname else top, None)
        plain = all(map(self._import_from, self._all(ast.ImportFrom)))
        self.alone = self.alone and "*" not in self.strange
        self.asks |= self.strange
        return plain and self.strange.isdisjoint(self.held)

    def _import_from(self, node):
        module = node.module
        if node.level or not module:
            return False
        self.imports.add(module.split(".")[0])
        if module not in PLAIN_NAMES:
            self.strange.update(alias.name for alias in node.names)
            return module.split(".")[0] not in PLAIN_MODULES
        for alias in node.names:
            if alias.name == "*":
                if module not in _STARRED or module not in sys.modules:
                    return False
                for name in _public(module):
                    self._import(name, module, name)
            elif kind_of(module, alias.name) is None:
                return False
            else:
                self._import(alias.asname or alias.name, module, alias.name)
        return True

    def _import(self, bound, module, name):
        if self.names.setdefault(bound, (module, name)) != (module, name):
            self.names[bound] = ("math", "")  # one name for two things is not known to be harmless
        kind = MODULE if name is None else kind_of(module, name) if module in PLAIN_NAMES else None
        if kind is not FREE:
            self.held.add(bound)

    def _binds(self):
        """Names and attributes that the text itself defines; whether they are harmless ones."""
        functions, classes = self._all(ast.FunctionDef), self._all(ast.ClassDef)
        stored = [name.id for name in self._all(ast.Name) if not isinstance(name.ctx, ast.Load)]
        self.rebound = set(stored)
        self.rebound.update(node.arg for node in self._all(ast.arg))
        self.rebound.update(node.name for node in functions)
        self.rebound.update(node.name for node in self._all(ast.ExceptHandler, *_CAPTURES) if node.name)
        self.rebound.update(node.rest for node in self._all(*_MAPPINGS) if node.rest)
        self.gives.update(self.rebound, (node.name for node in classes), self.names)
        self.own_classes = {node.name for node in classes} - self.rebound
        for node in classes:
            for inner in node.body:
                targets = inner.targets if isinstance(inner, ast.Assign) else [inner.target] if isinstance(inner, ast.AnnAssign) else []
                self.sets.update(name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))
        self.sets.update(node.name for node in functions)
        self.sets.update(node.name for node in classes)
        self.sets.update(node.attr for node in self._all(ast.Attribute) if isinstance(node.ctx, ast.Store))
        dunders = {name for name in self.rebound if is_dunder(name)}
        self.classes = not _GIVEN_RESULTS.isdisjoint(self.sets)
        return dunders <= PLAIN_DUNDER_STORES and not any(map(is_dunder, self.names))

    def _generators(self):
        """A generator that is collected goes on behind its `yield`, at a time that other cells decide."""
        if not self._all(ast.Yield, ast.YieldFrom):
            return True
        protected = self._all(ast.Try, *_TRY_STARS, ast.With)
        return not any(isinstance(inner, (ast.Yield, ast.YieldFrom)) for node in protected for inner in ast.walk(node))

    # Positions in which what is held back may stand.

    def _find_positions(self):
        self.called = {id(node.func) for node in self._all(ast.Call)}
        self.asked = {id(node.value) for node in self._all(ast.Attribute)}
        self.with_calls = {id(node.context_expr.func) for node in self._all(ast.withitem) if isinstance(node.context_expr, ast.Call)}
        self.allowed = set()
        self.wrapping = set()  # `@wraps(f)`: what wraps() gives holds a function of the library
        self.safe_types = set()  # calls of type() of which nothing is kept
        self.in_hashes = set()
        if self.alone and not self.names and ast.ClassDef not in self.nodes:
            if not any(name.id == "type" for name in self._all(ast.Name)):
                return  # nothing is held back that could stand anywhere
        for node in self._all(ast.Assign):
            self._alias(node)
        for node in self._all(ast.ClassDef):
            self._allow(*node.decorator_list)
            for base in node.bases:
                self._allow_type(base)
        for node in self._all(ast.FunctionDef):
            self._allow(*node.decorator_list)
            calls = [one for one in node.decorator_list if isinstance(one, ast.Call)]
            self.wrapping.update(id(one.func) for one in calls if len(one.args) == 1 and not one.keywords)
            if node.returns:
                self._allow_type(node.returns)
            if node.name == "__hash__":
                self.in_hashes.update(id(inner) for inner in ast.walk(node))
        for node in self._all(ast.arg, ast.AnnAssign):
            if node.annotation:
                self._allow_type(node.annotation)
        for node in self._all(ast.ExceptHandler):
            self._allow_tuple(node.type)
        for node in self._all(ast.Raise):
            self._allow(node.exc)
        for node in self._all(ast.Call):
            self._allow_arguments(node)
        for node in self._all(ast.Compare):
            if all(map(self._is_type, [node.left, *node.comparators])):
                self.safe_types.update(map(id, [node.left, *node.comparators]))
        for node in self._all(ast.Attribute):
            if node.attr == "__name__":
                self.safe_types.add(id(node.value))

    def _allow(self, *nodes):
        self.allowed.update(map(id, nodes))

    def _allow_tuple(self, node):
        self._allow(node, *(node.elts if isinstance(node, ast.Tuple) else ()))

    def _allow_type(self, node):
        """Names in what stands for a type: [] and | are then the library's own, and hand nothing out."""
        parts = self._parts_of_type(node)
        if parts is not None:
            self._allow(*parts)

    def _parts_of_type(self, node):
        if isinstance(node, ast.Constant):
            return []
        if isinstance(node, (ast.Name, ast.Attribute)):
            known = self._imported(node) or isinstance(node, ast.Name) and (node.id in self.own_classes or self._trusted(node.id, BUILTIN_TYPES | GENERICS))
            return [node] if known else None
        if isinstance(node, ast.Subscript):
            base = node.value
            library = self._imported(base) or isinstance(base, ast.Name) and self._trusted(base.id, GENERICS)
            parts = self._parts_of_type(node.slice) if library else None
            return None if parts is None else [base, *parts]
        if isinstance(node, (ast.Tuple, ast.List)):
            inner = node.elts
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            inner = [node.left, node.right]
        else:
            return None
        parts = list(map(self._parts_of_type, inner))
        return None if None in parts else sum(parts, [])

    def _imported(self, node):
        """(module, name) of what is imported, (module, None) of a module; None for everything else."""
        if isinstance(node, ast.Name):
            return self.names.get(node.id)
        if not isinstance(node, ast.Attribute):
            return None
        owner = self._imported(node.value)
        if owner is None or owner[0] not in PLAIN_NAMES:
            return None
        module = owner[0] if owner[1] is None else ".".join(owner)
        return (module, node.attr) if module in PLAIN_NAMES else None

    def _trusted(self, name, among):
        if name not in among or name in self.rebound or name in self.own_classes or name in self.names:
            return False
        self.trusts.add(name)
        return True

    def _alias(self, node):
        """`Grid = List[int]`: another name for what is held back."""
        target, value = node.targets[0], node.value
        if len(node.targets) != 1 or not isinstance(target, ast.Name):
            return
        made = isinstance(value, ast.Call) and self._imported(value.func) == ("typing", "TypeVar")
        if made or isinstance(value, ast.Subscript) and self._imported(value.value):
            self._allow_type(value)
            self._import(target.id, "typing", "Any")

    def _allow_arguments(self, node):
        function = node.func
        arguments = [*node.args, *[keyword.value for keyword in node.keywords]]
        if isinstance(function, ast.Name) and len(node.args) == 2 and self._trusted(function.id, {"isinstance", "issubclass"}):
            self._allow_tuple(node.args[1])
        if isinstance(function, ast.Attribute) and function.attr in CLASS_METHODS and function.attr != "__init__":
            self._allow(function.value)
        if (self._imported(function) or ("",))[0] == "re":
            while arguments:
                value = arguments.pop()
                if isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr):
                    arguments += [value.left, value.right]
                elif (self._imported(value) or ("", ""))[1] in FLAGS:
                    self._allow(value)

    def _is_type(self, node):
        """A class of Python's own, or the class of something."""
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            return all(map(self._is_type, node.elts))
        if isinstance(node, ast.Name):
            return self._trusted(node.id, BUILTIN_TYPES)
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and self._trusted(node.func.id, {"type"})

    # Checks, node by node.

    def _check(self):
        nodes = self.nodes
        for kind, check in _CHECKS.items():
            if kind in nodes:
                for node in nodes[kind]:
                    if not check(self, node):
                        return False
        if self.stores and not all(map(self._leaves_alone, self.leaving)):
            return False
        return self._all_names()

    def _all_names(self):
        """Most names are looked at once, however often they stand there."""
        loads = [node for node in self.nodes.get(ast.Name, ()) if type(node.ctx) is ast.Load]
        names = {node.id for node in loads}
        special = {name for name in names if name in NOT_PLAIN_BUILTINS or name[:2] == "__" or name in self.names}
        self.asks |= names - special
        if special:
            for node in loads:
                if node.id in special and not self._name(node):
                    return False
        return True

    def _name(self, node):
        name = node.id
        if name in self.names:
            return self._import_stands(node, self.names[name])
        if name == "type":
            return id(node) in self.allowed or id(node) in self.called and self._trusted(name, {"type"})
        if name in NOT_PLAIN_BUILTINS and not (name == "hash" and id(node) in self.in_hashes):
            return False
        if is_dunder(name) and name not in TEXT_DUNDERS and not (name in PLAIN_DUNDERS and name in self.rebound):
            return False
        self.asks.add(name)
        return True

    def _import_stands(self, node, imported):
        """Whether what is imported may stand here."""
        module, name = imported
        if name is None:  # a module is asked for its attributes and nothing else: under another name nobody knows it
            return id(node) in self.asked
        if module not in PLAIN_NAMES:
            return True
        kind = kind_of(module, name)
        if kind is None or kind is MODULE:
            return kind is MODULE and id(node) in self.asked
        if (module, name) == ("functools", "wraps") and id(node) not in self.wrapping:
            return False
        self.stores = self.stores or name in SETTING
        self.functions |= functions_of(module, name)
        self.classes = self.classes or hands_classes_out(module, name)
        if kind is HELD and name not in FLAGS and id(node) in self.called:
            return True
        return kind is FREE or id(node) in self.allowed

    def _attribute(self, node):
        name = node.attr
        if isinstance(node.ctx, ast.Load):
            imported = self._imported(node)
            if imported:
                return self._import_stands(node, imported)
            root = root_of(node)
            if isinstance(root, ast.Name) and self.names.get(root.id, ("math",))[0] not in PLAIN_NAMES:
                self.asks.add(name)  # of a module that stands for the candidate
                return not is_dunder(name) and name not in self.held
            if self.alone and isinstance(root, ast.Name) and root.id not in self.gives and not hasattr(builtins, root.id):
                return True  # nobody has this name
            return self._is_plain_attribute(node, name)
        self.stores = True
        root = root_of(node)
        if isinstance(root, ast.Name) and root.id in self.names or is_dunder(name):
            return False
        if not (isinstance(node.value, ast.Name) and root.id == "self"):
            self.quiet = False
        return isinstance(node.ctx, ast.Store) and not is_never_plain(name)

    def _is_plain_attribute(self, node, name):
        if is_dunder(name):
            if name == "__class__":
                return id(node) in self.safe_types or id(node) in self.called
            if name == "__init__" and not self._is_base(node.value):
                return False  # a property that is there already can be given another function
            return name in TEXT_DUNDERS or name in PLAIN_DUNDERS and id(node) in self.called
        if name in ("format", "format_map"):
            value = node.value
            return isinstance(value, ast.Constant) and isinstance(value.value, str) and "__" not in value.value
        if is_never_plain(name) or name == "subTest" and id(node) not in self.with_calls:
            return False
        if name in _RAISING:
            self.classes = True
        if id(node) not in self.called:
            if name in COMMON_ATTRIBUTES:
                self.common = True
            else:
                self.uncalled.add(name)
        if name not in PLAIN_ATTRIBUTES and name not in self.sets:
            self.gets.add(name)
        return True

    def _is_base(self, node):
        """What a class calls to begin its own instance."""
        if isinstance(node, ast.Call):
            return isinstance(node.func, ast.Name) and self._trusted(node.func.id, {"super"})
        if not isinstance(node, ast.Name):
            return False
        return node.id in self.own_classes or node.id in self.names or self._trusted(node.id, _INITIALISED)

    def _subscript(self, node):
        root = root_of(node)
        return isinstance(node.ctx, ast.Load) or not (isinstance(root, ast.Name) and root.id in self.names)

    def _call(self, node):
        function = node.func
        if isinstance(function, ast.Name) and function.id == "type":
            if len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred):
                return False
            if id(node) not in self.safe_types and id(node) not in self.called:
                self.types = True
        if isinstance(function, ast.Attribute) and function.attr in _IDENTITY:
            two = node.args[:2]
            return len(two) == 2 and (all(map(self._may_be_same, two)) or any(map(_is_singleton, two)))
        return True

    def _compare(self, node):
        """Which of equal objects somebody has got depends on what has been before: only some have no equals."""
        operands = [node.left, *node.comparators]
        for operator, left, right in zip(node.ops, operands, operands[1:]):
            if isinstance(operator, (ast.Is, ast.IsNot)) and not (_is_singleton(left) or _is_singleton(right)):
                if not (self._may_be_same(left) and self._may_be_same(right)):
                    return False
        return True

    def _may_be_same(self, node):
        return _is_singleton(node) or self._is_type(node)

    def _class(self, node):
        """The only keyword is the one that makes a class abstract."""
        if not self._function(node) or any(isinstance(base, ast.Starred) for base in node.bases):
            return False
        for keyword in node.keywords:
            if keyword.arg != "metaclass" or (self._imported(keyword.value) or ("", ""))[1] != "ABCMeta":
                return False
            self._allow(keyword.value)
        slots = [one.value for one in node.body if isinstance(one, ast.Assign) and _names(one.targets) == ["__slots__"]]
        return all(map(_are_slots, slots)) and not any(map(self._is_odd_base, node.bases))

    def _is_odd_base(self, node):
        """Of a metaclass; of descriptors, which are changed by their __init__; of files, which are closed when collected."""
        if isinstance(node, ast.Name) and node.id in _ODD_BASES:
            return True
        return (self._imported(node) or ("",))[0] == "io"

    def _function(self, node):
        if node.name == "__exit__":
            self.leaving.append(node)
        return not is_dunder(node.name) or node.name in PLAIN_DUNDERS

    def _leaves_alone(self, node):
        """Whether an __exit__ makes no use of the class of the exception that it is handed, which is everybody's."""
        arguments = node.args
        handed = {one.arg for one in [*arguments.posonlyargs, *arguments.args][1:]} | {one.arg for one in (arguments.vararg,) if one}
        return not any(isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and one.id in handed for one in ast.walk(node))


# Classes first: they allow what their keywords name.
_CHECKS = {
    ast.ClassDef: Traits._class,
    ast.FunctionDef: Traits._function,
    ast.Compare: Traits._compare,
    ast.Attribute: Traits._attribute,
    ast.Subscript: Traits._subscript,
    ast.Call: Traits._call,
}
_CAPTURES = [getattr(ast, name) for name in ("MatchAs", "MatchStar") if hasattr(ast, name)]
_MAPPINGS = [getattr(ast, name) for name in ("MatchMapping",) if hasattr(ast, name)]
_TRY_STARS = [getattr(ast, name) for name in ("TryStar",) if hasattr(ast, name)]


def fit(candidate, unit_test):
    """Whether a cell of two plain texts (Prepared) is plain: what one of them defines can give the other's names another
    meaning."""
    if unit_test.ease and candidate.ease:
        return candidate.ease == FITS_ALL or candidate.facts[0].isdisjoint(unit_test.facts[2])
    return _fit(candidate.facts, unit_test.facts)


def _fit(candidate, unit_test):
    held, gives, _, _, sets, gets, functions, uncalled, types, classes = candidate
    _, _, asks, trusts, own_sets, own_gets, own_functions, own_uncalled, own_types, own_classes = unit_test
    return (
        held.isdisjoint(asks)
        and gives.isdisjoint(trusts)
        and gets <= own_sets
        and own_gets <= sets
        and uncalled.isdisjoint(own_functions)
        and own_uncalled.isdisjoint(functions)
        and uncalled.isdisjoint(functions)
        and own_uncalled.isdisjoint(own_functions)
        and not ((types or own_types) and (classes or own_classes))
    )


def _is_singleton(node):
    return isinstance(node, ast.Constant) and any(node.value is one for one in _SINGLETONS)


def _names(nodes):
    return [getattr(node, "id", "") for node in nodes]


def _are_slots(node):
    names = node.elts if isinstance(node, (ast.Tuple, ast.List)) else [node]
    return all(isinstance(name, ast.Constant) and isinstance(name.value, str) and not is_dunder(name.value) for name in names)


def _public(module):
    found = vars(sys.modules[module])
    return found.get("__all__") or [name for name in found if name[:1] != "_"]

