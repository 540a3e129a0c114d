"""What the corpus promises. Runs without any package: `python3 -m unittest test_corpus`."""
import ast
import copy
import itertools
import re
import unittest
from random import Random

from answer import unmarked
from coding import code_text
from examples import example, examples
from families import FAMILIES
from family import defined
from inputs import arguments
from make_problems import problems
from mutation import mutant
from split import held_out
from tokenizer import PHRASES, Tokenizer, train
from wording import pattern_text, patterns


def prompt_parts(prompt):
    question, rest = prompt.split("### question\n")[1].split("\n\n### code solution\n")
    return question, rest.split("\n\nPlease add")[0]


def name_in(code):
    return re.findall(r"^def (\w+)", code, re.M)[0]


def asserted_inputs(text):
    """The arguments of each assertion, as a tuple."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("assertEqual", "assertIs"):
            call = node.args[0] if node.func.attr == "assertEqual" else node.args[0].args[0]
            yield tuple(ast.literal_eval(argument) for argument in call.args)


class Families(unittest.TestCase):
    def test_there_are_enough(self):
        self.assertGreaterEqual(sum(family.seen for family in FAMILIES.values()), 60)

    def test_all_codes_of_a_family_agree(self):
        random = Random(1)
        for family in FAMILIES.values():
            functions = [defined(family.takes, code) for code in family.codes]
            for _ in range(30):
                case = family.inputs(random) if family.inputs else arguments(random, family.takes, family.least)
                values = [repr(function(*copy.deepcopy(case))) for function in functions]
                self.assertEqual(len(set(values)), 1, "%s of %r gives %s" % (family.name, case, values))

    def test_every_wording_names_every_argument(self):
        for family in FAMILIES.values():
            for what in family.whats:
                for short in family.takes:
                    self.assertIn("{%s}" % short, what, family.name)

    def test_a_mutant_is_another_program(self):
        random = Random(2)
        for family in FAMILIES.values():
            tree = ast.parse("def f(%s):\n    %s" % (", ".join(family.takes), family.codes[0].replace("\n", "\n    ")))
            self.assertNotEqual(ast.unparse(mutant(random, tree)[0]), ast.unparse(tree), family.name)


class Split(unittest.TestCase):
    """Recomputed from the texts alone, not from what the generator says it did."""

    @classmethod
    def setUpClass(cls):
        cls.examples = list(itertools.islice(examples(Random(3), 2), 300))
        cls.problems = [made for seed in (1, 2) for made in problems(seed, 30)]

    def test_names(self):
        for one in self.examples:
            self.assertFalse(held_out("name", name_in(prompt_parts(one.prompt)[1])))
        for asked, *_ in self.problems:
            self.assertTrue(held_out("name", asked["entry_point"]))

    def test_codes(self):
        for one in self.examples:
            code = prompt_parts(one.prompt)[1]
            self.assertFalse(held_out("code", code_text(ast.parse(code), name_in(code))), code)
        for asked, candidates, *_ in self.problems:
            held = [held_out("code", code_text(ast.parse(code), asked["entry_point"])) for code in candidates["solutions"]]
            # A slow, a crashing and a cheating candidate are made of held-out codes, but are not codes themselves.
            self.assertGreaterEqual(sum(held), 17)

    def test_inputs(self):
        seen = set()
        for one in self.examples:
            for text in one.answers:
                code = unmarked(text)[0].removeprefix("```python\n").removesuffix("```")
                seen.update("%s%r" % (one.family, case) for case in asserted_inputs(code))
        self.assertEqual([text for text in seen if held_out("input", text)], [])
        for asked, _, labelling, _ in self.problems:
            for case in asserted_inputs(labelling["unit_tests"][0]):
                self.assertTrue(held_out("input", "%s%r" % (asked["family"], case)))

    def test_wordings(self):
        texts = {held: set() for held in (False, True)}
        for family in FAMILIES.values():
            for pattern in patterns(family):
                text = pattern_text(family, pattern)
                texts[held_out("wording", text)].add(text)
        self.assertFalse(texts[False] & texts[True])
        questions = {prompt_parts(one.prompt)[0] for one in self.examples}
        self.assertFalse(questions & {asked["question"] for asked, *_ in self.problems})

    def test_unseen_families_are_not_in_the_corpus(self):
        self.assertTrue(all(FAMILIES[one.family].seen for one in self.examples))
        for asked, *_ in problems(4, 20, unseen=True):
            self.assertFalse(FAMILIES[asked["family"]].seen)


class Answers(unittest.TestCase):
    def test_every_assertion_of_the_corpus_is_right(self):
        random = Random(5)
        for family in FAMILIES.values():
            made = example(random, family, 3)
            for text in made.answers:
                code = unmarked(text)[0].removeprefix("```python\n").removesuffix("```")
                for node in ast.walk(ast.parse(code)):
                    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "assertEqual":
                        case = [ast.literal_eval(argument) for argument in node.args[0].args]
                        self.assertEqual(ast.literal_eval(node.args[1]), family.answer(*case), code)

    def test_the_same_seed_gives_the_same(self):
        twice = [list(itertools.islice(examples(Random(6), 2), 40)) for _ in range(2)]
        self.assertEqual(*twice)
        self.assertEqual(list(problems(7, 5)), list(problems(7, 5)))


class Tokens(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        texts = [one.prompt + unmarked(one.answers[0])[0] for one in itertools.islice(examples(Random(8), 1), 300)]
        cls.texts, cls.tokenizer = texts, train(texts, 200)

    def test_text_comes_back(self):
        for text in self.texts:
            bare = text.replace("<|user|>", "").replace("<|assistant|>", "")
            self.assertEqual(self.tokenizer.decode(self.tokenizer.encode(text)), bare)

    def test_digits_and_quoted_letters_stand_alone(self):
        for text, parts in (("12", "1|2"), ("'cat'", "'|c|a|t|'"), ("'a', 'b'", "'|a|', '|b|'")):
            found = [self.tokenizer.decode([token]) for token in self.tokenizer.encode(text)]
            self.assertEqual("|".join(found), parts)

    def test_the_fixed_texts_are_one_token_each(self):
        for phrase in PHRASES:
            if not any(other != phrase and len(other) >= len(phrase) and phrase in other for other in PHRASES):
                self.assertEqual(self.tokenizer.encode(phrase), [self.tokenizer.ids[phrase]])

    def test_training_is_repeatable(self):
        self.assertEqual(train(self.texts, 200).merges, self.tokenizer.merges)
        self.assertEqual(len(Tokenizer(self.tokenizer.merges).tokens), len(set(self.tokenizer.tokens)))


if __name__ == "__main__":
    unittest.main()
