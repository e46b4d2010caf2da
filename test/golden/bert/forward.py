"""One padded batch through each model: activations, four kinds of loss, and every gradient."""

from pathlib import Path

import torch
from safetensors.torch import save_file
from torch.nn.functional import cross_entropy
from transformers import BertForSequenceClassification
from transformers.trainer_pt_utils import LabelSmoother

from golden import f32, made_with, write_json

LABEL_SMOOTHING = 0.1
LENGTHS = [11, 4, 16, 7, 1]


def batch(config, seed: int) -> dict[str, torch.Tensor]:
    """Five rows of 16 positions; row 2 has no padding, row 4 is a single [CLS]; segment ids switch mid-row."""
    generator = torch.Generator().manual_seed(seed)
    width = max(LENGTHS)
    input_ids = torch.zeros(len(LENGTHS), width, dtype=torch.long)
    token_type_ids = torch.zeros_like(input_ids)
    attention_mask = torch.zeros_like(input_ids)
    for row, length in enumerate(LENGTHS):
        input_ids[row, :length] = torch.randint(5, config.vocab_size, (length,), generator=generator)
        input_ids[row, 0] = 2
        if length > 1:
            input_ids[row, length - 1] = 3
        token_type_ids[row, (length + 1) // 2 : length] = 1
        attention_mask[row, :length] = 1
    labels = torch.tensor([row % config.num_labels for row in range(len(LENGTHS))])
    return {"input_ids": input_ids, "token_type_ids": token_type_ids, "attention_mask": attention_mask, "labels": labels}


def losses(config) -> dict:
    """Loss name → function of logits [B,C] and labels [B]."""
    weights = torch.linspace(0.5, 2.5, config.num_labels)
    smoother = LabelSmoother(epsilon=LABEL_SMOOTHING)
    return {
        "plain": lambda logits, labels: cross_entropy(logits, labels),
        "label_smoothing": lambda logits, labels: smoother({"logits": logits}, labels),
        "class_weights": lambda logits, labels: cross_entropy(logits, labels, weight=weights.to(logits.dtype)),
        "class_weights_and_label_smoothing": lambda logits, labels: cross_entropy(
            logits, labels, weight=weights.to(logits.dtype), label_smoothing=LABEL_SMOOTHING
        ),
    }


def run(folder: Path, loss_name: str, dtype: torch.dtype, inputs: dict) -> dict:
    model = BertForSequenceClassification.from_pretrained(folder, attn_implementation="eager", dtype=dtype).eval()
    features = {name: value for name, value in inputs.items() if name != "labels"}
    encoded = model.bert(**features, output_hidden_states=True)
    logits = model.classifier(encoded.pooler_output)
    logits.retain_grad()
    loss = losses(model.config)[loss_name](logits, inputs["labels"])
    loss.backward()
    return {
        "loss": loss.item(),
        "logits": logits.detach(),
        "logits_gradient": logits.grad,
        "activations": {
            **{f"hidden_states.{i}": state.detach() for i, state in enumerate(encoded.hidden_states)},
            "pooler_output": encoded.pooler_output.detach(),
        },
        "gradients": {name: parameter.grad for name, parameter in model.named_parameters()},
    }


def write(name: str, model_folder: Path, folder: Path, with_gradients_of: list[str]) -> None:
    config = BertForSequenceClassification.from_pretrained(model_folder).config
    inputs = batch(config, seed=7)
    entries = []
    for loss_name in losses(config):
        single, double = (run(model_folder, loss_name, dtype, inputs) for dtype in (torch.float32, torch.float64))
        worst = max(
            (single["gradients"][key].double() - double["gradients"][key]).abs().max().item() for key in single["gradients"]
        )
        entry = {
            "name": loss_name,
            "loss": f32(single["loss"]),
            "loss_float64": double["loss"],
            "logits_gradient": f32(single["logits_gradient"]),
            "gradient_norm_float64": torch.stack([g.norm() for g in double["gradients"].values()]).norm().item(),
            "gradients_max_abs_error_vs_float64": float(f"{worst:.2g}"),
        }
        if loss_name in with_gradients_of:
            entry["gradients"] = f"gradients.{loss_name}.safetensors"
            save_file({k: v.contiguous() for k, v in single["gradients"].items()}, folder / entry["gradients"])
        entries.append(entry)
    save_file({k: v.contiguous() for k, v in single["activations"].items()}, folder / "activations.safetensors")
    write_json(
        folder / "forward.json",
        {
            "made_with": made_with("torch", "transformers"),
            "model": f"../../models/{name}",
            **{key: value.tolist() for key, value in inputs.items()},
            "class_weights": f32(torch.linspace(0.5, 2.5, config.num_labels)),
            "label_smoothing_factor": LABEL_SMOOTHING,
            "logits": f32(single["logits"]),
            "losses": entries,
        },
    )
