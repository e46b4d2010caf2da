"""Run  7 , a run of Tunesmith, as a script for the Trainer of Transformers 5.

train-files/ lies beside it: the rows, and the weights before the first step. Rows come in the same order and batches,
the arguments are the same. Without dropout and noise the losses agree to the rounding of float32; with them PyTorch
draws other numbers.
The eval_loss here is the mean over batches; in the studio it is the mean over all tokens asked about.

    pip install torch "transformers>=5.24,<6" accelerate
"""

import json
from pathlib import Path

import torch
from transformers import (
    AutoModelForMaskedLM,
    AutoTokenizer,
    DataCollatorForTokenClassification,
    Trainer,
    TrainingArguments,
)

HERE = Path(__file__).resolve().parent
FILES = HERE / "train-files"

tokenizer = AutoTokenizer.from_pretrained(FILES / "model")
model = AutoModelForMaskedLM.from_pretrained(FILES / "model")


def encode(row):
    item = tokenizer(row["text"], truncation=True, max_length=128)
    return {**item, "words": item.word_ids()}


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


class MaskedRows(torch.utils.data.Dataset):
    """What is masked is a function of the seed, the epoch and the row; validation rows are masked once for all."""

    def __init__(self, rows, is_held_out=False):
        self.rows, self.is_held_out, self.epoch = rows, is_held_out, 0

    def set_epoch(self, epoch):
        self.epoch = epoch

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, row):
        item = dict(self.rows[row])
        ids, words = list(item.pop("input_ids")), item.pop("words")
        key = [5] if self.is_held_out else [4, self.epoch]
        draws = Draws(42, *key, row)
        drawn = [(draws.uniform(), unit) for unit in self.units(ids, words)]
        chosen = [at for draw, unit in drawn if draw < 0.15 for at in unit]
        # A row that draws nothing is asked about what came nearest.
        chosen = chosen or (min(drawn)[1] if drawn else [])
        labels = [-100] * len(ids)
        for at in chosen:
            labels[at], draw = ids[at], draws.uniform()
            if draw < 0.8:
                ids[at] = tokenizer.mask_token_id
            elif draw < 0.8 + 0.1:
                ids[at] = draws.below(len(tokenizer))
        return {**item, "input_ids": ids, "labels": labels}

    @staticmethod
    def units(ids, words):
        """All tokens of a word together."""
        units = {}
        for at, word in enumerate(words):
            if word is not None:
                units.setdefault(word, []).append(at)
        return list(units.values())


def compute_metrics(answers):
    asked = answers.label_ids >= 0
    return {"accuracy": float((answers.predictions == answers.label_ids)[asked].mean())}


class StudioTrainer(Trainer):
    def _get_train_sampler(self, train_dataset=None):
        return StudioOrder(self.train_dataset)


train_rows = MaskedRows(read("train"))
validation_rows = MaskedRows(read("validation"), is_held_out=True)

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
    ),
    train_dataset=train_rows,
    eval_dataset=validation_rows,
    data_collator=DataCollatorForTokenClassification(tokenizer),
    processing_class=tokenizer,
    compute_metrics=compute_metrics,
    preprocess_logits_for_metrics=lambda logits, labels: logits.argmax(-1),
)
trainer.train()
trainer.save_model()
trainer.save_state()
