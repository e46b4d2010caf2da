"""Tiny random BERT classifiers with their tokenizers, in the folders `save_pretrained` writes."""

from collections import Counter
from pathlib import Path

import torch
from tokenizers import normalizers, pre_tokenizers
from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

from text import CONTRADICTS, COOKING, ENTAILS, LEARN_VOCABULARY_FROM, NO, OTHER, SPORT, WEATHER, YES

SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

# Labels are deliberately not in alphabetical order: a model's own label ids must survive.
MODELS = {
    "gelu-3-labels": {
        "seed": 1,
        "lowercase": True,
        "labels": [WEATHER, COOKING, SPORT],
        "config": {"num_hidden_layers": 2, "hidden_act": "gelu", "layer_norm_eps": 1e-12, "max_position_embeddings": 64},
    },
    "gelu-new-2-labels": {
        "seed": 2,
        "lowercase": False,
        "labels": [YES, NO],
        "config": {"num_hidden_layers": 3, "hidden_act": "gelu_new", "layer_norm_eps": 1e-5, "max_position_embeddings": 32},
    },
    "relu-pairs": {
        "seed": 3,
        "lowercase": True,
        "labels": [ENTAILS, OTHER, CONTRADICTS],
        "config": {"num_hidden_layers": 2, "hidden_act": "relu", "layer_norm_eps": 1e-6, "max_position_embeddings": 48},
    },
}


def vocabulary(lowercase: bool, size: int) -> dict[str, int]:
    """Characters, then the word beginnings and ends that cover most text.

    `WordPieceTrainer` breaks ties in hash order, so two runs of it give two vocabularies: not for a fixture.
    """
    normalizer, pre_tokenizer = normalizers.BertNormalizer(lowercase=lowercase), pre_tokenizers.BertPreTokenizer()
    words = [
        word
        for text in LEARN_VOCABULARY_FROM
        for word, _ in pre_tokenizer.pre_tokenize_str(normalizer.normalize_str(text))
    ]
    characters = sorted({word[0] for word in words}) + sorted({f"##{c}" for word in words for c in word[1:]})
    pieces = Counter()
    for word in words:
        for cut in range(2, len(word) + 1):
            pieces[word[:cut]] += cut
            if cut < len(word):
                pieces[f"##{word[-cut:]}"] += cut
    best = sorted(pieces, key=lambda piece: (-pieces[piece], piece))
    tokens = SPECIAL_TOKENS + characters + best
    return {token: index for index, token in enumerate(tokens[:size])}


def randomise(model: torch.nn.Module, seed: int) -> None:
    """Larger than BERT's own initialisation (0.02), and biases and norms away from 0 and 1: every term must matter."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if "LayerNorm.weight" in name:
                parameter.copy_(1 + 0.2 * noise)
            elif name.endswith("bias"):
                parameter.copy_(0.1 * noise)
            else:
                parameter.copy_(0.25 * noise)
        model.get_input_embeddings().weight[0] = 0  # padding_idx


def build(name: str, folder: Path) -> None:
    spec = MODELS[name]
    token_ids = vocabulary(spec["lowercase"], size=260)
    config = BertConfig(
        vocab_size=len(token_ids),
        hidden_size=32,
        num_attention_heads=4,
        intermediate_size=64,
        type_vocab_size=2,
        num_labels=len(spec["labels"]),
        id2label=dict(enumerate(spec["labels"])),
        label2id={label: index for index, label in enumerate(spec["labels"])},
        **spec["config"],
    )
    torch.manual_seed(spec["seed"])
    model = BertForSequenceClassification(config)
    randomise(model, spec["seed"])
    model.save_pretrained(folder)
    tokenizer = BertTokenizer(
        vocab=token_ids, do_lower_case=spec["lowercase"], model_max_length=config.max_position_embeddings
    )
    tokenizer.save_pretrained(folder)
    write_files_of_transformers_4(folder, token_ids)


def write_files_of_transformers_4(folder: Path, token_ids: dict[str, int]) -> None:
    """Transformers 5 no longer writes these two; folders on people's disks have them."""
    tokens = sorted(token_ids, key=token_ids.get)
    (folder / "vocab.txt").write_text("".join(f"{token}\n" for token in tokens), encoding="utf-8")
    roles = ["pad", "unk", "cls", "sep", "mask"]
    lines = ",\n".join(f'  "{role}_token": "{token}"' for role, token in sorted(zip(roles, SPECIAL_TOKENS)))
    (folder / "special_tokens_map.json").write_text("{\n" + lines + "\n}\n", encoding="utf-8")
