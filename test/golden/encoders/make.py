"""Tiny random encoders of every family and task, next to this file: one folder a case, as `save_pretrained` writes it,
with golden.json (a batch, logits, loss, gradients' norm; for classifiers of rows twelve steps of the Trainer),
gradients.safetensors and final.safetensors. Run with the interpreter of the README."""

import json
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import torch  # noqa: E402
from safetensors.torch import save_file  # noqa: E402
from torch.nn.functional import cross_entropy  # noqa: E402
from transformers import (  # noqa: E402
    AutoConfig,
    AutoModel,
    AutoModelForMaskedLM,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    Trainer,
    TrainingArguments,
)
from transformers.activations import ACT2FN  # noqa: E402

from golden import f32, made_with, write_json  # noqa: E402

STEPS = 12
LENGTHS = [9, 4, 12, 6, 1, 7]
LABELS = ["up", "down", "left"]
BERT_LIKE = {
    "vocab_size": 32,
    "hidden_size": 8,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 12,
    "max_position_embeddings": 20,
    "hidden_dropout_prob": 0.0,
    "attention_probs_dropout_prob": 0.0,
}

# Every family with something of its own config that is not the default.
FAMILIES = {
    "bert": {**BERT_LIKE, "hidden_act": "mish", "classifier_dropout": 0.0},
    "distilbert": {
        "vocab_size": 32,
        "dim": 8,
        "hidden_dim": 12,
        "n_layers": 2,
        "n_heads": 2,
        "max_position_embeddings": 20,
        "sinusoidal_pos_embds": True,
        "activation": "relu",
        "dropout": 0.0,
        "attention_dropout": 0.0,
        "seq_classif_dropout": 0.0,
    },
    "roberta": {**BERT_LIKE, "type_vocab_size": 1, "layer_norm_eps": 1e-5, "hidden_act": "quick_gelu"},
    "electra": {**BERT_LIKE, "embedding_size": 6, "hidden_act": "hardswish"},
    "albert": {
        **BERT_LIKE,
        "embedding_size": 6,
        "num_hidden_layers": 3,
        "num_hidden_groups": 2,
        "inner_group_num": 2,
        "hidden_act": "gelu_new",
        "classifier_dropout_prob": 0.0,
    },
}
TASKS = {
    "sequence-classification": AutoModelForSequenceClassification,
    "token-classification": AutoModelForTokenClassification,
    "masked-lm": AutoModelForMaskedLM,
}


def randomise(model: torch.nn.Module, seed: int) -> None:
    """Far from the initialisation's small weights, zero biases and norms of one: every term must matter."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if "norm" in name.lower() and name.endswith("weight"):
                parameter.copy_(1 + 0.2 * noise)
            elif name.endswith("bias"):
                parameter.copy_(0.1 * noise)
            else:
                parameter.copy_(0.25 * noise)
        for module in model.modules():
            if isinstance(module, torch.nn.Embedding) and module.padding_idx is not None:
                module.weight[module.padding_idx] = 0


def config_of(family: str, task: str):
    labels = {} if task == "masked-lm" else {"id2label": dict(enumerate(LABELS)), "label2id": {n: i for i, n in enumerate(LABELS)}}
    return AutoConfig.for_model(family, **FAMILIES[family], **labels)


def batch(config, task: str) -> dict[str, torch.Tensor]:
    """Six rows, padded; one without padding, one of a single token."""
    generator = torch.Generator().manual_seed(11)
    width = max(LENGTHS)
    pad = config.pad_token_id
    input_ids = torch.full((len(LENGTHS), width), pad)
    attention_mask = torch.zeros_like(input_ids)
    types = torch.zeros_like(input_ids)
    labels = torch.full_like(input_ids, -100)
    for row, length in enumerate(LENGTHS):
        input_ids[row, :length] = torch.randint(4, config.vocab_size, (length,), generator=generator)
        attention_mask[row, :length] = 1
        types[row, (length + 1) // 2 : length] = 1
        count = len(LABELS) if task == "token-classification" else config.vocab_size
        labels[row, 0:length:2] = torch.randint(0, count, ((length + 1) // 2,), generator=generator)
    if task == "sequence-classification":
        labels = torch.tensor([row % len(LABELS) for row in range(len(LENGTHS))])
    with_types = getattr(config, "type_vocab_size", 0) > 1
    return {
        "input_ids": input_ids,
        "attention_mask": attention_mask,
        **({"token_type_ids": types} if with_types else {}),
        "labels": labels,
    }


def write_case(family: str, task: str, seed: int) -> None:
    folder = HERE / f"{family}.{task}"
    torch.manual_seed(seed)
    model = TASKS[task].from_config(config_of(family, task), attn_implementation="eager").eval()
    randomise(model, seed)
    model.save_pretrained(folder)
    inputs = batch(model.config, task)
    features = {name: value for name, value in inputs.items() if name != "labels"}
    logits = model(**features).logits
    loss = cross_entropy(logits.flatten(0, -2), inputs["labels"].flatten())
    loss.backward()
    gradients = {name: parameter.grad for name, parameter in model.named_parameters()}
    save_file({name: g.contiguous() for name, g in gradients.items()}, folder / "gradients.safetensors")
    golden = {
        "made_with": made_with("torch", "transformers", "accelerate"),
        **{name: value.tolist() for name, value in inputs.items()},
        "loss": f32(loss.item()),
        "logits": f32(logits.detach().numpy()),
    }
    if task == "sequence-classification":
        golden["steps"] = trajectory(folder, inputs)
    write_json(folder / "golden.json", golden)


def trajectory(folder: Path, inputs: dict[str, torch.Tensor]) -> list[dict]:
    """Twelve steps over the whole batch; final weights to final.safetensors."""
    model = AutoModelForSequenceClassification.from_pretrained(folder, attn_implementation="eager")
    rows = [{name: value[row] for name, value in inputs.items()} for row in range(len(LENGTHS))]
    with tempfile.TemporaryDirectory() as output_dir:
        arguments = TrainingArguments(
            output_dir=output_dir,
            use_cpu=True,
            report_to="none",
            disable_tqdm=True,
            learning_rate=1e-3,
            weight_decay=0.01,
            per_device_train_batch_size=len(rows),
            num_train_epochs=STEPS,
            logging_steps=1,
            save_strategy="no",
        )
        trainer = Trainer(model=model, args=arguments, train_dataset=rows)
        trainer.train()
    final = {name: parameter.detach().contiguous() for name, parameter in model.named_parameters()}
    save_file(final, folder / "final.safetensors")
    keys = ("step", "loss", "grad_norm", "learning_rate")
    return [{key: entry[key] for key in keys} for entry in trainer.state.log_history if "loss" in entry]


def write_base(family: str, seed: int) -> None:
    """A model without a head, whose names lack the family's prefix."""
    folder = HERE / f"{family}.base"
    model = AutoModel.from_config(config_of(family, "masked-lm"))
    randomise(model, seed)
    model.save_pretrained(folder)


def write_activations() -> None:
    """Every activation without weights of its own, and its slope."""
    points = torch.linspace(-7.3, 11.9, 41)
    values = {}
    for name in sorted(set(ACT2FN) - {"prelu", "xielu"}):
        x = points.clone().requires_grad_()
        y = ACT2FN[name](x)
        y.sum().backward()
        values[name] = {"y": f32(y.detach().numpy()), "slope": f32(x.grad.numpy())}
    write_json(HERE / "activations.json", {"made_with": made_with("torch", "transformers"), "x": f32(points.numpy()), **values})


def main() -> None:
    torch.set_num_threads(1)
    for folder in HERE.iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)
    write_activations()
    for i, family in enumerate(FAMILIES):
        for j, task in enumerate(TASKS):
            write_case(family, task, seed=10 * i + j + 1)
        write_base(family, seed=10 * i + 5)


if __name__ == "__main__":
    main()
