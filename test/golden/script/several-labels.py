"""Run  7 , a run of Tunesmith, as a script for the Trainer of Transformers 5.

train-files/ lies beside it: the rows, and the weights before the first step. Rows come in the same order and batches,
the arguments are the same. Without dropout and noise the losses agree to the rounding of float32; with them PyTorch
draws other numbers.

    pip install torch "transformers>=5.24,<6" accelerate scikit-learn
"""

import json
from pathlib import Path

import torch
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score
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
    return {**tokenizer(row["text"], truncation=True, max_length=128), "labels": [float(label in row["label"]) for label in model.config.label2id]}


def read(split):
    with open(FILES / "data" / f"{split}.jsonl", encoding="utf-8") as lines:
        return [encode(json.loads(line)) for line in lines]


def compute_metrics(answers):
    given, labels = answers.predictions >= 0, answers.label_ids
    return {
        "subset_accuracy": accuracy_score(labels, given),
        "f1_micro": f1_score(labels, given, average="micro", zero_division=0),
        "f1_macro": f1_score(labels, given, average="macro", zero_division=0),
        "precision_micro": precision_score(labels, given, average="micro", zero_division=0),
        "recall_micro": recall_score(labels, given, average="micro", zero_division=0),
    }


train_rows = read("train")

trainer = Trainer(
    model=model,
    args=TrainingArguments(
        output_dir=str(HERE / "output"),
        num_train_epochs=3,
        per_device_train_batch_size=8,
        learning_rate=0.00005,
        per_device_eval_batch_size=8,
        seed=42,
        train_sampling_strategy="sequential",
        optim="adamw_torch",
        report_to="none",
    ),
    train_dataset=train_rows,
    data_collator=DataCollatorWithPadding(tokenizer),
    processing_class=tokenizer,
)
trainer.train()
trainer.save_model()
trainer.save_state()
