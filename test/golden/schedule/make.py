"""Learning-rate curves of every schedule that `transformers.get_scheduler` knows, into curves.json."""

import math
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import torch  # noqa: E402
from transformers import SchedulerType, get_scheduler  # noqa: E402

from golden import made_with, write_json  # noqa: E402

STEPS_PAST_THE_END = 2

# name, learning_rate, num_warmup_steps, num_training_steps, lr_scheduler_kwargs
BY_STEP = [
    ("linear", 5e-5, 0, 12, {}),
    ("linear", 5e-5, 3, 12, {}),
    ("linear", 1e-3, 12, 12, {}),
    ("linear", 1e-3, 20, 12, {}),
    ("linear", 1e-3, 0, 1, {}),
    ("cosine", 1e-3, 0, 12, {}),
    ("cosine", 1e-3, 4, 25, {}),
    ("cosine", 1e-3, 4, 25, {"num_cycles": 1.5}),
    ("cosine_with_restarts", 2e-4, 0, 20, {}),
    ("cosine_with_restarts", 2e-4, 3, 24, {"num_cycles": 3}),
    ("polynomial", 1e-3, 0, 12, {}),
    ("polynomial", 1e-3, 2, 12, {"lr_end": 1e-5, "power": 2.0}),
    ("polynomial", 1e-3, 2, 12, {"lr_end": 0.0, "power": 0.5}),
    ("constant", 3e-4, 0, 6, {}),
    ("constant", 3e-4, 4, 6, {}),
    ("constant_with_warmup", 3e-4, 4, 10, {}),
    ("constant_with_warmup", 3e-4, 0, 4, {}),
    ("inverse_sqrt", 1e-3, 0, 12, {}),
    ("inverse_sqrt", 1e-3, 4, 20, {}),
    ("inverse_sqrt", 1e-3, 4, 20, {"timescale": 9}),
    ("cosine_with_min_lr", 1e-3, 0, 12, {"min_lr": 1e-4}),
    ("cosine_with_min_lr", 1e-3, 3, 20, {"min_lr_rate": 0.25}),
    ("cosine_with_min_lr", 1e-3, 3, 20, {"min_lr": 0.0, "num_cycles": 1.0}),
    ("cosine_warmup_with_min_lr", 1e-3, 0, 12, {"min_lr": 1e-4}),
    ("cosine_warmup_with_min_lr", 1e-3, 4, 20, {"min_lr_rate": 0.1}),
    ("cosine_warmup_with_min_lr", 1e-3, 4, 20, {"min_lr_rate": 0.1, "warmup_lr_rate": 0.2}),
    ("cosine_warmup_with_min_lr", 1e-3, 1, 8, {"min_lr": 0.0, "warmup_lr_rate": 0.5}),
    ("warmup_stable_decay", 1e-3, 3, 20, {"num_decay_steps": 6}),
    ("warmup_stable_decay", 1e-3, 3, 20, {"num_decay_steps": 6, "min_lr_ratio": 0.1, "decay_type": "linear"}),
    ("warmup_stable_decay", 1e-3, 4, 20, {"num_decay_steps": 8, "warmup_type": "cosine", "decay_type": "1-sqrt"}),
    ("warmup_stable_decay", 1e-3, 4, 20, {"num_decay_steps": 8, "warmup_type": "1-sqrt", "min_lr_ratio": 0.2}),
    ("warmup_stable_decay", 1e-3, 2, 20, {"num_decay_steps": 5, "num_stable_steps": 6, "min_lr_ratio": 0.05}),
]

FALLING_THEN_FLAT = [round(2.0 * math.exp(-0.5 * i) + 0.5, 6) for i in range(6)] + [0.6, 0.55, 0.61, 0.6, 0.58, 0.59] * 3
RISING_THEN_FLAT = [round(0.9 - 0.5 * 0.6**i, 6) for i in range(8)] + [0.88, 0.87, 0.89, 0.885] * 4

# name, learning_rate, lr_scheduler_kwargs, the metric at each evaluation
BY_METRIC = [
    ("reduce_lr_on_plateau", 1e-3, {}, FALLING_THEN_FLAT),
    ("reduce_lr_on_plateau", 1e-3, {"patience": 2, "factor": 0.5, "cooldown": 1, "min_lr": 1e-4}, FALLING_THEN_FLAT),
    ("reduce_lr_on_plateau", 1e-3, {"mode": "max", "patience": 1, "threshold": 0.01, "threshold_mode": "abs"}, RISING_THEN_FLAT),
    ("greedy", 0.01, {"patience": 1, "factor": 0.5}, FALLING_THEN_FLAT),
    ("greedy", 1e-3, {"patience": 2, "min_lr": 1e-5, "max_lr": 2e-3, "cooldown": 1, "warmup": 2}, FALLING_THEN_FLAT),
    ("greedy", 1e-3, {"mode": "max", "patience": 1, "min_lr": 5e-4, "reset_start": 2, "factor": 0.7}, RISING_THEN_FLAT),
    ("greedy", 1e-3, {"patience": 1, "min_lr": 1e-5, "smooth": True, "window_size": 3}, FALLING_THEN_FLAT),
]


def optimizer_with(learning_rate: float) -> torch.optim.Optimizer:
    return torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], lr=learning_rate)


def by_step(name, learning_rate, num_warmup_steps, num_training_steps, kwargs) -> dict:
    optimizer = optimizer_with(learning_rate)
    scheduler = get_scheduler(name, optimizer, num_warmup_steps, num_training_steps, scheduler_specific_kwargs=kwargs)
    rates = []
    for _ in range(num_training_steps + STEPS_PAST_THE_END):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return {
        "name": name,
        "learning_rate": learning_rate,
        "num_warmup_steps": num_warmup_steps,
        "num_training_steps": num_training_steps,
        "lr_scheduler_kwargs": kwargs,
        "learning_rates": rates,
    }


def by_metric(name, learning_rate, kwargs, metrics) -> dict:
    optimizer = optimizer_with(learning_rate)
    scheduler = get_scheduler(name, optimizer, scheduler_specific_kwargs=kwargs)
    rates = []
    for metric in metrics:
        scheduler.step(metric)
        rates.append(optimizer.param_groups[0]["lr"])
    return {
        "name": name,
        "learning_rate": learning_rate,
        "lr_scheduler_kwargs": kwargs,
        "metrics": metrics,
        "learning_rates": rates,
    }


def main() -> None:
    covered = {case[0] for case in BY_STEP + BY_METRIC}
    assert covered == {kind.value for kind in SchedulerType}, covered
    write_json(
        HERE / "curves.json",
        {
            "made_with": made_with("torch", "transformers"),
            "by_step": [by_step(*case) for case in BY_STEP],
            "by_metric": [by_metric(*case) for case in BY_METRIC],
        },
    )


if __name__ == "__main__":
    main()
