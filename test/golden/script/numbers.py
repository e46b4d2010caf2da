"""Run  7 , a run of Tunesmith, as a script for the Trainer of Transformers 5.

train-files/ lies beside it: the rows, and the weights before the first step. Rows come in the same order and batches,
the arguments are the same. Without dropout and noise the losses agree to the rounding of float32; with them PyTorch
draws other numbers.

    pip install torch "transformers>=5.24,<6" accelerate scipy scikit-learn
"""

import json
from pathlib import Path

import torch
from scipy.stats import spearmanr
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score
from torch.nn.functional import mse_loss
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    Trainer,
    TrainingArguments,
)

HERE = Path(__file__).resolve().parent
FILES = HERE / "train-files"

tokenizer = AutoTokenizer.from_pretrained(FILES / "model")
model = AutoModelForSequenceClassification.from_pretrained(FILES / "model")


def encode(row):
    return {**tokenizer(row["text"], truncation=True, max_length=128), "labels": float(row["label"])}


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
    predicted, labels = answers.predictions.squeeze(-1), answers.label_ids
    return {
        "mse": mean_squared_error(labels, predicted),
        "mae": mean_absolute_error(labels, predicted),
        "r2": r2_score(labels, predicted),
        "spearman": spearmanr(labels, predicted).statistic,
    }


def mean_loss(outputs, labels, num_items_in_batch=None):
    logits = outputs.logits
    total = mse_loss(logits.squeeze(-1), labels, reduction="sum")
    return total / num_items_in_batch


class StudioTrainer(Trainer):
    def _get_train_sampler(self, train_dataset=None):
        return StudioOrder(self.train_dataset)


train_rows = read("train")
validation_rows = read("validation")

trainer = StudioTrainer(
    model=model,
    args=TrainingArguments(
        output_dir=str(HERE / "output"),
        num_train_epochs=3,
        per_device_train_batch_size=8,
        gradient_accumulation_steps=2,
        learning_rate=0.00005,
        per_device_eval_batch_size=8,
        eval_strategy="epoch",
        seed=42,
        optim="adamw_torch",
        report_to="none",
    ),
    train_dataset=train_rows,
    eval_dataset=validation_rows,
    data_collator=DataCollatorWithPadding(tokenizer),
    processing_class=tokenizer,
    compute_metrics=compute_metrics,
    compute_loss_func=mean_loss,
)
trainer.train()
trainer.save_model()
trainer.save_state()
