"""A tiny Marian that translates between some English words and an invented language, in the layout that transformers.js
reads, and what Transformers' own `generate` says with it, next to this file. English has two words for some things where
the other language has one: a round trip gives paraphrases. Needs transformers==4.57.6, optimum==2.0.0, optimum-onnx==0.1.0
and onnx beside torch (Transformers 5 cannot export yet)."""

import json
import random
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import onnx  # noqa: E402
import torch  # noqa: E402
from optimum.exporters.onnx import main_export  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402
from transformers import MarianConfig, MarianMTModel  # noqa: E402

from golden import made_with, write_json  # noqa: E402

# English words by the word of the other language; where there are two, the first is what comes back more often.
NOUNS = {"vuma": ["car", "auto"], "tilo": ["dog"], "peska": ["house", "home"], "rin": ["boy", "lad"]}
ADJECTIVES = {"grod": ["big", "large"], "mip": ["small", "little"], "sel": ["old"], "luz": ["quick", "fast"]}
VERBS = {"dak": ["sees", "notices"], "kor": ["likes"], "bem": ["takes", "grabs"]}
FIRST_SHARE = 0.7
TO = {"xx": ">>xx<<", "en": ">>en<<"}
STEPS, BATCH = 600, 48


def vocabulary() -> list[str]:
    words = [word for group in (NOUNS, ADJECTIVES, VERBS) for key, own in group.items() for word in (key, *own)]
    own = ["the", "lo", ".", "!", "s"]
    letters = list("abcdefghijklmnopqrstuvwxyz")
    return ["</s>", "<unk>", *TO.values(), *(f"▁{word}" for word in words + own), *letters, ".", "!", "▁", "<pad>"]


def tokenizer_json() -> dict:
    tokens = vocabulary()
    special = [0, 1, 2, 3, len(tokens) - 1]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": i, "content": tokens[i], "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
            for i in special
        ],
        "normalizer": {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "WhitespaceSplit"},
                {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
            ],
        },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
            "pair": [
                {"Sequence": {"id": "A", "type_id": 0}},
                {"Sequence": {"id": "B", "type_id": 0}},
                {"SpecialToken": {"id": "</s>", "type_id": 0}},
            ],
            "special_tokens": {"</s>": {"id": "</s>", "ids": [0], "tokens": ["</s>"]}},
        },
        "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "model": {
            "type": "Unigram",
            "unk_id": 1,
            "byte_fallback": False,
            "vocab": [[token, -1.0 if len(token) > 1 else -9.0] for token in tokens],
        },
    }


def sentence(rng: random.Random) -> list[tuple[str, list[str]]]:
    def pick(group):
        return rng.choice(sorted(group.items()))

    def phrase():
        return [("lo", ["the"]), *([pick(ADJECTIVES)] if rng.random() < 0.6 else []), pick(NOUNS)]

    return [*phrase(), pick(VERBS), *phrase()]


def english(rng: random.Random, own: list[str]) -> str:
    return own[0] if len(own) == 1 or rng.random() < FIRST_SHARE else own[1]


def pair(rng: random.Random) -> tuple[str, str]:
    words = sentence(rng)
    mark = rng.choice([".", "!", ""])
    other = " ".join(word for word, _ in words) + mark
    mine = " ".join(english(rng, own) for _, own in words) + mark
    return (f"{TO['xx']} {mine}", other) if rng.random() < 0.5 else (f"{TO['en']} {other}", mine)


def train(tokenizer: Tokenizer) -> MarianMTModel:
    torch.set_num_threads(1)
    torch.manual_seed(1)
    size = tokenizer.get_vocab_size()
    pad = size - 1
    config = MarianConfig(
        vocab_size=size,
        decoder_vocab_size=size,
        d_model=32,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        max_position_embeddings=64,
        dropout=0.0,
        activation_function="swish",
        scale_embedding=True,
        pad_token_id=pad,
        eos_token_id=0,
        forced_eos_token_id=0,
        decoder_start_token_id=pad,
        bad_words_ids=[[pad]],
        max_length=48,
        num_beams=4,
        init_std=0.2,
    )
    model = MarianMTModel(config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1, (step + 1) / 50) * (1 - step / STEPS))
    rng = random.Random(3)
    for step in range(STEPS):
        pairs = [pair(rng) for _ in range(BATCH)]
        batch = padded(tokenizer, [source for source, _ in pairs], pad)
        labels = padded(tokenizer, [target for _, target in pairs], -100)["input_ids"]
        loss = model(**batch, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 250 == 0:
            print(step, round(loss.item(), 3), flush=True)
    return model.eval()


def padded(tokenizer: Tokenizer, texts: list[str], pad: int) -> dict[str, torch.Tensor]:
    rows = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    longest = max(map(len, rows))
    ids = torch.tensor([row + [pad] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return {"input_ids": ids, "attention_mask": mask}


SOURCES = [
    ">>xx<< the big car sees the dog.",
    ">>en<< lo grod vuma dak lo tilo.",
    ">>en<< lo rin bem lo luz vuma!",
    ">>en<< lo peska kor lo sel rin",
    ">>xx<< the lad grabs the little house",
]
SETTINGS = {
    "greedy": {"num_beams": 1, "do_sample": False},
    "beams-4": {"num_beams": 4, "do_sample": False},
    "beams-3-penalty": {"num_beams": 3, "do_sample": False, "length_penalty": 2.0},
    "beams-2-early": {"num_beams": 2, "do_sample": False, "early_stopping": True},
    "short": {"num_beams": 2, "do_sample": False, "max_length": 6},
    "three-of-four": {"num_beams": 4, "num_return_sequences": 3, "do_sample": False},
}


def main() -> None:
    folder = HERE / "marian"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "onnx").mkdir(parents=True)
    written = json.dumps(tokenizer_json(), ensure_ascii=False, separators=(",", ":"))
    (folder / "tokenizer.json").write_text(written, encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "MarianTokenizer", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"})
    )
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    model = train(tokenizer)
    pad = tokenizer.get_vocab_size() - 1
    with tempfile.TemporaryDirectory() as saved, tempfile.TemporaryDirectory() as exported:
        model.save_pretrained(saved)
        main_export(saved, exported, task="text2text-generation-with-past", do_validation=False)
        for name in ("config.json", "generation_config.json"):
            shutil.copy(Path(exported) / name, folder / name)
        for name in ("encoder_model", "decoder_model_merged"):
            proto = onnx.load(str(Path(exported) / f"{name}.onnx"))
            strip(proto.graph)
            onnx.save(proto, str(folder / "onnx" / f"{name}.onnx"))
    batch = padded(tokenizer, SOURCES, pad)
    outputs = []
    for name, settings in SETTINGS.items():
        with torch.no_grad():
            ids = model.generate(**batch, **settings)
        texts = [tokenizer.decode(row.tolist()) for row in ids]
        outputs.append({"name": name, "settings": settings, "texts": texts, "ids": ids.tolist()})
        print(name, texts)
    with torch.no_grad():
        first = torch.full((len(SOURCES), 1), pad)
        logits = model(**batch, decoder_input_ids=first).logits[:, 0]
    write_json(
        HERE / "golden.json",
        {
            "made_with": made_with("torch", "transformers", "optimum", "optimum-onnx", "onnx"),
            "sources": SOURCES,
            "input_ids": [encoding.ids for encoding in tokenizer.encode_batch(SOURCES)],
            "first_logits": [[round(x, 5) for x in row] for row in logits.tolist()],
            "outputs": outputs,
        },
    )


def strip(graph) -> None:
    """Notes of the exporter that no runtime reads."""
    for node in graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
        for attribute in node.attribute:
            if attribute.HasField("g"):
                strip(attribute.g)
    del graph.value_info[:]


if __name__ == "__main__":
    main()
