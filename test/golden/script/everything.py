"""Run  7 , a run of Tunesmith, as a script for the Trainer of Transformers 5.

train-files/ lies beside it: the rows, and the weights before the first step. Rows come in the same order and batches,
the arguments are the same. Without dropout and noise the losses agree to the rounding of float32; with them PyTorch
draws other numbers.
The logged grad_norm is that of gradients cut by value; in the studio it is that before.
The logged learning_rate is that of the lowest layer.

    pip install torch "transformers>=5.24,<6" accelerate scikit-learn
"""

import fnmatch
import json
import re
from pathlib import Path

import torch
from sklearn.metrics import accuracy_score, matthews_corrcoef, precision_recall_fscore_support
from torch.nn.functional import cross_entropy
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    EarlyStoppingCallback,
    Trainer,
    TrainingArguments,
)

HERE = Path(__file__).resolve().parent
FILES = HERE / "train-files"

tokenizer = AutoTokenizer.from_pretrained(FILES / "model")
model = AutoModelForSequenceClassification.from_pretrained(FILES / "model")


def encode(row):
    return {**tokenizer(row["text"], truncation=True, max_length=128), "labels": model.config.label2id[row["label"]]}


def read(split):
    with open(FILES / "data" / f"{split}.jsonl", encoding="utf-8") as lines:
        return [encode(json.loads(line)) for line in lines]


class Draws:
    """Random numbers that are a function of their key alone."""

    def __init__(self, *key):
        self.key, self.count = 0x9E3779B9, 0
        for part in key:
            self.key = self.mix(self.key + part)
            self.key = self.mix(self.key ^ part >> 32)

    @staticmethod
    def mix(x):
        x &= 0xFFFFFFFF
        x = (x ^ x >> 16) * 0x7FEB352D & 0xFFFFFFFF
        x = (x ^ x >> 15) * 0x846CA68B & 0xFFFFFFFF
        return x ^ x >> 16

    def next(self):
        self.count += 1
        return self.mix(self.mix(self.count - 1) ^ self.key)

    def uniform(self):
        return ((self.next() >> 5) * 2**26 + (self.next() >> 6)) / 2**53

    def below(self, n):
        while (x := self.next()) >= 2**32 - 2**32 % n:
            pass
        return x % n


class StudioOrder(torch.utils.data.Sampler):
    """The order of rows is a function of the seed and the epoch."""

    def __init__(self, rows):
        self.rows, self.epoch = rows, 0

    def set_epoch(self, epoch):
        self.epoch = epoch
        if hasattr(self.rows, "set_epoch"):
            self.rows.set_epoch(epoch)

    def __len__(self):
        return len(self.rows)

    def __iter__(self):
        order, draws = list(range(len(self.rows))), Draws(42, 1, self.epoch)
        for i in range(len(order) - 1, 0, -1):
            j = draws.below(i + 1)
            order[i], order[j] = order[j], order[i]
        return iter(order)


def compute_metrics(answers):
    predicted, labels = answers.predictions.argmax(-1), answers.label_ids
    precision, recall, f1, _ = precision_recall_fscore_support(labels, predicted, average="macro", zero_division=0)
    return {
        "accuracy": accuracy_score(labels, predicted),
        "f1": f1,
        "precision": precision,
        "recall": recall,
        "matthews_correlation": matthews_corrcoef(labels, predicted),
    }


def mean_loss(outputs, labels, num_items_in_batch=None):
    logits = outputs.logits
    total = cross_entropy(
        logits.flatten(0, -2),
        labels.flatten(),
        weight=CLASS_WEIGHTS.to(logits),
        label_smoothing=0.1,
        reduction="sum",
    )
    return total / num_items_in_batch


def layer_of(name):
    """0 for the embeddings, then the layers from 1, then the head."""
    found = re.search(r"\.(?:layer|albert_layer_groups)\.(\d+)\.", name)
    return int(found[1]) + 1 if found else 0 if "embedding" in name else TOP


TOP = 2 + max(int(n) for n in re.findall(r"\.(?:layer|albert_layer_groups)\.(\d+)\.", " ".join(model.state_dict())))


class StudioTrainer(Trainer):
    def _get_train_sampler(self, train_dataset=None):
        return StudioOrder(self.train_dataset)

    def _get_num_items_in_batch(self, batch_samples, device):
        labels = torch.cat([batch["labels"].flatten() for batch in batch_samples])
        return CLASS_WEIGHTS[labels[labels >= 0]].sum().to(device)

    def _clip_grad_norm(self, model):
        torch.nn.utils.clip_grad_value_(model.parameters(), 0.01)
        return super()._clip_grad_norm(model)

    def create_optimizer(self, model=None):
        if self.optimizer is None:
            groups = super().create_optimizer(model).param_groups
            rates = {p: 0.7 ** (TOP - layer_of(name)) for name, p in self.model.named_parameters()}
            groups = [{**group, "params": [p], "lr": group["lr"] * rates[p]} for group in groups for p in group["params"]]
            kept = ("params", "lr", "betas", "eps", "weight_decay")
            groups = [{key: group[key] for key in kept} for group in groups]
            self.optimizer = torch.optim.Adam(groups)
        return self.optimizer


train_rows = read("train")
validation_rows = read("validation")
CLASS_IDS = torch.tensor([item["labels"] for item in train_rows])
COUNTS = CLASS_IDS.bincount(minlength=model.config.num_labels)
CLASS_WEIGHTS = torch.where(COUNTS > 0, COUNTS.sum() / (len(COUNTS) * COUNTS), 1.0)
for name, parameter in model.named_parameters():
    parameter.requires_grad = not (layer_of(name) < TOP - 1 or any(fnmatch.fnmatchcase(name, pattern) for pattern in ["bert.embeddings.*"]))

trainer = StudioTrainer(
    model=model,
    args=TrainingArguments(
        output_dir=str(HERE / "output"),
        num_train_epochs=3,
        per_device_train_batch_size=8,
        gradient_accumulation_steps=3,
        learning_rate=0.00005,
        max_grad_norm=float("inf"),
        lr_scheduler_type="cosine_with_min_lr",
        lr_scheduler_kwargs={"min_lr_rate": 0.1},
        label_smoothing_factor=0.1,
        per_device_eval_batch_size=8,
        eval_strategy="steps",
        eval_steps=10,
        save_steps=20,
        load_best_model_at_end=True,
        seed=42,
        optim="adamw_torch",
        metric_for_best_model="f1",
        greater_is_better=True,
        report_to="none",
    ),
    train_dataset=train_rows,
    eval_dataset=validation_rows,
    data_collator=DataCollatorWithPadding(tokenizer),
    processing_class=tokenizer,
    compute_metrics=compute_metrics,
    compute_loss_func=mean_loss,
    callbacks=[EarlyStoppingCallback(2, 0.01)],
)
trainer.train()
trainer.save_model()
trainer.save_state()
