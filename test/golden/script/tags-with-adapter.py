"""Run  7 , a run of Tunesmith, as a script for the Trainer of Transformers 5.

train-files/ lies beside it: the rows, and the weights before the first step. Rows come in the same order and batches,
the arguments are the same. Without dropout and noise the losses agree to the rounding of float32; with them PyTorch
draws other numbers.
The eval_loss here is the mean over batches; in the studio it is the mean over all tokens asked about.

    pip install torch "transformers>=5.24,<6" accelerate peft scikit-learn seqeval
"""

import json
from pathlib import Path

import torch
from peft import PeftModel
from seqeval.metrics import accuracy_score, f1_score, precision_score, recall_score
from sklearn import metrics
from transformers import (
    AutoModelForTokenClassification,
    AutoTokenizer,
    DataCollatorForTokenClassification,
    Trainer,
    TrainingArguments,
)

HERE = Path(__file__).resolve().parent
FILES = HERE / "train-files"

tokenizer = AutoTokenizer.from_pretrained(FILES / "model")
model = AutoModelForTokenClassification.from_pretrained(FILES / "model")
model = PeftModel.from_pretrained(model, FILES / "adapter", is_trainable=True)


def encode(row):
    item = tokenizer(row["tokens"], is_split_into_words=True, truncation=True, max_length=128)
    words = item.word_ids()
    # A tag belongs to the first piece of its token.
    labels = [
        -100 if word is None or word == before else model.config.label2id[row["tags"][word]]
        for before, word in zip([None, *words], words)
    ]
    return {**item, "labels": labels}


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
    names = model.config.id2label
    rows = [(row >= 0).nonzero()[0] for row in answers.label_ids]
    tags = [[names[i] for i in row[at]] for row, at in zip(answers.label_ids, rows)]
    predicted = [[names[i] for i in row[at]] for row, at in zip(answers.predictions, rows)]
    if not any(name[:2] in ("B-", "I-", "E-", "S-", "L-", "U-") for name in names.values()):
        flat = [sum(tags, []), sum(predicted, [])]
        f1 = metrics.f1_score(*flat, average="macro", zero_division=0)
        return {"accuracy": metrics.accuracy_score(*flat), "f1_macro": f1}
    return {
        "f1": f1_score(tags, predicted, zero_division=0),
        "precision": precision_score(tags, predicted, zero_division=0),
        "recall": recall_score(tags, predicted, zero_division=0),
        "accuracy": accuracy_score(tags, predicted),
    }


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
        learning_rate=0.00005,
        per_device_eval_batch_size=8,
        eval_strategy="epoch",
        seed=42,
        optim="adamw_torch",
        report_to="none",
        label_names=["labels"],
    ),
    train_dataset=train_rows,
    eval_dataset=validation_rows,
    data_collator=DataCollatorForTokenClassification(tokenizer),
    processing_class=tokenizer,
    compute_metrics=compute_metrics,
    preprocess_logits_for_metrics=lambda logits, labels: logits.argmax(-1),
)
trainer.train()
trainer.save_model()  # the adapter
trainer.model.merge_and_unload().save_pretrained(HERE / "output" / "merged")
trainer.save_state()
