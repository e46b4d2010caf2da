"""NumPy's default_rng(seed).choice, and sacreBLEU's bootstrap intervals and paired bootstrap test on a seeded corpus."""

import random
import sys
from pathlib import Path

import numpy as np
from sacrebleu.metrics import BLEU, CHRF
from sacrebleu.significance import PairedTest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from golden import made_with, write_json  # noqa: E402

WORDS = "the a cat dog sat ran on under mat house it is was guide to action , . which who always never 3.5 small-scale".split()


def corpus() -> dict:
    rng = random.Random(11)

    def noisy(words: list[str], share: float) -> str:
        return " ".join(rng.choice(WORDS) if rng.random() < share else word for word in words)

    references = [rng.choices(WORDS, k=rng.randint(4, 18)) for _ in range(120)]
    return {
        "references": [" ".join(words) for words in references],
        "baseline": [noisy(words, 0.35) for words in references],
        "close": [noisy(words, 0.33) for words in references],
        "better": [noisy(words, 0.2) for words in references],
    }


def draws() -> list[dict]:
    """The first draws, and more than one generator word's worth of rejected ones (bound near 2**32)."""
    return [
        {"seed": seed, "bound": bound, "values": np.random.default_rng(seed).choice(bound, size=40).tolist()}
        for seed, bound in [(12345, 3000), (12345, 7), (0, 2), (2**32 - 1, 1000), (42, 2**31 + 1), (7, 3 * 2**30)]
    ]


def tests(texts: dict) -> list[dict]:
    entries = []
    for name, metric in (("bleu", BLEU), ("chrf", CHRF)):
        for system in ("close", "better"):
            signatures, scores = PairedTest(
                [("baseline", texts["baseline"]), (system, texts[system])],
                {name: metric()},
                [texts["references"]],
                test_type="bs",
            )()
            key = next(iter(signatures))
            baseline, result = scores[key]
            entries.append(
                {
                    "metric": name,
                    "system": system,
                    "signature": str(signatures[key]),
                    "baseline_result": [baseline.score, float(baseline.mean), float(baseline.ci)],
                    "system_result": [result.score, float(result.mean), float(result.ci)],
                    "p_value": result.p_value,
                }
            )
    return entries


texts = corpus()
write_json(
    HERE / "resample.json",
    {"made_with": made_with("sacrebleu", "numpy"), "draws": draws(), "corpus": texts, "tests": tests(texts)},
)
