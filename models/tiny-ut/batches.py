"""Batches: rows of a fixed length, packed with examples.

In a row, an answer sees its own prompt and itself; the answers to one prompt do not see each other, and each has the
positions it would have if it were the only one. So a prompt is computed once for all its answers.
"""
import os
import time

import numpy
import torch


def shard_examples(folder, number):
    """Examples of one shard in its order, as lists of (tokens, weights), the prompt first. Waits for the file."""
    path = os.path.join(folder, "shard-%03d.npz" % number)
    while not os.path.exists(path):
        time.sleep(1)
    arrays = numpy.load(path)
    tokens, weights, lengths = (arrays[name] for name in ("tokens", "weights", "lengths"))
    at = 0
    for row in lengths:
        parts = []
        for length in row[row > 0]:
            parts.append((tokens[at:at + length], weights[at:at + length]))
            at += length
        yield parts


class Row:
    """One row of `time` tokens."""

    def __init__(self, time):
        self.tokens, self.positions, self.targets = (numpy.zeros(time, numpy.int64) for _ in range(3))
        self.weights = numpy.zeros(time, numpy.float32)
        self.document, self.part = (numpy.full(time, -1, numpy.int32) for _ in range(2))
        self.used = self.documents = 0

    def add(self, parts):
        """Adds an example; answers that do not fit are left out. False where not even one answer fits."""
        (prompt, _), *answers = parts
        room = len(self.tokens) - self.used
        if len(prompt) + len(answers[0][0]) - 1 > room:
            return False
        start = len(prompt)
        self._put(prompt, 0, 0)
        # What answers begin with is the same for all: it is learnt once.
        self.targets[self.used - 1], self.weights[self.used - 1] = answers[0][0][0], 1.0
        for number, (tokens, weights) in enumerate(answers, 1):
            if self.used + len(tokens) - 1 > len(self.tokens):
                break
            at = self.used
            self._put(tokens[:-1], start, number)
            self.targets[at:self.used] = tokens[1:]
            self.weights[at:self.used] = weights[1:] / 100
        self.documents += 1
        return True

    def _put(self, tokens, position, part):
        end = self.used + len(tokens)
        self.tokens[self.used:end] = tokens
        self.positions[self.used:end] = numpy.arange(position, position + len(tokens))
        self.document[self.used:end] = self.documents
        self.part[self.used:end] = part
        self.used = end


def visible(document, part):
    """(batch, 1, time, time): whether a place may look at another."""
    time = document.shape[1]
    same = document[:, :, None] == document[:, None, :]
    own = (part[:, None, :] == 0) | (part[:, :, None] == part[:, None, :])
    return (same & own & torch.ones(time, time, dtype=torch.bool).tril())[:, None]


def batches(examples, rows, time):
    """Yields dicts of tensors: tokens, positions, mask, where, targets, weights."""
    filled, row = [], Row(time)
    for parts in examples:
        if row.add(parts):
            continue
        filled.append(row)
        row = Row(time)
        row.add(parts)
        if len(filled) == rows:
            yield stacked(filled)
            filled = []


def stacked(rows):
    def tensor(name):
        return torch.from_numpy(numpy.stack([getattr(row, name) for row in rows]))
    weights = tensor("weights").flatten()
    where = weights.nonzero().squeeze(1)
    return {
        "tokens": tensor("tokens"), "positions": tensor("positions"), "mask": visible(tensor("document"), tensor("part")),
        "where": where, "targets": tensor("targets").flatten()[where], "weights": weights[where],
    }
