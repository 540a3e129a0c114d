"""A family: one thing that small functions do, with its wordings, names, reference codes and inputs.

Texts of a family use the same short names for its arguments: `xs` a list of integers, `ys` another, `ws` a list of
words, `s` and `t` words, `c` a letter, `k` a small number, `n`, `m` and `p` integers, `d` a dictionary, `text` a
sentence. `coding.py` gives them other names.
"""
import ast
from dataclasses import dataclass, field
from typing import Callable, Optional

FAMILIES = {}


@dataclass(frozen=True)
class Family:
    name: str
    group: str
    takes: tuple  # the short names of the arguments
    whats: tuple  # what is returned, in words, with {xs} and so on for the arguments
    names: tuple  # of the function
    codes: tuple  # bodies of the function; the first one is the definition
    least: int  # elements, letters or the number that the first argument has at least
    inputs: Optional[Callable]  # random.Random -> arguments, where the usual ones do not do
    work: Optional[Callable]  # arguments -> how the value is found, in a few signs
    seen: bool  # whether training has it
    answer: Callable = field(compare=False)  # the definition, compiled


def defined(takes, body):
    """The function whose arguments and body are given."""
    source = "def f(%s):\n%s\n" % (", ".join(takes), "\n".join("    " + line for line in body.split("\n")))
    space = {}
    exec(compile(ast.parse(source), "<family>", "exec"), space)  # our own text, from this folder
    return space["f"]


def family(name, group, takes, whats, names, codes, least=0, inputs=None, work=None, seen=True):
    """Adds a family; `takes`, `whats` and `names` are separated by spaces or bars."""
    if name in FAMILIES:
        raise ValueError("expected one family %r, got two" % name)
    takes, codes = tuple(takes.split()), tuple(codes)
    FAMILIES[name] = Family(
        name, group, takes, tuple(whats.split("|")), tuple(names.split("|")), codes, least, inputs, work, seen,
        defined(takes, codes[0]),
    )
