"""Answers: a `unittest` class in CodeRM's style, in which a comment comes before each assertion."""
import copy

OPENING = "```python\nimport unittest\n\n\nclass TestSolution(unittest.TestCase):\n"
METHOD = "    def test_"
METHOD_END = "(self):\n        # "
ASSERTION = "\n        self.assertEqual"
CLOSING = "```"
COMMENTS = {
    "empty": ("Nothing is given.", "The empty case."),
    "single": ("One element only.", "A single element."),
    "typical": ("A typical case.", "A usual input."),
    "longer": ("A longer input.", "More elements."),
    "zero": ("The number zero.",),
    "small": ("A small number.", "One digit."),
    "large": ("A larger number.", "More digits."),
}


def kind(arguments):
    """What sort of case these arguments are, told by the first one."""
    first = arguments[0]
    if isinstance(first, int):
        return "zero" if first == 0 else "small" if first < 10 else "large"
    return ("empty", "single")[len(first)] if len(first) < 2 else "typical" if len(first) < 5 else "longer"


# Around what is drawn by chance, and so cannot be learnt: training gives it less weight. Never in a text.
CHANCE, CERTAIN = "\x01", "\x02"


def listed(arguments):
    return ", ".join(map(repr, arguments))


def assertion(name, arguments, value, drawn=True):
    text = listed(arguments)
    return "(%s(%s), %r)" % (name, CHANCE + text + CERTAIN if drawn else text, value)


def comment(random, family, arguments):
    if family.work is None:
        return CHANCE + random.choice(COMMENTS[kind(arguments)]) + CERTAIN
    return "%s%s%s: %s." % (CHANCE, listed(arguments), CERTAIN, family.work(*arguments))


def methods(random, family, name, inputs):
    """The text of one class body: a method for each input."""
    names = set()
    for arguments in inputs:
        label = base = kind(arguments)
        while label in names:
            label = "%s_%d" % (base, len(names) + 1)
        names.add(label)
        value = family.answer(*copy.deepcopy(arguments))
        written = assertion(name, arguments, value, drawn=family.work is None)
        yield METHOD + CHANCE + label + CERTAIN + METHOD_END + comment(random, family, arguments) + ASSERTION + written


def answer(random, family, name, inputs):
    """The whole response for these inputs, chance marked."""
    return OPENING + "\n\n".join(methods(random, family, name, inputs)) + "\n" + CLOSING


def unmarked(text):
    """(the text without its marks, for each of its signs whether it came by chance)."""
    plain, chance, inside = [], [], False
    for sign in text:
        if sign in (CHANCE, CERTAIN):
            inside = sign == CHANCE
        else:
            plain.append(sign)
            chance.append(inside)
    return "".join(plain), chance
