"""Where `transformers.Trainer` stops early and which step it calls best, for scripted metrics, into stopping.json."""

import contextlib
import math
import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import torch  # noqa: E402
from transformers import EarlyStoppingCallback, Trainer, TrainingArguments  # noqa: E402

from golden import made_with, write_json  # noqa: E402

FALLING = [1.0, 0.8, 0.7, 0.72, 0.69, 0.75, 0.74, 0.73, 0.6, 0.5]
CREEPING = [1.0, 0.995, 0.99, 0.985, 0.98, 0.975, 0.97, 0.965]
RISING = [0.2, 0.5, 0.5, 0.6, 0.6, 0.6, 0.59, 0.7]

# name, greater_is_better, early_stopping_patience, early_stopping_threshold, metric at each evaluation
CASES = [
    ("patience 1", False, 1, 0.0, FALLING),
    ("patience 2", False, 2, 0.0, FALLING),
    ("patience 3", False, 3, 0.0, FALLING),
    ("patience 4, never stops", False, 4, 0.0, FALLING),
    ("small steps within the threshold still move the best", False, 3, 0.01, CREEPING),
    ("small steps, no threshold", False, 3, 0.0, CREEPING),
    ("greater is better, ties do not count", True, 2, 0.0, RISING),
    ("greater is better, threshold", True, 2, 0.15, RISING),
    ("improvement of exactly the threshold", True, 2, 0.25, [0.25, 0.5, 0.75, 1.0, 1.25]),
    ("never better than the first", False, 3, 0.0, [0.1, 0.2, 0.3, 0.4, 0.5]),
    ("NaN is never better", False, 2, 0.0, [1.0, math.nan, 0.9, math.nan, math.nan, 0.8]),
    ("NaN first", False, 2, 0.0, [math.nan, math.nan, 0.9, 0.8]),
]


class Tiny(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = torch.nn.Linear(1, 1)

    def forward(self, x, labels):
        output = self.linear(x)
        return {"loss": ((output - labels) ** 2).mean(), "logits": output}


def case(name, greater_is_better, patience, threshold, script) -> dict:
    scripted = iter(script)
    rows = [{"x": torch.ones(1), "labels": torch.ones(1)}]
    with tempfile.TemporaryDirectory() as output_dir:
        arguments = TrainingArguments(
            output_dir=output_dir,
            use_cpu=True,
            report_to="none",
            disable_tqdm=True,
            max_steps=len(script),
            eval_strategy="steps",
            eval_steps=1,
            save_strategy="steps",
            save_steps=1,
            load_best_model_at_end=True,
            metric_for_best_model="score",
            greater_is_better=greater_is_better,
        )
        trainer = Trainer(
            model=Tiny(),
            args=arguments,
            train_dataset=rows,
            eval_dataset=rows,
            compute_metrics=lambda _: {"score": next(scripted)},
            callbacks=[EarlyStoppingCallback(patience, threshold)],
        )
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
            trainer.train()
    return {
        "name": name,
        "greater_is_better": greater_is_better,
        "early_stopping_patience": patience,
        "early_stopping_threshold": threshold,
        "metrics": [None if math.isnan(value) else value for value in script],
        "evaluations": trainer.state.global_step,
        "best_evaluation": trainer.state.best_global_step,
    }


def main() -> None:
    write_json(
        HERE / "stopping.json",
        {"made_with": made_with("torch", "transformers", "accelerate"), "cases": [case(*fields) for fields in CASES]},
    )


if __name__ == "__main__":
    main()
