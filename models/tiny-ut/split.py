"""What is kept out of training: every fifth wording, name, reference code and input, chosen by hash.

The problems of the demo and of the tests are made of the held-out fifth only, so that no wording, name, code or
labelling input of theirs was ever in the corpus. The rule looks at the text alone: no list of problems exists.
"""
import hashlib

KINDS = ("wording", "name", "code", "input")
SHARE = 5


def held_out(kind, text):
    """Whether a text of this kind is kept out of training."""
    if kind not in KINDS:
        raise ValueError("expected one of %s, got %r" % (", ".join(KINDS), kind))
    return hashlib.sha256(("%s\0%s" % (kind, text)).encode()).digest()[0] % SHARE == 0


def drawn(kind, hold, draw, text=str, attempts=400):
    """The first of the values of `draw()` whose text is on the wanted side; None where none turns up."""
    for _ in range(attempts):
        value = draw()
        if held_out(kind, text(value)) == hold:
            return value
    return None
