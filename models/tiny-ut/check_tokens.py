#!/usr/bin/env python3
"""Prints texts with their tokens, and, given a checkpoint, prompts with the network's greedy answers, as JSON Lines.

    python3 check_tokens.py TOKENIZER --texts 1000
    python3 check_tokens.py TOKENIZER --checkpoint C --texts 20

bench/tiny-ut-tokens.mjs compares both with llama.cpp.
"""
import argparse
import itertools
import json
from random import Random

from answer import unmarked
from examples import examples
from tokenizer import Tokenizer


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tokenizer")
    parser.add_argument("--texts", type=int, default=1000)
    parser.add_argument("--checkpoint")
    options = parser.parse_args()
    tokenizer = Tokenizer.load(options.tokenizer)
    for one in itertools.islice(examples(Random("check"), 1), options.texts):
        if options.checkpoint is None:
            text = one.prompt + unmarked(one.answers[0])[0]
            print(json.dumps({"text": text, "tokens": tokenizer.encode(text)}))
        else:
            print(json.dumps({"text": one.prompt, "answer": greedy(options.checkpoint, tokenizer, one.prompt)}))


def greedy(checkpoint, tokenizer, prompt):
    from sample import answers_to, load  # needs torch, which the tokens do not
    network = load(checkpoint)
    return tokenizer.decode(answers_to(network, tokenizer.encode(prompt), 1, 0, 256, tokenizer.end)[0])


if __name__ == "__main__":
    main()
