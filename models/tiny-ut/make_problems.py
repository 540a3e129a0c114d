#!/usr/bin/env python3
"""Draws held-out problems with twenty candidates each, as files for the engine.

    python3 make_problems.py OUT --seed 1 --count 200

problems.jsonl and candidates.jsonl are what the engine gets. labelling.jsonl has one unit test a problem, with many
held-out inputs: a candidate is right if it passes it, which the engine finds out in its jail. references.jsonl has the
definition, by which the model's own unit tests are judged. No wording, name, code or labelling input is in the corpus.
"""
import argparse
import ast
import json
import os
from random import Random

from candidates import candidates
from coding import argument_names, code_text, code_tree, function_tree
from examples import inputs_of, name_of, wording_of
from families import FAMILIES
from split import held_out
from wording import question

LABELLING_INPUTS = 60


def held_out_codes(random, family, name, renamed, most=12):
    """Different right codes with these names of arguments, none of them in the corpus."""
    found = {}
    for _ in range(60):
        tree = code_tree(random, family, random.choice(family.codes), name, renamed)
        text = code_text(tree, name)
        if held_out("code", text) and len(found) < most:
            found[text] = tree
    return list(found.values())


def labelling_test(random, family, name):
    """A unit test of many different inputs, or None where too few are held out."""
    cases = {}
    for _ in range(4 * LABELLING_INPUTS):
        case = inputs_of(random, family, hold=True)
        if case is not None and len(cases) < LABELLING_INPUTS:
            cases[repr(case)] = case
    if len(cases) < 3:
        return None
    lines = ["import unittest", "", "", "class TestLabel(unittest.TestCase):", "    def test_all(self):"]
    for case in cases.values():
        value = family.answer(*ast.literal_eval(repr(case)))
        text = "%s(%s)" % (name, ", ".join(map(repr, case)))
        lines += ["        self.assertEqual(%s, %r)" % (text, value), "        self.assertIs(type(%s), %s)" % (text, type(value).__name__)]
    return "\n".join(lines) + "\n"


def problem(random, family, number):
    """(problem, candidates, labelling test, reference), or None where the draw gives none."""
    name, pattern = name_of(random, family, True), wording_of(random, family, True)
    for _ in range(20):
        renamed = argument_names(random, family)
        codes = held_out_codes(random, family, name, renamed) if name else []
        if codes:
            break
    test = labelling_test(random, family, name) if name else None
    if not codes or pattern is None or test is None:
        return None
    task = "TinyUt/%d" % number
    asked = {"task_id": task, "question": question(random, family, pattern, name, renamed), "entry_point": name, "family": family.name}
    solutions = candidates(random, codes)
    reference = ast.unparse(function_tree(family.takes, family.codes[0], name))
    return asked, {"task_id": task, "solutions": solutions}, {"task_id": task, "unit_tests": [test]}, {"task_id": task, "solutions": [reference]}


def problems(seed, count, unseen=False):
    random = Random("problems %d" % seed)
    families = [family for family in FAMILIES.values() if family.seen != unseen]
    number = 0
    while number < count:
        made = problem(random, random.choice(families), number)
        if made is not None:
            yield made
            number += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--unseen", action="store_true", help="of families that training has not")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    names = ("problems", "candidates", "labelling", "references")
    files = [open(os.path.join(options.out, name + ".jsonl"), "w") for name in names]
    for made in problems(options.seed, options.count, options.unseen):
        for file, line in zip(files, made):
            file.write(json.dumps(line) + "\n")
    for file in files:
        file.close()


if __name__ == "__main__":
    main()
