"""Twelve steps of the Trainer for each kind of answer that is not one class a row, all rows one batch, next to
this file: a tiny BERT as `save_pretrained` writes it, golden.json (rows, labels, steps, loss and logits after) and
final.safetensors. Run with the interpreter of the README."""

import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import torch  # noqa: E402
from safetensors.torch import save_file  # noqa: E402
from transformers import (  # noqa: E402
    AutoModelForMaskedLM,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    BertConfig,
    Trainer,
    TrainingArguments,
)

from golden import f32, made_with, write_json  # noqa: E402

STEPS = 12
LENGTHS = [9, 4, 12, 6, 3, 7]
LABELS = ["up", "down", "left"]
CLASSES = {
    "multi-label": AutoModelForSequenceClassification,
    "regression": AutoModelForSequenceClassification,
    "token-classification": AutoModelForTokenClassification,
    "masked-lm": AutoModelForMaskedLM,
}
PROBLEM_TYPES = {"multi-label": "multi_label_classification", "regression": "regression"}


def config_of(problem: str) -> BertConfig:
    if problem == "regression":
        labels = {"num_labels": 1}
    elif problem == "masked-lm":
        labels = {}
    else:
        labels = {"id2label": dict(enumerate(LABELS)), "label2id": {name: i for i, name in enumerate(LABELS)}}
    return BertConfig(
        vocab_size=32,
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=12,
        max_position_embeddings=20,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        initializer_range=0.3,
        problem_type=PROBLEM_TYPES.get(problem),
        **labels,
    )


def batch(problem: str) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(11)
    rows, width = len(LENGTHS), max(LENGTHS)
    input_ids = torch.zeros((rows, width), dtype=torch.long)
    attention_mask = torch.zeros_like(input_ids)
    by_token = torch.full_like(input_ids, -100)
    for row, length in enumerate(LENGTHS):
        input_ids[row, :length] = torch.randint(4, 32, (length,), generator=generator)
        attention_mask[row, :length] = 1
        count = len(LABELS) if problem == "token-classification" else 32
        # Every other token, and another number of them in each row.
        by_token[row, 1:length:2] = torch.randint(0, count, (length // 2,), generator=generator)
    labels = {
        "multi-label": torch.randint(0, 2, (rows, len(LABELS)), generator=generator).float(),
        "regression": torch.randn(rows, generator=generator),
    }.get(problem, by_token)
    return {"input_ids": input_ids, "attention_mask": attention_mask, "labels": labels}


def write_case(problem: str) -> None:
    folder = HERE / problem
    torch.manual_seed(3)
    model = CLASSES[problem].from_config(config_of(problem), attn_implementation="eager")
    model.save_pretrained(folder)
    inputs = batch(problem)
    rows = [{key: value[row] for key, value in inputs.items()} for row in range(len(LENGTHS))]
    with tempfile.TemporaryDirectory() as output_dir:
        arguments = TrainingArguments(
            output_dir=output_dir,
            use_cpu=True,
            report_to="none",
            disable_tqdm=True,
            learning_rate=5e-3,
            weight_decay=0.01,
            per_device_train_batch_size=len(rows),
            train_sampling_strategy="sequential",
            num_train_epochs=STEPS,
            logging_steps=1,
            save_strategy="no",
        )
        trainer = Trainer(model=model, args=arguments, train_dataset=rows)
        trainer.train()
    save_file({n: p.detach().contiguous() for n, p in model.named_parameters()}, folder / "final.safetensors")
    with torch.no_grad():
        after = model.eval()(**inputs)
    keys = ("step", "loss", "grad_norm", "learning_rate")
    write_json(
        folder / "golden.json",
        {
            "made_with": made_with("torch", "transformers", "accelerate"),
            **{key: value.tolist() for key, value in inputs.items() if value.dtype == torch.long},
            **({"labels": f32(inputs["labels"].numpy())} if inputs["labels"].is_floating_point() else {}),
            "steps": [{key: entry[key] for key in keys} for entry in trainer.state.log_history if "loss" in entry],
            "loss_after": f32(after.loss.item()),
            "logits_after": f32(after.logits.numpy()),
        },
    )


def main() -> None:
    torch.set_num_threads(1)
    for folder in HERE.iterdir():
        if folder.is_dir() and folder.name != "__pycache__":
            shutil.rmtree(folder)
    for problem in CLASSES:
        write_case(problem)


if __name__ == "__main__":
    main()
