"""What an object of a candidate's class answers, and whether the answer can be told from all others.

A right answer depends on what is asked: 9 - 4 is not 9 - 5. One that does not, where Python's own types would answer
differently, is made to be right whatever is expected. Each function here returns what the object lies about, or None.
Only plain answers count: what is of a class again, such as a term of a formula, is looked at by itself.
"""
from own import BUILTINS as __builtins__

import math
import operator
from itertools import islice

from equality import ODD_VALUES

# Near enough for a class that counts up to its operand, and far from what anybody expects. Either sign: a number that
# stays at its limit does so on one side, and one of a circle gives the same for all of these only where the circle has a
# single number.
FAR = (10007, 23002, -10012, -23001)
_ODD_TEXTS = ("\x02\u2603 nobody", "\x03 expects this")
_MOST_NUMBERS = 8
_MOST_ITEMS = 50
_PLAIN = frozenset(map(id, (int, float, complex, str, bytes, bool, type(None))))
_HOLDING = frozenset(map(id, (list, tuple, set, frozenset)))
_NUMBERS = frozenset(map(id, (int, float, complex, bool)))

_ORDERING = {"__lt__": operator.lt, "__le__": operator.le, "__gt__": operator.gt, "__ge__": operator.ge}
_RISING = ("__gt__", "__ge__")
# These give another number for each operand, whatever the object is.
_TELLING = {"sub": operator.sub, "add": operator.add, "xor": operator.xor}
# These do so but for an object that is nothing, or infinite; each with operands among which one must differ.
_SCALING = {
    "mul": (operator.mul, (1, 2, 3, *FAR), (0,)),
    "truediv": (operator.truediv, (1, 2, 3, *FAR), (0,)),
    "floordiv": (operator.floordiv, (1, 2, 3, *FAR), (0, -1)),
    "mod": (operator.mod, (1, 2, *FAR), (0,)),
    "pow": (operator.pow, (1, 2, 3), (0, 1)),
}
_UNARY = {
    "__int__": int,
    "__float__": float,
    "__complex__": complex,
    "__index__": operator.index,
    "__abs__": abs,
    "__neg__": operator.neg,
    "__pos__": operator.pos,
    "__invert__": operator.invert,
    "__round__": round,
    "__trunc__": math.trunc,
    "__floor__": math.floor,
    "__ceil__": math.ceil,
}
_AGAIN = {"__bool__": bool, "__hash__": hash, "__len__": len}  # not numbers: a die gives another each time


def _items(value):
    return list(islice(value, _MOST_ITEMS))


def _method(name):
    return lambda value: _listed(getattr(value, name)())


def _listed(answer):
    """What is iterated only once, such as keys, as a list."""
    return answer if id(type(answer)) in _PLAIN | _HOLDING else _items(answer)


_OF_NUMBERS = {**_UNARY, "as_integer_ratio": _method("as_integer_ratio"), "bit_length": _method("bit_length")}
_OF_NUMBERS.update({name: _method(name) for name in ("conjugate", "hex")})
_OF_NUMBERS.update({name: operator.attrgetter(name) for name in ("numerator", "denominator", "real", "imag")})
_OF_CONTAINERS = {"__len__": len, "__iter__": _items, "__reversed__": lambda value: _items(reversed(value))}
_OF_CONTAINERS["__getitem__"] = lambda value: [value[0], value[-1]]
_OF_TEXTS = {
    **_OF_CONTAINERS,
    **{
        name: _method(name)
        for name in """isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace
        istitle isupper capitalize casefold lower upper swapcase title strip lstrip rstrip split splitlines""".split()
    },
}
_OF_DICTS = {"__len__": len, "__iter__": _items, **{name: _method(name) for name in ("keys", "values", "items")}}
_OF_SETS = {"__len__": len, "__iter__": _items}
_QUERIES = [
    ((int, float, complex), _OF_NUMBERS),
    ((str, bytes), _OF_TEXTS),
    ((list, tuple), _OF_CONTAINERS),
    ((dict,), _OF_DICTS),
    ((set, frozenset), _OF_SETS),
]
QUERIES = {id(kind): queries for kinds, queries in _QUERIES for kind in kinds}
_FINDING = frozenset("startswith endswith count find rfind index rindex __contains__ issuperset issubset".split())
_TELLING_NAMES = {prefix + name: function for name, function in _TELLING.items() for prefix in ("", "r")}
_TELLING_NAMES.update(iadd=operator.iadd, isub=operator.isub, ixor=operator.ixor)
OPERATORS = (
    {"__eq__", "__ne__", "__divmod__", *_ORDERING, *_AGAIN, *_UNARY}
    | {"__%s__" % name for name in _TELLING_NAMES}
    | {"__%s%s__" % (prefix, name) for name in _SCALING for prefix in ("", "r")}
)
ASKED = frozenset(OPERATORS).union(_FINDING, *QUERIES.values())


def lie(twins, names, constants):
    """`names`: what the object's class, or the object itself, gives another meaning to (among ASKED)."""
    return (
        _of_equality(twins, names, constants)
        or _of_order(twins, names, constants)
        or _of_arithmetic(twins, names, constants)
        or _of_itself(twins, names)
        or _of_contents(twins, names, constants)
    )


def _of_equality(twins, names, constants):
    if not names & {"__eq__", "__ne__"}:
        return None
    twin, unequal = twins.make(), "__ne__" in names
    everything = all([_equal(twin, object(), unequal) for _ in range(2)])
    if everything or any([all([_equal(twin, one, unequal) for one in pair]) for pair in (*ODD_VALUES, (True, False))]):
        return "what it means to be equal"
    for value in constants:
        if all([_equal(twin, other, unequal) for other in _beside(value)]):
            return "what it means to be equal"
    return None


def _beside(value):
    """No right answer is equal to all of these; some are to one, and those that round to some."""
    if type(value) is str:
        return value + "q7", "7q" + value
    if type(value) is bytes:
        return value + b"q7", b"7q" + value
    return value + 1, value + 7, value + 23, 3 * abs(value) + 11


def _equal(one, other, unequal):
    """`unequal`: it has a meaning of its own for != too."""
    asks = (lambda: one == other, lambda: other == one, lambda: not _plain(one != other))
    return any([_says(ask) for ask in asks[: 3 if unequal else 2]])


def _says(ask):
    """Whether the answer is yes, in plain words."""
    try:
        answer = ask()
        return id(type(answer)) in _PLAIN and bool(answer)
    except BaseException:  # it knows its own kind only
        return False


def _plain(answer):
    return answer if id(type(answer)) in _PLAIN else True


def _of_order(twins, names, constants):
    """Less and greater than the same, and that more than once."""
    asked = [name for name in _ORDERING if name in names]
    if not asked:
        return None
    numbers = [value for value in constants if type(value) in (int, float)][-_MOST_NUMBERS:]
    texts = [value for value in constants if type(value) is str][-_MOST_NUMBERS:]
    twin = twins.make()
    for values in ({*FAR, *[one for value in numbers for one in (value - 1, value, value + 1)]}, {*_ODD_TEXTS, *texts}):
        rising = [name for name in asked if name in _RISING]
        falling = [name for name in asked if name not in _RISING]
        answers = [[_says_any(twin, value, names) for names in (rising, falling)] for value in values]
        if len([1 for above, below in answers if above and below]) > 1:
            return "how it is ordered"
        # One side is that of the builtin type, which knows what the object holds: a heap of the greatest turns the other.
        one_sided = twins.base is not None and not (rising and falling)
        if one_sided and len(answers) > 1 and all([above or below for above, below in answers]):
            return "how it is ordered"
    return None


def _says_any(twin, value, names):
    return any([_says(lambda: _ORDERING[name](twin, value)) for name in names])


def _of_arithmetic(twins, names, constants):
    numbers = [value for value in constants if type(value) in (int, float)][-_MOST_NUMBERS:]
    for name, function in _TELLING_NAMES.items():
        if "__" + name + "__" not in names:
            continue
        ask = _question(twins, function, name[0] == "r")
        far = [ask(value) for value in FAR]
        if _all_same(far) and not _is_itself(twins, far[0]):
            return "what it gives in arithmetic"
        for value in numbers:
            near = [ask(value + more) for more in (-3, -1, 0, 1, 3)]
            if _all_same(near) and not _is_itself(twins, near[0]) and not any([_same(near[0], one) for one in far]):
                return "what it gives in arithmetic"
        others = (_ODD_TEXTS, ([1], [2, 3]), ((1,), (2, 3)), ({1}, {2, 3}))
        if any([_all_same([ask(value, _only_plain) for value in values]) for values in others]):
            return "what it gives in arithmetic"
    if "__divmod__" in names:
        answers = [_question(twins, divmod, False)(value, _only_plain) for value in (1, 2, 3, *FAR)]
        if _all_same(answers) and answers[0] != (0, 0):
            return "what it gives in arithmetic"
    for name, (function, operands, exceptions) in _SCALING.items():
        for prefix in ("", "r"):
            if "__" + prefix + name + "__" in names:
                answers = [_question(twins, function, prefix == "r")(value) for value in operands]
                if _all_same(answers) and answers[0] not in exceptions and not _is_itself(twins, answers[0]):
                    return "what it gives in arithmetic"
    return None


def _question(twins, function, reflected):
    def ask(value, read=_number):
        try:
            twin = twins.make()
            return read(function(value, twin) if reflected else function(twin, value))
        except BaseException:  # it knows its own kind only
            return None

    return ask


def _number(answer, deep=True):
    """Of a class of its own, what it says of its size. Infinity is the same as itself whatever is added to it."""
    if id(type(answer)) in _NUMBERS:
        return answer if type(answer) is complex or math.isfinite(answer) else None
    if id(type(answer)) in _PLAIN or not deep:
        return None
    for read in (abs, float):
        try:
            number = _number(read(answer), False)
        except BaseException:  # it has none
            continue
        if number is not None:
            return number
    return None


def _is_itself(twins, number):
    """One that passes over an operand that it does not know, as a sum of money does, is no liar."""
    return twins.base is None and number != 0 and _same(_question(twins, lambda twin, _: twin, False)(None), number)


def _only_plain(answer):
    return answer if _is_plain(answer) and id(type(answer)) not in _NUMBERS else None


def _is_plain(answer):
    kind = id(type(answer))
    return kind in _PLAIN or kind in _HOLDING and all([_is_plain(one) for one in list(answer)[:_MOST_ITEMS]])


def _same(one, other):
    return type(one) is type(other) and one == other


def _all_same(answers):
    return answers[0] is not None and all([_same(one, answers[0]) for one in answers])


def _of_itself(twins, names):
    for name, ask in _AGAIN.items():
        if name in names:
            twin = twins.make()
            answers = [_answer(ask, twin) for _ in range(3)]
            if None not in answers and not _all_same(answers):
                return "what it says when it is asked again"
    return None


def _answer(ask, value):
    """In a list, if it is plain; None if there is no such answer."""
    try:
        answer = ask(value)
        return [answer] if _is_plain(answer) else None
    except BaseException:
        return None


def _of_contents(twins, names, constants):
    """Answers of a class that derives from a builtin type, beside those of that type."""
    base, contents = twins.base, twins.contents
    if base is None:
        return None
    for name, ask in QUERIES[id(base)].items():
        if name in names and _ignores(twins, ask):
            return "what it says of its contents"
    for name in names & _FINDING:
        if _finds_anything(twins, name, constants):
            return "what it says of its contents"
    return None


def _ignores(twins, ask):
    """Whether the answer is wrong, and the same for whatever an object of this class holds."""
    right, own = _answer(ask, twins.contents), _answer(ask, twins.make())
    if right is None or own is None or _same_answers(own, right):
        return False
    expected = [right]
    for contents in _others(twins.base, twins.contents):
        answer = _answer(ask, contents)
        if answer is None:
            continue
        expected.append(answer)
        try:
            other = twins.make_other(contents)
        except BaseException:
            return False
        answer = _answer(ask, other)
        if answer is None or not _same_answers(answer, own):
            return False
    return len(expected) > 2 and not all([_same_answers(one, right) for one in expected])


def _same_answers(one, other):
    return type(one[0]) is type(other[0]) and one == other


def _others(base, contents):
    if base is str or base is bytes:
        texts = ("zq", "ZQ", "17", "", " ", "Zq zq\n", "\x02")
        return [*(texts if base is str else [text.encode() for text in texts]), contents + contents]
    if base is list or base is tuple:
        return [contents + contents, contents[::-1], contents[:1], base([17]), base([3, 17]), base()]
    if base is dict:
        return [{}, {17: 3}, {**contents, 17: 3}]
    if base is set or base is frozenset:
        return [base(), base([17]), contents | {17}]
    return [base(0), base(5), base(10007), base(-23003), contents + 1, base(0.75)]


def _finds_anything(twins, name, constants):
    """Whether it finds what it does not hold, and that more than once."""
    base, contents = twins.base, twins.contents
    twin = twins.make_other(contents)
    if name == "issubset":
        return bool(contents) and _finds(twin, name, ())
    pairs = [pair for pair in ODD_VALUES if _may_ask(base, pair[0])]
    pairs += [_beside(value) for value in constants if _may_ask(base, value)]
    for pair in pairs:
        if name == "issuperset":
            pair = [{value} for value in pair if id(type(value)) in _PLAIN]
        if len(pair) > 1 and all([_finds(twin, name, one) and not _finds(contents, name, one) for one in pair]):
            return True
    return False


def _may_ask(base, value):
    return type(value) is base if base is str or base is bytes else id(type(value)) in _PLAIN


def _finds(value, name, wanted):
    try:
        answer = wanted in value if name == "__contains__" else getattr(value, name)(wanted)
    except BaseException:
        return False
    if type(answer) is bool:
        return answer
    return type(answer) is int and (answer > 0 or answer == 0 and "count" != name)
