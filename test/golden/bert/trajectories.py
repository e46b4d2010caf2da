"""Twelve optimizer steps of `transformers.Trainer` for each case, everything random switched off.

The Trainer is built from the very run.json that the studio reads: rows → tokenizer → collator → Trainer.
"""

import csv
import json
import tempfile
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch.nn.functional import cross_entropy
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)

from golden import made_with, write_json

STEPS = 12
STUDIO_KEYS = ["task", "model", "dataset", "columns", "max_length", "class_weights", "config_overrides"]
NO_DROPOUT = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}

SEQUENTIAL = {"learning_rate": 1e-3, "train_sampling_strategy": "sequential"}
CLASS_WEIGHTS = {"weather": 0.5, "cooking": 1.25, "sport": 3}


def topics(**arguments) -> dict:
    return base("gelu-3-labels", "topics", "jsonl", {"text": "text", "label": "label"}, 12, 40, **arguments)


def pairs(**arguments) -> dict:
    columns = {"text": "premise", "text_pair": "hypothesis", "label": "relation"}
    return base("relu-pairs", "pairs", "csv", columns, 10, 48, **arguments)


def questions(**arguments) -> dict:
    return base("gelu-new-2-labels", "questions", "csv", {"text": "question", "label": "answer"}, 8, 32, **arguments)


def base(model, data, extension, columns, rows, max_length, **arguments) -> dict:
    return {
        "task": "sequence-classification",
        "model": f"../../models/{model}",
        "dataset": {
            "train": f"../../data/{data}.train.{extension}",
            "validation": f"../../data/{data}.validation.{extension}",
        },
        "columns": columns,
        "max_length": max_length,
        "config_overrides": NO_DROPOUT,
        "per_device_train_batch_size": rows,
        "per_device_eval_batch_size": 4,
        "num_train_epochs": STEPS,
        "logging_steps": 1,
        "eval_strategy": "steps",
        "eval_steps": 4,
        "save_strategy": "no",
        "seed": 42,
        **arguments,
    }


# A weighted loss is a mean over the batch's weights: with one evaluation batch there is only one way to average.
CASES = {
    "linear": topics(),
    "cosine-clipped": topics(
        learning_rate=3e-3, lr_scheduler_type="cosine", warmup_steps=3, weight_decay=0.01, max_grad_norm=0.5
    ),
    "accumulation": topics(learning_rate=1e-3, per_device_train_batch_size=6, gradient_accumulation_steps=2),
    "label-smoothing": topics(learning_rate=1e-3, label_smoothing_factor=0.1, adam_beta2=0.98, adam_epsilon=1e-6),
    "class-weights": topics(learning_rate=1e-3, class_weights=CLASS_WEIGHTS, per_device_eval_batch_size=16),
    "class-weights-balanced": topics(
        learning_rate=1e-3, class_weights="balanced", weight_decay=0.1, per_device_eval_batch_size=16
    ),
    "pairs": pairs(learning_rate=1e-3, lr_scheduler_type="constant_with_warmup", warmup_steps=4),
    "gelu-new": questions(learning_rate=2e-3, warmup_steps=0.25, weight_decay=0.05, max_grad_norm=0),
    # Several batches an epoch in file order, the last one short: 5 + 5 + 2 rows.
    # dataloader_drop_last drops evaluation rows too; batches of 5 leave none over.
    "sequential": topics(**SEQUENTIAL, per_device_train_batch_size=5, max_steps=11, eval_strategy="epoch"),
    "sequential-drop-last": topics(
        **SEQUENTIAL,
        per_device_train_batch_size=5,
        per_device_eval_batch_size=5,
        dataloader_drop_last=True,
        num_train_epochs=6,
        logging_steps=3,
    ),
    # 4 + 2 batches of 2 rows an epoch: the second step of an epoch accumulates what is left.
    "sequential-accumulation": topics(
        **SEQUENTIAL, per_device_train_batch_size=2, gradient_accumulation_steps=4, num_train_epochs=6
    ),
    # 5 + 5 + 2 rows in one step: a mean over rows is not the mean of the means.
    "accumulation-uneven": topics(
        **SEQUENTIAL, per_device_train_batch_size=5, gradient_accumulation_steps=3, label_smoothing_factor=0.1
    ),
}


class FixtureTrainer(Trainer):
    """Adds class weights, and makes accumulation the documented mean.

    The Trainer of 5.23 sums the losses of accumulated batches for classifiers, but for smoothed ones, which it divides
    by the rows of the whole step.
    """

    loss_is_scaled_for_ga = False
    class_weights = None

    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        if self.label_smoother is not None:
            self.loss_is_scaled_for_ga = True

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        if self.class_weights is None:
            return super().compute_loss(model, inputs, return_outputs, num_items_in_batch)
        labels = inputs.pop("labels")
        outputs = model(**inputs)
        loss = cross_entropy(outputs.logits, labels, weight=self.class_weights.to(outputs.logits.dtype))
        return (loss, outputs) if return_outputs else loss


class SummingTrainer(FixtureTrainer):
    """The accumulation of Transformers 5.23 as it is."""

    loss_is_scaled_for_ga = True


def read_rows(path: Path) -> list[dict]:
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def encode(rows, columns, tokenizer, label2id, max_length) -> list[dict]:
    texts = [[row[columns[role]] for role in ("text", "text_pair") if role in columns] for row in rows]
    encoded = [tokenizer(*text, truncation=True, max_length=max_length) for text in texts]
    return [{**item, "labels": label2id[row[columns["label"]]]} for item, row in zip(encoded, rows)]


def weights_tensor(setting, labels: list[int], label2id: dict[str, int]) -> torch.Tensor | None:
    if setting is None:
        return None
    if setting == "balanced":  # n / (k · count), as scikit-learn's compute_class_weight
        return torch.tensor(len(labels) / (len(label2id) * np.bincount(labels, minlength=len(label2id))))
    return torch.tensor([setting[label] for label in sorted(label2id, key=label2id.get)])


def train(folder: Path, trainer_class=FixtureTrainer, dtype=torch.float32) -> dict:
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    studio = {key: run.pop(key, None) for key in STUDIO_KEYS}
    model_folder = folder / studio["model"]
    model = AutoModelForSequenceClassification.from_pretrained(model_folder, dtype=dtype, **studio["config_overrides"])
    initial_weights = {name: value.detach().clone() for name, value in model.state_dict().items()}
    tokenizer = AutoTokenizer.from_pretrained(model_folder)
    label2id = model.config.label2id
    rows = {
        split: encode(read_rows(folder / path), studio["columns"], tokenizer, label2id, studio["max_length"])
        for split, path in studio["dataset"].items()
    }
    weights = weights_tensor(studio["class_weights"], [row["labels"] for row in rows["train"]], label2id)
    with tempfile.TemporaryDirectory() as output_dir:
        arguments = TrainingArguments(
            output_dir=output_dir, use_cpu=True, report_to="none", disable_tqdm=True, **run
        )
        trainer = trainer_class(
            model=model,
            args=arguments,
            train_dataset=rows["train"],
            eval_dataset=rows["validation"],
            data_collator=DataCollatorWithPadding(tokenizer),
            compute_metrics=lambda p: {"accuracy": float((p.predictions.argmax(-1) == p.label_ids).mean())},
        )
        trainer.class_weights = weights
        logits_before = trainer.predict(rows["validation"]).predictions
        trainer.train()
        logits_after = trainer.predict(rows["validation"]).predictions
    history = trainer.state.log_history
    steps = [
        {key: entry[key] for key in ("step", "epoch", "loss", "grad_norm", "learning_rate")}
        for entry in history
        if "loss" in entry
    ]
    evaluations = [
        {key: entry[key] for key in ("step", "epoch", "eval_loss", "eval_accuracy")}
        for entry in history
        if "eval_loss" in entry
    ]
    return {
        "class_weights": None if weights is None else {label: weights[id].item() for label, id in label2id.items()},
        "train_input_ids": [row["input_ids"] for row in rows["train"]],
        "steps": steps,
        "evaluations": evaluations,
        "validation_logits_before": logits_before.tolist(),
        "validation_logits_after": logits_after.tolist(),
        "initial_weights": initial_weights,
        "weights": {name: value.detach().clone() for name, value in trainer.model.state_dict().items()},
    }


def rounding_noise(single: dict, double: dict) -> dict:
    """How far float32 lies from the same run in float64: what no implementation in float32 can undercut."""

    def worst(values, reference) -> float:
        return float(f"{np.max(np.abs(np.subtract(values, reference)) / np.abs(reference)):.2g}")

    def column(result, key) -> list[float]:
        return [step[key] for step in result["steps"]]

    weights = {
        name: (value.double() - double["weights"][name]).norm().item() / double["weights"][name].norm().item()
        for name, value in single["weights"].items()
    }
    updates = {
        name: (value.double() - double["weights"][name]).norm().item()
        / (double["weights"][name] - double["initial_weights"][name]).norm().item()
        for name, value in single["weights"].items()
    }
    key_biases = {name for name in weights if name.endswith("attention.self.key.bias")}
    return {
        "loss_max_relative": worst(column(single, "loss"), column(double, "loss")),
        "grad_norm_max_relative": worst(column(single, "grad_norm"), column(double, "grad_norm")),
        "weights_max_relative_norm": float(f"{max(v for k, v in weights.items() if k not in key_biases):.2g}"),
        "updates_max_relative_norm": float(f"{max(v for k, v in updates.items() if k not in key_biases):.2g}"),
        "key_bias_max_relative_norm": float(f"{max(weights[name] for name in key_biases):.2g}"),
    }


def write(name: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "run.json").write_text(json.dumps(CASES[name], indent=2) + "\n", encoding="utf-8")
    single, double = train(folder), train(folder, dtype=torch.float64)
    noise = rounding_noise(single, double)
    del single["initial_weights"]
    save_file({key: value.contiguous() for key, value in single.pop("weights").items()}, folder / "final.safetensors")
    if name == "accumulation":
        summing = train(folder, SummingTrainer)
        single["steps_of_the_unpatched_trainer"] = summing["steps"]
    write_json(
        folder / "trajectory.json",
        {"made_with": made_with("torch", "transformers", "accelerate"), **single, "float32_rounding_noise": noise},
    )
