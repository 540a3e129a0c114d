"""Training examples: a prompt and several answers to it, drawn from the side of the split that training may see."""
import ast
from dataclasses import dataclass

from answer import METHODS_OF_A_CLASS, answer
from coding import argument_names, code_text, code_tree, function_name
from families import FAMILIES
from inputs import arguments
from mutation import mutant
from prompt import rendered
from split import drawn, held_out
from wording import pattern_text, patterns, question

# How often the code in the prompt is a changed one: the tests have to follow the question.
WRONG_CODE = 0.5


@dataclass(frozen=True)
class Example:
    family: str
    prompt: str
    answers: tuple


def inputs_of(random, family, hold):
    """Arguments of one case on the wanted side of the split, or None."""
    def draw():
        return family.inputs(random) if family.inputs else arguments(random, family.takes, family.least)
    return drawn("input", hold, draw, lambda case: "%s%r" % (family.name, case))


def wording_of(random, family, hold):
    chosen = [one for one in patterns(family) if held_out("wording", pattern_text(family, one)) == hold]
    return random.choice(chosen) if chosen else None


def name_of(random, family, hold):
    return drawn("name", hold, lambda: function_name(random, family))


def code_of(random, family, name, hold):
    """(names of the arguments, syntax tree) of a right code on the wanted side, or None."""
    def draw():
        renamed = argument_names(random, family)
        return renamed, code_tree(random, family, random.choice(family.codes), name, renamed)
    return drawn("code", hold, draw, lambda coded: code_text(coded[1], name))


def wrong_code(random, tree, name, hold):
    """A changed copy on the same side of the split; the code itself where there is none."""
    changed = drawn("code", hold, lambda: mutant(random, tree), lambda made: code_text(made[0], name), attempts=40)
    return tree if changed is None else changed[0]


def example(random, family, answers, hold=False):
    name = name_of(random, family, hold)
    coded = code_of(random, family, name, hold)
    pattern = wording_of(random, family, hold)
    if name is None or coded is None or pattern is None:
        return None
    renamed, tree = coded
    if random.random() < WRONG_CODE:
        tree = wrong_code(random, tree, name, hold)
    written = []
    for _ in range(answers):
        count = random.choices(*METHODS_OF_A_CLASS)[0]
        cases = [inputs_of(random, family, hold) for _ in range(count)]
        cases = [case for at, case in enumerate(cases) if case is not None and case not in cases[:at]]
        if cases:
            written.append(answer(random, family, name, cases))
    if not written:
        return None
    asked = question(random, family, pattern, name, renamed)
    return Example(family.name, rendered(asked, ast.unparse(tree)), tuple(written))


def examples(random, answers, families=None):
    """Examples without end, families equally often."""
    chosen = families or [family for family in FAMILIES.values() if family.seen]
    while True:
        made = example(random, random.choice(chosen), answers)
        if made is not None:
            yield made
