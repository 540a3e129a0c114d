#!/usr/bin/env python3
"""Samples answers to held-out problems in PyTorch and says how many of their assertions are right.

    python3 sample.py CHECKPOINT TOKENIZER --prompts 100

A quick look during training: values are read with `ast.literal_eval` and compared with the family's definition, so
nothing that the network wrote is executed. What counts is measured through the engine, by bench/tiny-ut.mjs.
"""
import argparse
import ast
import collections
import copy
from random import Random

import torch
from examples import example
from export import load
from families import FAMILIES
from tokenizer import Tokenizer


@torch.no_grad()
def answers_to(network, tokens, count, temperature, most, end):
    """`count` answers to one prompt, as lists of tokens without the end token; temperature 0 is greedy."""
    past = [[] for _ in network.blocks]
    now = torch.tensor(tokens)[None].expand(count, -1)
    positions = torch.arange(len(tokens))[None].expand(count, -1)
    mask = torch.ones(len(tokens), len(tokens), dtype=torch.bool).tril()[None, None]
    written, open_ = [[] for _ in range(count)], [True] * count
    for at in range(most):
        logits = network(now, positions, mask, past)[:, -1]
        if temperature == 0:
            chosen = logits.argmax(-1)
        else:
            chosen = torch.multinomial((logits / temperature).softmax(-1), 1).squeeze(1)
        for row, token in enumerate(chosen.tolist()):
            if token == end:
                open_[row] = False
            if open_[row]:
                written[row].append(token)
        if not any(open_):
            break
        now, positions, mask = chosen[:, None], torch.full((count, 1), len(tokens) + at), None
    return written


def assertions(text, name):
    """(arguments, value) of each assertion of an answer, or None where it does not parse or calls something else."""
    try:
        tree = ast.parse(text.removeprefix("```python\n").rsplit("```", 1)[0])
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "assertEqual"]
        if any(call.args[0].func.id != name for call in calls):
            return None
        return [([ast.literal_eval(one) for one in call.args[0].args], ast.literal_eval(call.args[1])) for call in calls] or None
    except (SyntaxError, ValueError, AttributeError, IndexError, RecursionError):
        return None


def holds(family, arguments, value):
    try:
        return family.answer(*copy.deepcopy(arguments)) == value
    except Exception:
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("tokenizer")
    parser.add_argument("--prompts", type=int, default=100)
    parser.add_argument("--answers", type=int, default=4)
    parser.add_argument("--temperature", type=float, default=0.8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unseen", action="store_true", help="families that training has not")
    parser.add_argument("--show", type=int, default=0, help="answers to print")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    random = Random(options.seed)
    network, tokenizer = load(options.checkpoint), Tokenizer.load(options.tokenizer)
    families = [family for family in FAMILIES.values() if family.seen != options.unseen]
    right = collections.Counter()
    of = collections.Counter()
    tests = kept = good = 0
    while tests < options.prompts * options.answers:
        family = random.choice(families)
        made = example(random, family, 1, hold=True)
        if made is None:
            continue
        for written in answers_to(network, tokenizer.encode(made.prompt), options.answers, options.temperature, 200, tokenizer.end):
            text = tokenizer.decode(written)
            found = assertions(text, made.name)
            verdicts = [holds(family, *one) for one in found or []]
            tests, kept, good = tests + 1, kept + bool(found), good + (bool(found) and all(verdicts))
            right[family.name] += sum(verdicts)
            of[family.name] += len(verdicts)
            if tests <= options.show:
                print(made.prompt.split("### question\n")[1].split("\n")[0], "\n", text, verdicts)
    print("answers %d, kept %.3f, right classes %.3f of kept, right assertions %.3f" % (
        tests, kept / tests, good / max(1, kept), sum(right.values()) / max(1, sum(of.values()))))
    print(" ".join("%s:%d/%d" % (name, right[name], of[name]) for name in sorted(of, key=lambda n: right[n] / max(1, of[n]))))


if __name__ == "__main__":
    main()
