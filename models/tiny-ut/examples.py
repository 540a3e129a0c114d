"""Training examples: a prompt and several answers to it, drawn from the side of the split that training may see."""
import ast
from dataclasses import dataclass

from answer import answer
from coding import argument_names, code_text, code_tree, function_name, made_up_name
from families import FAMILIES
from inputs import arguments
from mutation import mutant
from prompt import rendered
from split import drawn, held_out
from wording import pattern_text, patterns, question


@dataclass(frozen=True)
class Stage:
    """How the examples of one part of the training are drawn."""
    wrong_code: float  # how often the code in the prompt is a changed one: the tests have to follow the question
    made_up_names: float  # how often the function's name says nothing, so that it has to be copied
    methods: tuple  # how often a class has one, two or three of them
    longest_input: int  # signs of the arguments at most


# The first stage makes the network write well-formed classes; the second makes it compute.
STAGES = {
    1: Stage(wrong_code=0.5, made_up_names=0.0, methods=(55, 40, 5), longest_input=1000),
    2: Stage(wrong_code=0.7, made_up_names=0.2, methods=(80, 18, 2), longest_input=18),
}


@dataclass(frozen=True)
class Example:
    family: str
    name: str
    prompt: str
    answers: tuple


def inputs_of(random, family, hold, longest=1000):
    """Arguments of one case on the wanted side of the split, of at most so many signs, or None."""
    def draw():
        for _ in range(20):
            case = family.inputs(random) if family.inputs else arguments(random, family.takes, family.least)
            if len(repr(case)) - 2 <= longest:
                break
        return case
    return drawn("input", hold, draw, lambda case: "%s%r" % (family.name, case))


def wording_of(random, family, hold):
    chosen = [one for one in patterns(family) if held_out("wording", pattern_text(family, one)) == hold]
    return random.choice(chosen) if chosen else None


def name_of(random, family, hold, made_up=0.0):
    """`made_up`: how often the name has nothing to do with the family."""
    if made_up > 0 and random.random() < made_up:
        return drawn("name", hold, lambda: made_up_name(random))
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


def example(random, family, answers, hold=False, stage=STAGES[1]):
    name = name_of(random, family, hold, stage.made_up_names)
    coded = code_of(random, family, name, hold)
    pattern = wording_of(random, family, hold)
    if name is None or coded is None or pattern is None:
        return None
    renamed, tree = coded
    if random.random() < stage.wrong_code:
        tree = wrong_code(random, tree, name, hold)
    written = []
    for _ in range(answers):
        count = random.choices((1, 2, 3), stage.methods)[0]
        cases = [inputs_of(random, family, hold, stage.longest_input) for _ in range(count)]
        cases = [case for at, case in enumerate(cases) if case is not None and case not in cases[:at]]
        if cases:
            written.append(answer(random, family, name, cases))
    if not written:
        return None
    asked = question(random, family, pattern, name, renamed)
    return Example(family.name, name, rendered(asked, ast.unparse(tree)), tuple(written))


def examples(random, answers, stage=STAGES[1]):
    """Examples without end, families equally often."""
    chosen = [family for family in FAMILIES.values() if family.seen]
    while True:
        made = example(random, random.choice(chosen), answers, stage=stage)
        if made is not None:
            yield made
