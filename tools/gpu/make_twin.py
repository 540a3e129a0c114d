#!/usr/bin/env python3
"""Writes a GGUF of random weights in the shape of a model that is not at hand: its twin.

How fast a model runs depends on its shape and on the types of its tensors, not on what the weights are. The tokeniser is
made up too, with as many tokens as the shape has, since drawing from them takes time. Needs nothing but Python; the
output depends on the options alone.

    python3 make_twin.py --shape 8b --type q4_k_m twin.gguf        4.9 GB, about 10 s
    python3 make_twin.py --shape 8b --type f16 --empty twin.gguf   at once: for estimates, nothing runs on it
"""
import argparse
import os
import random
import struct
import sys
from collections import namedtuple

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "test", "fixtures"))
from make_random_gguf import ALIGNMENT, SPECIAL, byte_characters, header, info, metadata  # noqa: E402

Shape = namedtuple("Shape", "layers embedding feed_forward heads kv_heads")
SHAPES = {  # shape, and number of tokens
    # Llama-3.1-8B, which CodeRM-8B was trained from.
    "8b": (Shape(layers=32, embedding=4096, feed_forward=14336, heads=32, kv_heads=8), 128256),
    # The same heads and types of tensor in few and narrow layers: it loads the same kernels, at once.
    "slim": (Shape(layers=2, embedding=1024, feed_forward=3584, heads=8, kv_heads=2), 128256),
    # For a software GPU.
    "tiny": (Shape(layers=2, embedding=256, feed_forward=512, heads=4, kv_heads=2), 4096),
}
CONTEXT = 131072
# A trained model's distributions are peaked: of logits that deviate by 3, some tens of tokens get most of the mass.
LOGIT_DEVIATION = 3.0
# Blocks that are written again and again. A prime, so that no two rows of a matrix are equal for that many rows.
POOL_BLOCKS = 200003


def q8_0(deviation):
    """Scale, 32 bytes: uniform from -128 to 127 has a deviation of 73.9."""
    return 34, {0: half(deviation / 73.9)}


def q4_k(deviation):
    """Scale, scale of the minima, 12 bytes of 6-bit scales and minima, 128 bytes of 4 bits; centred by the minima."""
    scale = deviation / 258
    return 144, {0: half(scale), 2: half(7.5 * scale)}


def q6_k(deviation):
    """192 bytes of 6 bits, 16 signed scales, and the scale of these at the end."""
    return 210, {208: half(deviation / 1367)}


def f16(deviation):
    """One number. Random bits are not always one, so a twin of this type is always empty."""
    return 2, {}


# GGML's number, weights per block, and the block's bytes with what in them is not random.
TYPES = {"q8_0": (8, 32, q8_0), "q4_k": (12, 256, q4_k), "q6_k": (14, 256, q6_k),
         "f16": (1, 1, f16)}

# llama.cpp's number of what a file holds for the most part.
FILE_TYPES = {"f16": 1, "q8_0": 7, "q4_k": 14, "q4_k_m": 15, "q6_k": 18}


def half(value):
    return struct.pack("<e", value)


def type_of(name, mixture, layers):
    """The type that a mixture gives a tensor; in q4_k_m every third layer and the outer ones have better values."""
    if mixture != "q4_k_m":
        return mixture
    if name == "output.weight":
        return "q6_k"
    if name.startswith("blk.") and (".attn_v." in name or ".ffn_down." in name):
        layer, eighth = int(name.split(".")[1]), layers // 8
        if layer < eighth or layer >= 7 * layers // 8 or (layer - eighth) % 3 == 2:
            return "q6_k"
    return "q4_k"


class Pools:
    """Random blocks of each type and scale, made once."""

    def __init__(self):
        self.random = random.Random(0x7717)
        self.made = {}

    def pool(self, kind, deviation):
        if (kind, deviation) not in self.made:
            size, fixed = TYPES[kind][2](deviation)
            blocks = bytearray(self.random.randbytes(size * POOL_BLOCKS))
            for at, value in fixed.items():
                for i, byte in enumerate(value):
                    blocks[at + i::size] = bytes([byte]) * POOL_BLOCKS
            self.made[kind, deviation] = size, memoryview(blocks)
        return self.made[kind, deviation]

    def write(self, file, kind, deviation, blocks):
        """Writes so many blocks, from a random place of the pool on."""
        size, pool = self.pool(kind, deviation)
        at = self.random.randrange(POOL_BLOCKS)
        while blocks > 0:
            some = min(blocks, POOL_BLOCKS - at)
            file.write(pool[at * size:(at + some) * size])
            blocks, at = blocks - some, 0


def vocabulary(count):
    """(tokens, merges) of a byte-level tokeniser: bytes, then pairs and triples of letters, then the special tokens."""
    letters = [chr(c) for c in range(ord("a"), ord("z") + 1)] + [chr(c) for c in range(ord("A"), ord("Z") + 1)]
    letters += [*"0123456789_", "Ġ"]
    tokens, merges = byte_characters(), []
    ends = letters
    while len(tokens) + len(SPECIAL) < count:
        longer = []
        for left in ends:
            for right in letters:
                if len(tokens) + len(SPECIAL) < count:
                    merges.append(left + " " + right)
                    tokens.append(left + right)
                    longer.append(left + right)
        ends = longer
    return tokens + SPECIAL, merges


def layout(shape, vocabulary_size):
    """Yields (name, columns, rows) of every tensor; a vector has no rows."""
    wide, inner = shape.embedding, shape.feed_forward
    kv = shape.kv_heads * (wide // shape.heads)
    matrices = {"attn_q": (wide, wide), "attn_k": (wide, kv), "attn_v": (wide, kv), "attn_output": (wide, wide),
                "ffn_gate": (wide, inner), "ffn_up": (wide, inner), "ffn_down": (inner, wide)}
    yield "token_embd.weight", wide, vocabulary_size
    for layer in range(shape.layers):
        for name in ("attn_norm", "ffn_norm"):
            yield "blk.%d.%s.weight" % (layer, name), wide, None
        for name, (columns, rows) in matrices.items():
            yield "blk.%d.%s.weight" % (layer, name), columns, rows
    yield "output_norm.weight", wide, None
    yield "output.weight", wide, vocabulary_size


def fields(shape, tokens, merges, options):
    """The random model's metadata, with this shape in its place."""
    pairs = metadata(argparse.Namespace(template="llama3", context=CONTEXT, no_template=False, wide=False, window=0),
                     tokens, merges)
    return {
        **pairs,
        "general.name": "twin-%s-%s" % (options.shape, options.type),
        "general.file_type": FILE_TYPES[options.type],
        "llama.block_count": shape.layers,
        "llama.embedding_length": shape.embedding,
        "llama.feed_forward_length": shape.feed_forward,
        "llama.attention.head_count": shape.heads,
        "llama.attention.head_count_kv": shape.kv_heads,
        "llama.rope.dimension_count": shape.embedding // shape.heads,
        "llama.rope.freq_base": 500000.0,
    }


def ones(count):
    return struct.pack("<%df" % count, *[1.0] * count)


def plan(shape, tokens, mixture):
    """([bytes of the header for each tensor], [(kind, deviation, blocks) or the count of a vector]), and all bytes."""
    infos, bodies, offset = [], [], 0
    for name, columns, rows in layout(shape, tokens):
        if rows is None:
            infos.append(info(name, (columns,), 0, offset))
            bodies.append((None, None, columns))
            offset += 4 * columns
        else:
            kind = type_of(name, mixture, shape.layers)
            number, weights, block = TYPES[kind]
            deviation = columns ** -0.5 * (LOGIT_DEVIATION if name == "output.weight" else 1)
            blocks = columns * rows // weights
            infos.append(info(name, (columns, rows), number, offset))
            bodies.append((kind, deviation, blocks))
            offset += blocks * block(deviation)[0]
        offset += -offset % ALIGNMENT
    return infos, bodies, offset


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--shape", choices=SHAPES, default="tiny", help="(default: %(default)s)")
    parser.add_argument("--type", choices=["q4_k_m", *TYPES], default="q4_k_m",
                        help="type of the matrices; q4_k_m: Q4_K, and Q6_K where that has it (default: %(default)s)")
    parser.add_argument("--empty", action="store_true", help="a hole where the weights would be")
    options = parser.parse_args()
    if options.type == "f16" and not options.empty:
        parser.error("--type f16 needs --empty")
    shape, count = SHAPES[options.shape]
    tokens, merges = vocabulary(count)
    infos, bodies, size = plan(shape, len(tokens), options.type)
    pools = Pools()
    partial = options.out + ".partial"
    with open(partial, "wb") as file:
        file.write(header(fields(shape, tokens, merges, options), infos))
        if options.empty:
            file.truncate(file.tell() + size)
        for kind, deviation, number in [] if options.empty else bodies:
            if kind is None:
                file.write(ones(number))
            else:
                pools.write(file, kind, deviation, number)
            file.write(b"\0" * (-file.tell() % ALIGNMENT))
    os.replace(partial, options.out)
    print("wrote %s, %.2f GB" % (options.out, size / 1e9))


if __name__ == "__main__":
    main()
