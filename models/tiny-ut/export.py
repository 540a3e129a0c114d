#!/usr/bin/env python3
"""Writes a checkpoint as GGUF: architecture llama, byte-level BPE, chat template.

    python3 export.py CHECKPOINT TOKENIZER OUT.gguf --type q8_0

A network wider than 192 fits 8 MB as q8_0 only. Norms stay f32.
"""
import argparse

import gguf
import numpy
import torch
from network import Network, Shape
from prompt import END, TEMPLATE
from tokenizer import PHRASES, SPECIAL, Tokenizer

TYPES = {
    "f32": gguf.GGMLQuantizationType.F32, "f16": gguf.GGMLQuantizationType.F16, "q8_0": gguf.GGMLQuantizationType.Q8_0,
}


def load(path):
    """The network of a checkpoint with its mean weights, on the CPU."""
    state = torch.load(path, map_location="cpu")
    network = Network(Shape(**state["shape"]))
    network.load_state_dict(state["average"])
    return network.eval()


def tensors(network):
    """(GGUF's name, f32 array) of each tensor, in the order in which they are written."""
    yield "token_embd.weight", network.token_embd.weight
    for at, block in enumerate(network.blocks):
        q, k, v = block.attn_qkv.weight.chunk(3)
        gate, up = block.ffn_gate_up.weight.chunk(2)
        parts = {
            "attn_norm": block.attn_norm.weight, "attn_q": q, "attn_k": k, "attn_v": v,
            "attn_output": block.attn_output.weight, "ffn_norm": block.ffn_norm.weight,
            "ffn_gate": gate, "ffn_up": up, "ffn_down": block.ffn_down.weight,
        }
        for name, weight in parts.items():
            yield "blk.%d.%s.weight" % (at, name), weight
    yield "output_norm.weight", network.output_norm.weight


def add_metadata(writer, shape, tokenizer, name):
    writer.add_name(name)
    writer.add_license("mit")
    writer.add_vocab_size(shape.vocabulary)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_layer_norm_rms_eps(shape.epsilon)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokenizer.tokens)
    kinds = {**dict.fromkeys(PHRASES, gguf.TokenType.USER_DEFINED), **dict.fromkeys(SPECIAL, gguf.TokenType.CONTROL)}
    writer.add_token_types([kinds.get(token, gguf.TokenType.NORMAL) for token in tokenizer.tokens])
    writer.add_token_merges([" ".join(pair) for pair in tokenizer.merges])
    writer.add_bos_token_id(tokenizer.ids[END])
    writer.add_eos_token_id(tokenizer.ids[END])
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)


def export(network, tokenizer, path, kind, name="tiny-ut"):
    writer = gguf.GGUFWriter(path, "llama")
    add_metadata(writer, network.shape, tokenizer, name)
    for label, weight in tensors(network):
        array = weight.detach().float().numpy().astype(numpy.float32)
        own = TYPES[kind] if array.ndim == 2 else TYPES["f32"]
        writer.add_tensor(label, gguf.quants.quantize(array, own), raw_dtype=own)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("tokenizer")
    parser.add_argument("out")
    parser.add_argument("--type", choices=TYPES, default="q8_0")
    options = parser.parse_args()
    export(load(options.checkpoint), Tokenizer.load(options.tokenizer), options.out, options.type)


if __name__ == "__main__":
    main()
