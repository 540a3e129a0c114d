#!/usr/bin/env python3
"""Writes the corpus: a tokeniser trained on it, and shards of tokenised examples.

    python3 make_corpus.py corpus1 --shards 18
    python3 make_corpus.py corpus2 --stage 2 --tokenizer corpus1/tokenizer.json --shards 40

A shard is drawn by its own seed, so shards may be made beside the training that reads them. The stages differ in how
examples are drawn (examples.py) and in the weight of what comes by chance.
"""
import argparse
import hashlib
import itertools
import os
import shutil
from random import Random

import numpy
from answer import unmarked
from examples import STAGES, examples
from tokenizer import Tokenizer, train

SEED = 20261122
MERGES = 1100
TOKENIZER_EXAMPLES = 4000
CHANCE_WEIGHT = {1: 25, 2: 10}  # percent of the loss that a token by chance has, by stage


def make_tokenizer():
    texts = []
    for example in itertools.islice(examples(Random(SEED), 1), TOKENIZER_EXAMPLES):
        texts.append(example.prompt + unmarked(example.answers[0])[0])
    return train(texts, MERGES)


def weighted(tokenizer, text, chance_weight):
    """(tokens, weights in percent) of a marked answer, with the end token."""
    plain, chance = unmarked(text)
    tokens, weights, at = tokenizer.encode(plain), [], 0
    for token in tokens:
        weights.append(chance_weight if chance[at] else 100)
        at += len(tokenizer.decode([token]))
    return tokens + [tokenizer.end], weights + [100]


def make_shard(tokenizer, number, count, answers, stage):
    """The shard's arrays: all tokens and weights in a row, and lengths (examples, 1 + answers), 0 for no answer."""
    tokens, weights, lengths = [], [], numpy.zeros((count, 1 + answers), numpy.int32)
    seed = "%d shard %d" % (SEED, number) + ("" if stage == 1 else " of stage %d" % stage)
    for row, example in enumerate(itertools.islice(examples(Random(seed), answers, STAGES[stage]), count)):
        prompt = tokenizer.encode(example.prompt)
        tokens += prompt
        weights += [0] * len(prompt)
        lengths[row, 0] = len(prompt)
        for column, text in enumerate(example.answers, 1):
            own, own_weights = weighted(tokenizer, text, CHANCE_WEIGHT[stage])
            tokens += own
            weights += own_weights
            lengths[row, column] = len(own)
    return {"tokens": numpy.array(tokens, numpy.uint16), "weights": numpy.array(weights, numpy.uint8), "lengths": lengths}


def digest(arrays):
    total = hashlib.sha256()
    for name in sorted(arrays):
        total.update(arrays[name].tobytes())
    return total.hexdigest()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", help="folder for tokenizer.json and the shards")
    parser.add_argument("--shards", type=int, default=24)
    parser.add_argument("--examples", type=int, default=20_000, help="prompts of a shard (default: %(default)s)")
    parser.add_argument("--answers", type=int, default=4, help="answers to each prompt (default: %(default)s)")
    parser.add_argument("--stage", type=int, choices=sorted(STAGES), default=1)
    parser.add_argument("--tokenizer", help="one that is there already (default: a new one)")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    path = os.path.join(options.out, "tokenizer.json")
    if not os.path.exists(path):
        if options.tokenizer:
            shutil.copyfile(options.tokenizer, path)
        else:
            make_tokenizer().save(path)
    tokenizer = Tokenizer.load(path)
    for number in range(options.shards):
        path = os.path.join(options.out, "shard-%03d.npz" % number)
        if os.path.exists(path):
            continue
        arrays = make_shard(tokenizer, number, options.examples, options.answers, options.stage)
        with open(path + ".partial", "wb") as file:
            numpy.savez(file, **arrays)
        os.replace(path + ".partial", path)
        print("shard %d: %d tokens, sha256 %s" % (number, len(arrays["tokens"]), digest(arrays)), flush=True)


if __name__ == "__main__":
    main()
