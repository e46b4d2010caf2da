"""What Transformers makes of the starter encoder, as augmenters and gates ask it: words for gaps, the mean log-probability
of a text's tokens with each hidden in turn, and mean vectors. Run with the interpreter of the README."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import torch  # noqa: E402
from transformers import AutoTokenizer, BertForMaskedLM  # noqa: E402

from golden import f32, made_with, write_json  # noqa: E402

STARTER = HERE.parents[2] / "resources/models/starter-2x256"
GAPS = [
    ("a large", 1, " with four legs that lives in the forest"),
    ("The old man walks", 1, " slowly, near the Big Bridge."),
    ("", 1, " used for measuring the temperature of a liquid"),
    ("to move", 3, ""),
]
TEXTS = [
    "a large animal with four legs that lives in the forest",
    "The old man walks home slowly, near the Big Bridge.",
    "forest the in lives that legs four with animal large a",
    "thermometer",
]


def main() -> None:
    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(STARTER)
    model = BertForMaskedLM.from_pretrained(STARTER, dtype=torch.float32).eval()
    gaps, scores, vectors = [], [], []
    with torch.no_grad():
        for before, masks, after in GAPS:
            text = f"{before} {' '.join(['[MASK]'] * masks)}{after}"
            encoded = tokenizer(text, return_tensors="pt")
            at = (encoded["input_ids"][0] == tokenizer.mask_token_id).nonzero()[0].item()
            logits = model(**encoded).logits[0, at]
            best = torch.sort(logits, descending=True, stable=True).indices[:40].tolist()
            words = [{"word": tokenizer.decode([i]), "logit": f32(logits[i].item())} for i in best]
            gaps.append({"before": before, "masks": masks, "after": after, "words": [w for w in words if w["word"].isalpha()]})
        for text in TEXTS:
            ids = tokenizer(text, return_tensors="pt")["input_ids"]
            total, count = 0.0, ids.shape[1] - 2
            for at in range(1, count + 1):
                hidden = ids.clone()
                hidden[0, at] = tokenizer.mask_token_id
                total += torch.log_softmax(model(input_ids=hidden).logits[0, at].double(), -1)[ids[0, at]].item()
            scores.append({"text": text, "score": round(total / count, 6)})
            mean = model.bert(input_ids=ids).last_hidden_state[0].mean(0)
            vectors.append({"text": text, "vector": f32(mean[:16])})
    write_json(
        HERE / "masked.json",
        {"made_with": made_with("torch", "transformers"), "gaps": gaps, "scores": scores, "vectors": vectors},
    )


if __name__ == "__main__":
    main()
