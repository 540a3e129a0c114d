"""Byte-level BPE, trained on the corpus, spelled so that llama.cpp's tokeniser gives the same tokens.

Three decisions make learning easy for a small network:
- A digit is a token (llama.cpp's pre-tokeniser "qwen2" splits digits).
- Letters inside of quotes are tokens of one letter: every merge begins with a sign that is no letter, so ` list`,
  `_of` and `(count` become tokens, and the `cat` of `'cat'` stays c, a, t.
- What is the same in every prompt or answer is one token each, matched before anything else ("user defined").
"""
import json
import re
from collections import Counter
from functools import lru_cache

from answer import ASSERTION, CLOSING, COMMENTS, METHOD, METHOD_END, OPENING
from prompt import ASSISTANT, END, HEAD, MIDDLE, TAIL, USER
from wording import FRAMES

SPECIAL = (END, USER, ASSISTANT)
# A line's indentation ends before its last space, which begins the word after it.
INDENTATIONS = tuple("\n" + " " * (4 * depth - 1) for depth in (1, 2, 3, 4))
STARTS = tuple(re.match(r"[^{`]*[^{` (]", frame).group() for frame in FRAMES if frame[0] not in "{`")
PHRASES = tuple(dict.fromkeys((
    HEAD, MIDDLE, TAIL, OPENING, METHOD_END, ASSERTION, CLOSING, ")\n\n", ")\n```", ", ", "['", "']", "', '", "': ", ", '",
    ", else", ", which", ", True", ", False", "True", "False", "None", "-1", *INDENTATIONS, *STARTS, *(METHOD + kind for kind in COMMENTS),
    *(text for texts in COMMENTS.values() for text in texts),
)))
# The pre-tokeniser that llama.cpp calls qwen2, for the signs of ASCII.
PIECES = re.compile(
    r"'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]|[^\r\nA-Za-z0-9]?[A-Za-z]+|[0-9]"
    r"| ?[^\sA-Za-z0-9]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def byte_characters():
    """The 256 characters by which byte-level BPE writes the 256 bytes, in byte order."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    spare = iter(range(256, 512))
    return [chr(byte if byte in plain else next(spare)) for byte in range(256)]


BYTES = byte_characters()
UNSPELLED = {character: byte for byte, character in enumerate(BYTES)}


def spelled(text):
    return "".join(BYTES[byte] for byte in text.encode())


def mergeable(left, right):
    """Merges grow from a sign that is no letter, no digit and no quote, one sign at a time."""
    return not (left[0].isalnum() and left[0].isascii()) and left[0] not in "'\"" and not right.isdigit() and len(right) == 1


class Tokenizer:
    def __init__(self, merges):
        self.merges = [tuple(pair) for pair in merges]
        self.ranks = {pair: rank for rank, pair in enumerate(self.merges)}
        self.tokens = BYTES + ["".join(pair) for pair in self.merges] + list(PHRASES) + list(SPECIAL)
        self.ids = {token: at for at, token in enumerate(self.tokens)}
        # llama.cpp tries special tokens from the longest to the shortest, each over all that is left of the text.
        self.whole = sorted(SPECIAL + PHRASES, key=len, reverse=True)
        self.end = self.ids[END]
        self.piece = lru_cache(100_000)(self.piece)

    def fragments(self, text):
        """The text as [(text, whether it is a token of its own)]."""
        found = [(text, False)]
        for token in self.whole:
            split = []
            for part, whole in found:
                if whole or token not in part:
                    split.append((part, whole))
                    continue
                for at, between in enumerate(part.split(token)):
                    if at:
                        split.append((token, True))
                    if between:
                        split.append((between, False))
            found = split
        return found

    def piece(self, text):
        """Tokens of one piece: the merge of the lowest rank first, leftmost of equals."""
        parts = list(spelled(text))
        while len(parts) > 1:
            rank, at = min((self.ranks.get(pair, 1 << 30), at) for at, pair in enumerate(zip(parts, parts[1:])))
            if rank == 1 << 30:
                break
            parts[at:at + 2] = ["".join(parts[at:at + 2])]
        return [self.ids[part] for part in parts]

    def encode(self, text):
        tokens = []
        for part, whole in self.fragments(text):
            if whole:
                tokens.append(self.ids[part])
            else:
                for piece in PIECES.findall(part):
                    tokens.extend(self.piece(piece))
        return tokens

    def decode(self, tokens):
        raw = b""
        for token in tokens:
            text = self.tokens[token]
            if text in PHRASES:
                raw += text.encode()
            elif text not in SPECIAL:
                raw += bytes(UNSPELLED[sign] for sign in text)
        return raw.decode(errors="replace")

    def save(self, path):
        with open(path, "w") as file:
            json.dump({"merges": [" ".join(pair) for pair in self.merges]}, file, indent=0)

    @staticmethod
    def load(path):
        with open(path) as file:
            return Tokenizer([tuple(merge.split(" ")) for merge in json.load(file)["merges"]])


def train(texts, merges):
    """A tokeniser with so many merges, the most frequent pairs of the texts first (ties by spelling)."""
    bare = Tokenizer([])
    pieces = Counter()
    for text in texts:
        for part, whole in bare.fragments(text):
            if not whole:
                pieces.update(PIECES.findall(part))
    words = [[list(spelled(piece)), count] for piece, count in sorted(pieces.items())]
    pairs, places = Counter(), {}

    def tally(at, sign):
        parts, count = words[at]
        for pair in zip(parts, parts[1:]):
            if mergeable(*pair):
                pairs[pair] += sign * count
                places.setdefault(pair, set()).add(at)

    for at in range(len(words)):
        tally(at, 1)
    chosen = []
    while len(chosen) < merges:
        best = max(pairs, key=lambda pair: (pairs[pair], pair), default=None)
        if best is None or pairs[best] < 2:
            break
        chosen.append(best)
        for at in sorted(places[best]):
            tally(at, -1)
            parts = words[at][0]
            for i in range(len(parts) - 2, -1, -1):
                if tuple(parts[i:i + 2]) == best:
                    parts[i:i + 2] = ["".join(best)]
            tally(at, 1)
        del pairs[best]
    return Tokenizer(chosen)
