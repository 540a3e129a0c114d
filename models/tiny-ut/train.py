#!/usr/bin/env python3
"""Trains the network on the shards that make_corpus.py writes.

    python3 train.py CORPUS OUT --steps 20000
    python3 train.py CORPUS2 OUT2 --from OUT/latest.pt --steps 4000
    python3 train.py CORPUS OUT --quick

Two processes of one thread each (`--workers 2 --rank 0` and `--rank 1`, started by hand or by run.sh) wait for each other
once a step; on a busy machine that is faster than two threads, which wait for each other at every operation.

The learning rate rises, stays, and falls to nothing over the last part. A run that was ended goes on where it was;
Beside the weights their mean over the last steps is kept: it is what a fall of the rate would give, nearly, and what
export.py takes. `OUT/stable.pt` is from before the fall, so that a longer run can start there (`--from`).
"""
import argparse
import hashlib
import itertools
import json
import os
import platform
import sys
import time

import torch
from batches import batches, shard_examples
from network import Network, Shape
from tokenizer import Tokenizer

SEED = 20261122
AVERAGE = 1 / 100  # what each step adds to the mean weights
QUICK = {
    "steps": 100, "rows": 8, "time": 256, "width": 128, "layers": 3, "heads": 4, "feed_forward": 320, "save_every": 1000,
    "shards": 1, "no_compile": True,
}
QUICK_LOSS = 2.6  # nats; an untrained network has 6.9, and --quick ends at 2.3


def options_of(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("out")
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--decay", type=float, default=0.3, help="share of the steps over which the rate falls")
    parser.add_argument("--warmup", type=int, default=100, help="steps")
    parser.add_argument("--rows", type=int, default=16, help="rows of a batch")
    parser.add_argument("--time", type=int, default=512, help="tokens of a row")
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--heads", type=int, default=8)
    parser.add_argument("--feed-forward", type=int, default=640)
    parser.add_argument("--shards", type=int, default=24, help="of the corpus; after the last comes the first again")
    parser.add_argument("--threads", type=int, default=1, help="of each process")
    parser.add_argument("--workers", type=int, default=1, help="processes that share each batch")
    parser.add_argument("--rank", type=int, default=0, help="which of them this one is, from 0")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--save-every", type=int, default=200, help="steps")
    parser.add_argument("--from", dest="start", help="checkpoint to start from; its steps do not count")
    parser.add_argument("--no-compile", action="store_true")
    parser.add_argument("--quick", action="store_true", help="a small network and few steps, for trying the script")
    options = parser.parse_args(arguments)
    if options.quick:
        vars(options).update(QUICK)
    return options


def optimisers(network, rate):
    """Muon for the matrices between layers, AdamW for the rest."""
    matrices = [weight for name, weight in network.named_parameters() if weight.dim() == 2 and "embd" not in name]
    others = [weight for name, weight in network.named_parameters() if weight.dim() < 2 or "embd" in name]
    return [
        torch.optim.Muon(matrices, lr=rate, weight_decay=0.05, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(others, lr=rate, betas=(0.9, 0.95), weight_decay=0.0),
    ]


def rate_at(step, options):
    """As a share of the highest rate."""
    fall = max(1, int(options.steps * options.decay))
    return min(1.0, (step + 1) / options.warmup, max(0.0, (options.steps - step) / fall))


def endless(options, first_batch):
    """Batches from number `first_batch` on, shard after shard."""
    def examples():
        for number in itertools.count():
            yield from shard_examples(options.corpus, number % options.shards)
    share = options.rows // options.workers
    begin = first_batch * options.workers + options.rank
    return itertools.islice(batches(examples(), share, options.time), begin, None, options.workers)


def averaged(network, loss):
    """The mean loss of all workers; gradients become their means too, in one exchange."""
    gradients = [weight.grad for weight in network.parameters()]
    flat = torch.cat([loss.view(1), *(gradient.flatten() for gradient in gradients)])
    torch.distributed.all_reduce(flat)
    flat /= torch.distributed.get_world_size()
    for gradient, part in zip(gradients, flat[1:].split([gradient.numel() for gradient in gradients])):
        gradient.copy_(part.view_as(gradient))
    return flat[0]


class Training:
    def __init__(self, options):
        self.options = options
        self.tokenizer = Tokenizer.load(os.path.join(options.corpus, "tokenizer.json"))
        shape = Shape(len(self.tokenizer.tokens), options.width, options.layers, options.heads, options.feed_forward)
        torch.manual_seed(SEED)
        self.network = Network(shape).to(options.device)
        self.optimisers = optimisers(self.network, options.rate)
        self.average = {name: weight.clone() for name, weight in self.network.state_dict().items()}
        self.step, self.tokens, self.seconds, self.curve = 0, 0, 0.0, []
        self.latest = os.path.join(options.out, "latest.pt")
        if os.path.exists(self.latest):
            self.restore(torch.load(self.latest, map_location=options.device))
        elif options.start:
            self.restore(torch.load(options.start, map_location=options.device))
            self.step, self.tokens, self.seconds, self.curve = 0, 0, 0.0, []

    def restore(self, state):
        self.network.load_state_dict(state["network"])
        self.average = state.get("average") or {name: weight.clone() for name, weight in state["network"].items()}
        for optimiser, own in zip(self.optimisers, state["optimisers"]):
            optimiser.load_state_dict(own)
        self.step, self.tokens, self.seconds, self.curve = (state[key] for key in ("step", "tokens", "seconds", "curve"))

    def save(self, path):
        state = {
            "shape": self.network.shape.asdict(), "network": self.network.state_dict(),
            "average": self.average, "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
            "step": self.step, "tokens": self.tokens, "seconds": self.seconds, "curve": self.curve,
        }
        torch.save(state, path + ".partial")
        os.replace(path + ".partial", path)

    def one_step(self, forward, batch):
        options = self.options
        share = rate_at(self.step, options)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = options.rate * share
        device = options.device
        batch = {name: tensor.to(device) for name, tensor in batch.items()}
        with torch.autocast(device.split(":")[0], torch.bfloat16):
            hidden = forward(batch["tokens"], batch["positions"], batch["mask"])
        loss = self.network.loss(hidden, batch["where"], batch["targets"], batch["weights"])
        loss.backward()
        if options.workers > 1:
            loss = averaged(self.network, loss.detach())
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        for optimiser in self.optimisers:
            optimiser.step()
            optimiser.zero_grad()
        self.step += 1
        for name, weight in self.network.state_dict().items():
            # Early weights are far from what they become: the mean follows faster then.
            self.average[name].lerp_(weight, max(AVERAGE, 1 / self.step))
        self.tokens += batch["tokens"].numel() * options.workers
        return loss.item()

    def run(self):
        options = self.options
        forward = self.network.hidden if options.no_compile else torch.compile(self.network.hidden)
        stable_until = options.steps - int(options.steps * options.decay)
        losses, before = [], time.time()
        for batch in endless(options, self.step):
            losses.append(self.one_step(forward, batch))
            now = time.time()
            self.seconds += min(now - before, 60.0)  # not the time for which others stopped this process
            before = now
            if options.rank > 0:
                if self.step >= options.steps:
                    return
                continue
            if self.step % 20 == 0:
                self.curve.append([self.step, round(sum(losses) / len(losses), 4)])
                speed = self.tokens / self.seconds
                print("step %d loss %.4f, %d tokens/s, %.0f s" % (*self.curve[-1], speed, self.seconds), flush=True)
                losses = []
            if self.step == stable_until:
                self.save(os.path.join(options.out, "stable.pt"))
            if self.step % options.save_every == 0 or self.step >= options.steps:
                self.save(self.latest)
            if self.step >= options.steps:
                return


def record(training, arguments):
    """What training.json says of the weights."""
    total = hashlib.sha256()
    for _, weight in sorted(training.average.items()):
        total.update(weight.float().cpu().numpy().tobytes())
    return {
        "command": "train.py " + " ".join(arguments), "seed": SEED, "torch": torch.__version__,
        "python": platform.python_version(), "device": training.options.device, "processor": processor(),
        "threads": torch.get_num_threads(), "parameters": sum(w.numel() for w in training.network.parameters()),
        "shape": training.network.shape.asdict(), "steps": training.step, "tokens": training.tokens,
        "seconds": round(training.seconds), "weights_sha256": total.hexdigest(), "loss": training.curve,
    }


def processor():
    try:
        with open("/proc/cpuinfo") as file:
            return next(line.split(":")[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def main(arguments):
    options = options_of(arguments)
    torch.set_num_threads(options.threads)
    os.makedirs(options.out, exist_ok=True)
    if options.workers > 1:
        store = "file://" + os.path.abspath(os.path.join(options.out, "meeting"))
        torch.distributed.init_process_group("gloo", init_method=store, rank=options.rank, world_size=options.workers)
    training = Training(options)
    training.run()
    if options.rank > 0:
        return
    with open(os.path.join(options.out, "training.json"), "w") as file:
        json.dump(record(training, arguments), file, indent=1)
    if options.quick and not training.curve[-1][1] < QUICK_LOSS:
        sys.exit("train.py: expected a loss below %.1f after --quick, got %.4f." % (QUICK_LOSS, training.curve[-1][1]))


if __name__ == "__main__":
    main(sys.argv[1:])
