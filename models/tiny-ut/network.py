"""The network: Llama's architecture in its smallest form (RMSNorm, rotary positions, SwiGLU, tied embeddings).

Names follow GGUF's tensors, and rotary positions turn neighbouring pairs as llama.cpp does for this architecture,
so that export.py copies weights without reordering them.
"""
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import nn


@dataclass(frozen=True)
class Shape:
    vocabulary: int
    width: int = 256
    layers: int = 6
    heads: int = 8
    feed_forward: int = 640
    context: int = 1024  # tokens
    rope_base: float = 10_000.0
    epsilon: float = 1e-5

    def asdict(self):
        return asdict(self)


def rotary(shape, positions):
    """(cosines, sines), each (batch, 1, time, head / 2), for integer positions (batch, time)."""
    half = shape.width // shape.heads // 2
    rates = shape.rope_base ** (-torch.arange(half, device=positions.device, dtype=torch.float32) / half)
    angles = positions[:, None, :, None].float() * rates
    return angles.cos(), angles.sin()


def turned(x, cosines, sines):
    """x (batch, heads, time, head): each pair (2i, 2i + 1) turned by its angle."""
    a, b = x.float().unflatten(-1, (-1, 2)).unbind(-1)
    return torch.stack((a * cosines - b * sines, a * sines + b * cosines), -1).flatten(-2).to(x.dtype)


class Block(nn.Module):
    def __init__(self, shape):
        super().__init__()
        width, inner = shape.width, shape.feed_forward
        self.heads = shape.heads
        self.attn_norm = nn.RMSNorm(width, shape.epsilon)
        self.attn_qkv = nn.Linear(width, 3 * width, bias=False)
        self.attn_output = nn.Linear(width, width, bias=False)
        self.ffn_norm = nn.RMSNorm(width, shape.epsilon)
        self.ffn_gate_up = nn.Linear(width, 2 * inner, bias=False)
        self.ffn_down = nn.Linear(inner, width, bias=False)

    def forward(self, x, turn, mask, past=None):
        """x (batch, time, width); mask (batch, 1, time, keys), True where a query may look.

        `past`: None, or a list [keys, values] that this call extends (for sampling)."""
        q, k, v = (
            part.unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for part in self.attn_qkv(self.attn_norm(x)).chunk(3, -1)
        )
        q, k = turned(q, *turn), turned(k, *turn)
        if past is not None:
            if past:
                k, v = torch.cat((past[0], k), 2), torch.cat((past[1], v), 2)
            past[:] = [k, v]
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = x + self.attn_output(seen.transpose(1, 2).flatten(2))
        gate, up = self.ffn_gate_up(self.ffn_norm(x)).chunk(2, -1)
        return x + self.ffn_down(F.silu(gate) * up)


class Network(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.token_embd = nn.Embedding(shape.vocabulary, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.output_norm = nn.RMSNorm(shape.width, shape.epsilon)
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                deviation = 0.02 if "output" not in name and "down" not in name else 0.02 / (2 * shape.layers) ** 0.5
                nn.init.normal_(weight, std=deviation)

    def hidden(self, tokens, positions, mask, past=None):
        x = self.token_embd(tokens)
        turn = rotary(self.shape, positions)
        for i, block in enumerate(self.blocks):
            x = block(x, turn, mask, None if past is None else past[i])
        return self.output_norm(x)

    def logits(self, hidden):
        return F.linear(hidden, self.token_embd.weight)

    def loss(self, hidden, where, targets, weights):
        """Weighted mean cross-entropy (nats) of `targets` (n) at the flat places `where` (n) of hidden (batch, time, width)."""
        with torch.autocast(hidden.device.type, torch.bfloat16):
            logits = self.logits(hidden.flatten(0, 1)[where])
        each = F.cross_entropy(logits.float(), targets, reduction="none")
        return (each * weights).sum() / weights.sum()

    def forward(self, tokens, positions, mask, past=None):
        return self.logits(self.hidden(tokens, positions, mask, past))
