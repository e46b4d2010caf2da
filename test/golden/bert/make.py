"""Writes models/, data/, forward/ and trajectories/ next to this file. Run with the interpreter of the README."""

import csv
import json
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import torch  # noqa: E402

import forward  # noqa: E402
import models  # noqa: E402
import text  # noqa: E402
import trajectories  # noqa: E402


def write_jsonl(path: Path, rows: list[tuple]) -> None:
    lines = [json.dumps({"text": words, "label": label}, ensure_ascii=False) for words, label in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_csv(path: Path, header: list[str], rows: list[tuple]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


def write_data(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for split, topics, pairs, questions in (
        ("train", text.TOPIC_TRAIN, text.PAIR_TRAIN, text.QUESTION_TRAIN),
        ("validation", text.TOPIC_VALIDATION, text.PAIR_VALIDATION, text.QUESTION_VALIDATION),
    ):
        write_jsonl(folder / f"topics.{split}.jsonl", topics)
        write_csv(folder / f"pairs.{split}.csv", ["premise", "hypothesis", "relation"], pairs)
        write_csv(folder / f"questions.{split}.csv", ["question", "answer"], questions)


def main() -> None:
    torch.set_num_threads(1)
    for generated in ("models", "data", "forward", "trajectories"):
        shutil.rmtree(HERE / generated, ignore_errors=True)
    write_data(HERE / "data")
    for name in models.MODELS:
        models.build(name, HERE / "models" / name)
        (HERE / "forward" / name).mkdir(parents=True)
        with_gradients_of = ["plain"]
        if name == "gelu-3-labels":
            with_gradients_of += ["label_smoothing", "class_weights"]
        forward.write(name, HERE / "models" / name, HERE / "forward" / name, with_gradients_of)
    for name in trajectories.CASES:
        trajectories.write(name, HERE / "trajectories" / name)


if __name__ == "__main__":
    main()
