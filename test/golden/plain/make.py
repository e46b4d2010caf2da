"""The models of the studio's own format, built of PyTorch's modules: a batch in training mode (loss, gradients), the logits
in evaluation mode before and after twelve steps of AdamW, and the weights and running statistics they lead to."""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import torch  # noqa: E402
from safetensors.torch import save_file  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

from golden import f32, made_with, write_json  # noqa: E402

STEPS, RATE = 12, 1e-2
LENGTHS = [9, 4, 12, 6, 1, 7]
LABELS = ["up", "down", "left"]
PLAIN = {"vocab_size": 32, "embedding_size": 6, "max_position_embeddings": 20, "pad_token_id": 0, "dropout": 0.0}
MODELS = {
    "text-cnn": {
        **PLAIN,
        "model_type": "tunesmith-text-cnn",
        "window_sizes": [2, 3],
        "num_filters": 5,
        "batch_norm_momentum": 0.3,
        "batch_norm_eps": 1e-4,
    },
    "bag-of-embeddings": {**PLAIN, "model_type": "tunesmith-bag-of-embeddings"},
}


class TextCnn(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        self.windows = config["window_sizes"]
        embedding, filters = config["embedding_size"], config["num_filters"]
        self.embeddings = nn.Embedding(config["vocab_size"], embedding, padding_idx=config["pad_token_id"])
        self.convolutions = nn.ModuleList(nn.Linear(window * embedding, filters, bias=False) for window in self.windows)
        width = filters * len(self.windows)
        self.batch_norm = nn.BatchNorm1d(width, eps=config["batch_norm_eps"], momentum=config["batch_norm_momentum"])
        self.classifier = nn.Linear(width, len(LABELS))

    def forward(self, ids, mask):
        words = self.embeddings(ids).transpose(1, 2)
        maxima = []
        for window, layer in zip(self.windows, self.convolutions):
            kernel = layer.weight.view(layer.out_features, window, -1).transpose(1, 2)
            left = (window - 1) // 2
            convolved = F.conv1d(F.pad(words, (left, window - 1 - left)), kernel)
            maxima.append(convolved.masked_fill(mask[:, None] == 0, float("-inf")).amax(2))
        return self.classifier(F.relu(self.batch_norm(torch.cat(maxima, 1))))


class Bag(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        self.embeddings = nn.Embedding(config["vocab_size"], config["embedding_size"], padding_idx=config["pad_token_id"])
        self.classifier = nn.Linear(config["embedding_size"], len(LABELS))

    def forward(self, ids, mask):
        words = self.embeddings(ids) * mask[:, :, None]
        return self.classifier(words.sum(1) / mask.sum(1, keepdim=True))


def batch() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(11)
    ids = torch.zeros(len(LENGTHS), max(LENGTHS), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, length in enumerate(LENGTHS):
        ids[row, :length] = torch.randint(4, 32, (length,), generator=generator)
        mask[row, :length] = 1
    return ids, mask, torch.tensor([row % len(LABELS) for row in range(len(LENGTHS))])


def tensors_of(model: nn.Module) -> dict[str, torch.Tensor]:
    return {
        name: value.detach().clone().contiguous()
        for name, value in model.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }


def write(name: str, model_class, seed: int) -> None:
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    torch.manual_seed(seed)
    config = MODELS[name]
    model = model_class(config)
    with torch.no_grad():
        for key, value in model.state_dict().items():
            if key.endswith("running_var"):
                value.copy_(1 + 0.3 * torch.rand(value.shape))
            elif not key.endswith("num_batches_tracked"):
                value.copy_(0.4 * torch.randn(value.shape) + (1 if key == "batch_norm.weight" else 0))
        model.embeddings.weight[0] = 0
    labels = {"id2label": dict(enumerate(LABELS)), "label2id": {label: i for i, label in enumerate(LABELS)}}
    (folder / "config.json").write_text(json.dumps({**config, **labels}, indent=2) + "\n", encoding="utf-8")
    save_file(tensors_of(model), folder / "model.safetensors")

    ids, mask, targets = batch()
    logits_before = model.eval()(ids, mask).detach()
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.0)
    losses = []
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(ids, mask), targets)
        loss.backward()
        if step == 0:
            gradients = {key: value.grad.clone().contiguous() for key, value in model.named_parameters()}
            save_file(gradients, folder / "gradients.safetensors")
        losses.append(loss.item())
        optimizer.step()
    save_file(tensors_of(model), folder / "final.safetensors")
    golden = {
        "made_with": made_with("torch"),
        "input_ids": ids.tolist(),
        "attention_mask": mask.tolist(),
        "labels": targets.tolist(),
        "logits_before": f32(logits_before.numpy()),
        "losses": f32(losses),
        "logits_after": f32(model.eval()(ids, mask).detach().numpy()),
    }
    write_json(folder / "golden.json", golden)


if __name__ == "__main__":
    torch.set_num_threads(1)
    write("text-cnn", TextCnn, 1)
    write("bag-of-embeddings", Bag, 2)
