"""Trains three rings in PyTorch and saves a checkpoint again and again, to be looked at while it learns:

    python examples/train_pytorch.py rings.safetensors &
    foldscape --watch rings.safetensors

Needs torch and safetensors. The one thing to copy into a loop of your own is `save`.
"""

import argparse
import os

import torch
from safetensors.torch import save_file
from torch import nn

SLOPE = 0.02


def save(model, path):
    """Writes beside `path` and renames, so that a reader sees the old file or the new one, never half of one."""
    metadata = {"activation": "leaky_relu", "alpha": str(SLOPE), "window": "-1,-1,1,1"}
    unfinished = f"{path}.tmp"
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, unfinished, metadata=metadata)
    os.replace(unfinished, path)


def rings(points):
    """1 on three interlocking rings, 0 elsewhere, with a straight ramp between them. `points` is [n, 2]."""
    angles = torch.pi / 2 + 2 * torch.pi / 3 * torch.arange(3)
    centres = 0.32 * torch.stack([angles.cos(), angles.sin()], dim=1)
    distance = ((torch.cdist(points, centres) - 0.42).abs() - 0.08).amin(dim=1, keepdim=True)
    return (0.5 - distance / 0.06).clamp(0, 1)


def main():
    arguments = argparse.ArgumentParser(description="Trains three rings and saves checkpoints.")
    arguments.add_argument("checkpoint", help="file to write, such as rings.safetensors")
    arguments.add_argument("--hidden", default="16,16,16,16", help="widths of the hidden layers")
    arguments.add_argument("--steps", type=int, default=5000)
    arguments.add_argument("--every", type=int, default=20, help="steps between two checkpoints")
    arguments.add_argument("--seed", type=int, default=0)
    options = arguments.parse_args()

    torch.manual_seed(options.seed)
    widths = [2, *map(int, options.hidden.split(","))]
    layers = [layer for n_in, n_out in zip(widths, widths[1:]) for layer in (nn.Linear(n_in, n_out), nn.LeakyReLU(SLOPE))]
    model = nn.Sequential(*layers, nn.Linear(widths[-1], 1))
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(adam, max_lr=0.01, total_steps=options.steps + 1)
    for step in range(options.steps + 1):
        if step % options.every == 0 or step == options.steps:
            save(model, options.checkpoint)
        points = 2 * torch.rand(1024, 2) - 1
        loss = (model(points) - rings(points)).square().mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
        schedule.step()
    print(f"{options.checkpoint}: loss {loss.item():.5f}")


if __name__ == "__main__":
    main()
