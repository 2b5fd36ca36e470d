#!/usr/bin/env bash
# Makes the networks of this folder again: assets/train.sh, in a clone of the repository.
set -euo pipefail
cd "$(dirname "$0")/.."

train() { cargo run --release --quiet -- train "$@"; }

train rings --hidden 16,16,16,16 --steps 20000 --seed 15 -o assets/rings_16x4.safetensors
train rings --hidden 8,8,8,8,8,8 --steps 20000 --seed 6 -o assets/rings_8x6.safetensors
train rings --hidden 32,32,32,32 --steps 20000 -o assets/rings_32x4.safetensors
train star --hidden 8,8,8,8,8,8 --steps 20000 -o assets/star_8x6.safetensors
train rings --hidden 8,8,8,8,8,8 --steps 0 -o assets/untrained_8x6.safetensors
train disc --hidden 8 --steps 0 --seed 57 -o assets/random_8.safetensors
train disc --hidden 8,8 --steps 0 --seed 5 -o assets/random_8x2.safetensors
