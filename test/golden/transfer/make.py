"""Twelve steps of `transformers.Trainer` where only a part of the model trains: adapters of PEFT, frozen layers, layer-wise
learning rates. Writes <case>/ next to this file. Run with the interpreter of the README."""

import fnmatch
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
BERT = HERE.parent / "bert"
sys.path[:0] = [str(BERT), str(HERE.parent)]

import torch  # noqa: E402
from peft import LoraConfig, get_peft_model  # noqa: E402
from peft.utils import get_peft_model_state_dict  # noqa: E402
from safetensors.torch import save_file  # noqa: E402
from transformers import (  # noqa: E402
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    Trainer,
    TrainingArguments,
)

from golden import made_with, write_json  # noqa: E402
from trajectories import FixtureTrainer, encode, pairs, read_rows, topics  # noqa: E402

STUDIO_KEYS = [
    "task",
    "model",
    "dataset",
    "columns",
    "max_length",
    "config_overrides",
    "adapter",
    "freeze",
    "trainable_layers",
    "layerwise_lr_decay",
]


def lora(**settings) -> dict:
    return {"type": "lora", "lora_dropout": 0, **settings}


CASES = {
    "lora": topics(
        learning_rate=1e-2, weight_decay=0.1, adapter=lora(r=4, lora_alpha=8, target_modules=["query", "value"])
    ),
    "lora-all-linear": pairs(
        learning_rate=2e-3, adapter=lora(r=2, lora_alpha=6, target_modules="all-linear", use_rslora=True)
    ),
    "last-layer": topics(learning_rate=1e-3, weight_decay=0.1, trainable_layers=1),
    "patterns": topics(learning_rate=1e-3, freeze=["bert.embeddings.*", "*.attention.*"]),
    "layerwise-rates": topics(learning_rate=2e-3, weight_decay=0.05, layerwise_lr_decay=0.6),
}


def layer_of(name: str, layers: int) -> int:
    if ".embeddings." in name:
        return 0
    found = re.search(r"encoder\.layer\.(\d+)\.", name)
    return int(found[1]) + 1 if found else layers + 1


class LayerwiseTrainer(FixtureTrainer):
    """Each layer below the head learns at `decay` times the rate of the one above it."""

    decay = None

    def create_optimizer(self, model=None):
        super().create_optimizer()
        if self.decay is None:
            return self.optimizer
        layers = self.model.config.num_hidden_layers
        names = {parameter: name for name, parameter in self.model.named_parameters()}
        groups = []
        for group in self.optimizer.param_groups:
            for parameter in group["params"]:
                factor = self.decay ** (layers + 1 - layer_of(names[parameter], layers))
                groups.append(
                    {"params": [parameter], "weight_decay": group["weight_decay"], "lr": self.args.learning_rate * factor}
                )
        self.optimizer = torch.optim.AdamW(groups, lr=self.args.learning_rate, betas=(0.9, 0.999), eps=1e-8)
        return self.optimizer


def is_frozen(name: str, studio: dict, layers: int) -> bool:
    if studio["trainable_layers"] is not None:
        return layer_of(name, layers) <= layers - studio["trainable_layers"]
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in studio["freeze"] or [])


def prepare(model, studio: dict):
    adapter = studio["adapter"]
    if adapter is None:
        for name, parameter in model.named_parameters():
            parameter.requires_grad = not is_frozen(name, studio, model.config.num_hidden_layers)
        return model
    settings = {key: value for key, value in adapter.items() if key != "type"}
    torch.manual_seed(7)
    return get_peft_model(model, LoraConfig(task_type="SEQ_CLS", init_lora_weights=False, **settings))


def trained(model, adapter) -> dict[str, torch.Tensor]:
    if adapter is not None:
        tensors = get_peft_model_state_dict(model)
    else:
        tensors = {name: value for name, value in model.named_parameters() if value.requires_grad}
    return {name: value.detach().clone().contiguous() for name, value in tensors.items()}


def save_adapter(model, folder: Path, base: str) -> None:
    model.save_pretrained(folder)
    (folder / "README.md").unlink()
    file = folder / "adapter_config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    # A list, where the set of PEFT has an order of its own each time.
    if isinstance(config["target_modules"], list):
        config["target_modules"].sort()
    file.write_text(json.dumps({**config, "base_model_name_or_path": base}, indent=2) + "\n", encoding="utf-8")


def write(name: str, folder: Path) -> None:
    folder.mkdir(parents=True)
    run = {**CASES[name], "model": CASES[name]["model"].replace("../../", "../../bert/")}
    run["dataset"] = {split: path.replace("../../", "../../bert/") for split, path in run["dataset"].items()}
    (folder / "run.json").write_text(json.dumps(run, indent=2) + "\n", encoding="utf-8")
    studio = {key: run.pop(key, None) for key in STUDIO_KEYS}
    model_folder = folder / studio["model"]
    model = AutoModelForSequenceClassification.from_pretrained(model_folder, **studio["config_overrides"])
    tokenizer = AutoTokenizer.from_pretrained(model_folder)
    rows = {
        split: encode(read_rows(folder / path), studio["columns"], tokenizer, model.config.label2id, studio["max_length"])
        for split, path in studio["dataset"].items()
    }
    model = prepare(model, studio)
    if studio["adapter"] is not None:
        save_adapter(model, folder / "initial", "../" + studio["model"])
    with tempfile.TemporaryDirectory() as output_dir:
        trainer = LayerwiseTrainer(
            model=model,
            args=TrainingArguments(output_dir=output_dir, use_cpu=True, report_to="none", disable_tqdm=True, **run),
            train_dataset=rows["train"],
            eval_dataset=rows["validation"],
            data_collator=DataCollatorWithPadding(tokenizer),
        )
        trainer.decay = studio["layerwise_lr_decay"]
        trainable = sum(p.numel() for p in model.parameters() if p.requires_grad)
        trainer.train()
        logits = trainer.predict(rows["validation"]).predictions
        merged = None
        if studio["adapter"] is not None:
            save_adapter(model, folder / "final", "../" + studio["model"])
            whole = model.merge_and_unload()
            arguments = TrainingArguments(output_dir=output_dir, use_cpu=True, report_to="none", disable_tqdm=True)
            judge = Trainer(model=whole, args=arguments, data_collator=DataCollatorWithPadding(tokenizer))
            merged = judge.predict(rows["validation"]).predictions
        else:
            save_file(trained(model, None), folder / "final.safetensors")
    steps = [
        {key: entry[key] for key in ("step", "epoch", "loss", "grad_norm", "learning_rate")}
        for entry in trainer.state.log_history
        if "loss" in entry
    ]
    write_json(
        folder / "trajectory.json",
        {
            "made_with": made_with("torch", "transformers", "accelerate", "peft"),
            "trainable_parameters": trainable,
            "steps": steps,
            "validation_logits_after": logits.tolist(),
            "merged_logits_after": None if merged is None else merged.tolist(),
        },
    )


def main() -> None:
    torch.set_num_threads(1)
    for name in CASES:
        shutil.rmtree(HERE / name, ignore_errors=True)
        write(name, HERE / name)


if __name__ == "__main__":
    main()
