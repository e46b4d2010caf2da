"""`torch.optim.AdamW` over 20 steps on small vectors (adamw.json), the other optimizers (others.json), clipping (clip.json)."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import torch  # noqa: E402

from golden import f32, made_with, write_json  # noqa: E402
from others import CASES, clip_by_value, shared_gradients, trajectory  # noqa: E402

STEPS = 20
LENGTH = 7

# name, learning_rate, adam_beta1, adam_beta2, adam_epsilon, weight_decay, schedule
ADAMW = [
    ("defaults", 5e-5, 0.9, 0.999, 1e-8, 0.0, "constant"),
    ("weight decay", 1e-3, 0.9, 0.999, 1e-8, 0.01, "constant"),
    ("heavy decay, linear schedule", 1e-2, 0.9, 0.999, 1e-8, 0.3, "linear"),
    ("roberta betas", 1e-3, 0.9, 0.98, 1e-6, 0.1, "linear"),
    ("no momentum", 1e-3, 0.0, 0.9, 1e-8, 0.0, "constant"),
    ("large epsilon", 1e-2, 0.8, 0.95, 1e-2, 0.05, "constant"),
]


def gradients(seed: int) -> torch.Tensor:
    """[STEPS, LENGTH]: ordinary, sign-changing, zero, rare, tiny, huge and once-huge components."""
    generator = torch.Generator().manual_seed(seed)
    values = torch.randn(STEPS, LENGTH, generator=generator)
    values[:, 1] = values[:, 1].abs() * torch.tensor([1.0, -1.0]).repeat(STEPS // 2)
    values[:, 2] = 0
    values[:, 3] *= (torch.arange(STEPS) % 5 == 0).float()
    values[:, 4] *= 1e-9
    values[:, 5] *= 1e6
    values[7, 6] = 1e8
    return values


def adamw(name, learning_rate, beta1, beta2, epsilon, weight_decay, schedule) -> dict:
    generator = torch.Generator().manual_seed(11)
    parameter = torch.nn.Parameter(torch.randn(LENGTH, generator=generator))
    initial = parameter.detach().clone()
    steps = gradients(seed=5)
    optimizer = torch.optim.AdamW(
        [parameter], lr=learning_rate, betas=(beta1, beta2), eps=epsilon, weight_decay=weight_decay, foreach=False
    )
    rates, parameters = [], []
    for step in range(STEPS):
        rate = learning_rate * (1 - step / STEPS) if schedule == "linear" else learning_rate
        optimizer.param_groups[0]["lr"] = rate
        parameter.grad = steps[step].clone()
        optimizer.step()
        rates.append(rate)
        parameters.append(f32(parameter.detach()))
    state = optimizer.state[parameter]
    return {
        "name": name,
        "adam_beta1": beta1,
        "adam_beta2": beta2,
        "adam_epsilon": epsilon,
        "weight_decay": weight_decay,
        "initial": f32(initial),
        "learning_rates": rates,
        "gradients": f32(steps),
        "parameters": parameters,
        "exp_avg": f32(state["exp_avg"]),
        "exp_avg_sq": f32(state["exp_avg_sq"]),
    }


def clip(name: str, tensors: list[torch.Tensor], max_grad_norm: float) -> dict:
    parameters = [torch.nn.Parameter(torch.zeros_like(tensor)) for tensor in tensors]
    for parameter, tensor in zip(parameters, tensors):
        parameter.grad = tensor.clone()
    norm = torch.nn.utils.clip_grad_norm_(parameters, max_grad_norm)
    return {
        "name": name,
        "max_grad_norm": max_grad_norm,
        "gradients": [f32(tensor) for tensor in tensors],
        "grad_norm": f32(norm),
        "clipped": [f32(parameter.grad) for parameter in parameters],
    }


def main() -> None:
    torch.set_num_threads(1)
    versions = made_with("torch")
    write_json(HERE / "adamw.json", {"made_with": versions, "cases": [adamw(*case) for case in ADAMW]})
    generator = torch.Generator().manual_seed(3)
    ordinary = [torch.randn(size, generator=generator) for size in (5, 1, 12)]
    cases = [
        clip("clips", ordinary, 1.0),
        clip("leaves alone", ordinary, 100.0),
        clip("just below the norm", ordinary, torch.cat(ordinary).norm().item() * (1 - 1e-6)),
        clip("tiny bound", ordinary, 1e-4),
        clip("all zero", [torch.zeros(3), torch.zeros(2)], 1.0),
        clip("huge", [tensor * 1e15 for tensor in ordinary], 1.0),
        clip("tiny", [tensor * 1e-15 for tensor in ordinary], 1.0),
    ]
    values = torch.tensor([0.5, -0.5, 2.0, -3.0, 0.0, 1e20, 1e-20])
    by_value = [clip_by_value("some", values, 1.0), clip_by_value("all", values, 1e-3), clip_by_value("none", values, 1e30)]
    write_json(HERE / "clip.json", {"made_with": versions, "cases": cases, "by_value": by_value})
    write_json(
        HERE / "others.json",
        {
            "made_with": made_with("torch", "transformers", "bitsandbytes"),
            "gradients": shared_gradients(),
            "cases": [trajectory(*case) for case in CASES],
        },
    )


if __name__ == "__main__":
    main()
