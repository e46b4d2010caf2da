"""Writes classification.json, regression.json, multilabel.json, bleu.json, chrf.json, ter.json, rouge.json, seqeval.json."""

import sys
import warnings
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import scalar  # noqa: E402
import tags  # noqa: E402
import translation  # noqa: E402


def main() -> None:
    warnings.filterwarnings("ignore")
    scalar.write(HERE)
    tags.write(HERE)
    translation.write(HERE)


if __name__ == "__main__":
    main()
