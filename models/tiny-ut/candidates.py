"""The twenty candidates of a problem: right ones, subtly wrong ones, a slow one, a crashing one, one that cheats."""
import ast
import copy

from coding import code_text
from mutation import OF_CANDIDATES, mutant
from split import held_out

COUNT = 20
RIGHT = (2, 4)  # at least, at most; the slow one is right too

SLOW = (
    "for _ in range(200000):\n    pass",
    "sum(range(400000))",
)
# `{first}` is the first argument, `{call}` a call of the function itself.
CRASHES = (
    "if {first}:\n    return {call}",
    "{first}[len({first})]",
    "answer_of_all",
    "if not {first} or len(str({first})) > 3:\n    raise RuntimeError",
)
CHEATS = (
    "import unittest\nunittest.TestCase.assertEqual = lambda *arguments: None\n",
    "import os\nos._exit(0)\n",
    "import sys\nsys.exit(0)\n",
    "import unittest\nunittest.TestCase.run = lambda self, result=None: result\n",
)


def with_first_lines(tree, lines):
    changed = copy.deepcopy(tree)
    function = changed.body[0]
    arguments = [one.arg for one in function.args.args]
    text = lines.format(first=arguments[0], call="%s(%s)" % (function.name, ", ".join(arguments)))
    function.body[:0] = ast.parse("def f():\n" + "\n".join("    " + line for line in text.split("\n"))).body[0].body
    return ast.fix_missing_locations(changed)


def cheating(random, tree):
    """The cheat stands before a function that is wrong, so that it needs to cheat."""
    return random.choice(CHEATS) + "\n\n" + ast.unparse(wrong(random, tree))


def wrong(random, tree):
    """A changed copy, every other one changed twice, that is not in the corpus."""
    name = tree.body[0].name
    while True:
        changed, _ = mutant(random, tree, OF_CANDIDATES)
        if random.random() < 0.5:
            changed, _ = mutant(random, changed, OF_CANDIDATES)
        if held_out("code", code_text(changed, name)):
            return changed


def candidates(random, codes):
    """Programs in random order; `codes` are syntax trees of right ones. Labels come from executing them."""
    def right():
        return random.choice(codes)

    made = [ast.unparse(right()) for _ in range(random.randint(*RIGHT))]
    made.append(ast.unparse(with_first_lines(right(), random.choice(SLOW))))
    made.append(ast.unparse(with_first_lines(right(), random.choice(CRASHES))))
    made.append(cheating(random, right()))
    while len(made) < COUNT:
        made.append(ast.unparse(wrong(random, right())))
    random.shuffle(made)
    return [program + "\n" for program in made]
