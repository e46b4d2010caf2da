"""seqeval: entities from tags, lenient (conlleval-like) and strict under each scheme."""

from math import isfinite
from pathlib import Path

from seqeval import scheme as schemes
from seqeval.metrics import accuracy_score, classification_report
from seqeval.scheme import Entities, auto_detect

from golden import made_with, write_json

STRICT = ["IOB1", "IOB2", "IOE1", "IOE2", "IOBES", "BILOU"]

# name, references, predictions; one list of tags a sentence
CASES = [
    ("ordinary", ["B-PER I-PER O B-LOC O", "O O B-ORG I-ORG"], ["B-PER I-PER O B-LOC I-LOC", "O B-ORG I-ORG O"]),
    ("all right", ["B-PER I-PER O", "B-LOC"], ["B-PER I-PER O", "B-LOC"]),
    ("no entity at all", ["O O O"], ["O O O"]),
    ("no entity predicted", ["B-PER O B-LOC"], ["O O O"]),
    ("no entity in references", ["O O O"], ["B-PER O B-LOC"]),
    ("I- opens an entity", ["O I-PER I-PER O"], ["O B-PER I-PER O"]),
    ("I- of another type", ["B-PER I-LOC O"], ["B-PER I-PER O"]),
    ("I- after another entity", ["B-PER I-PER I-LOC I-LOC"], ["B-PER I-PER B-LOC I-LOC"]),
    ("two entities side by side", ["B-PER B-PER I-PER"], ["B-PER I-PER I-PER"]),
    ("entity to the last token", ["O O B-LOC I-LOC"], ["O O B-LOC I-LOC"]),
    ("entity over a sentence border", ["O B-LOC", "I-LOC O"], ["O B-LOC", "B-LOC O"]),
    ("type only in predictions", ["B-PER O"], ["B-PER B-MISC"]),
    ("type only in references", ["B-PER B-MISC"], ["B-PER O"]),
    ("same span, other type", ["B-PER I-PER"], ["B-LOC I-LOC"]),
    ("nested lengths", ["B-PER I-PER I-PER I-PER"], ["B-PER I-PER O O"]),
    ("type with a hyphen", ["B-X-RAY I-X-RAY O"], ["B-X-RAY O O"]),
    ("bare B and I", ["B I O B"], ["B I I B"]),
    ("IOBES", ["S-PER O B-LOC I-LOC E-LOC"], ["S-PER O B-LOC E-LOC O"]),
    ("BILOU", ["U-PER O B-LOC I-LOC L-LOC"], ["U-PER O B-LOC L-LOC O"]),
    ("IOE2", ["I-PER E-PER O E-LOC"], ["I-PER E-PER E-LOC E-LOC"]),
    ("IOE1", ["I-PER I-PER O I-LOC E-LOC I-LOC"], ["I-PER I-PER O I-LOC I-LOC I-LOC"]),
    ("IOB1", ["I-PER I-PER B-PER O I-LOC"], ["I-PER I-PER I-PER O I-LOC"]),
]


def plain(report: dict) -> dict:
    """Python floats; null where seqeval answers NaN (averages over no entity at all)."""

    def number(value) -> float | None:
        return float(value) if isfinite(value) else None

    return {
        key: {
            "precision": number(row["precision"]),
            "recall": number(row["recall"]),
            "f1": number(row["f1-score"]),
            "support": int(row["support"]),
        }
        for key, row in report.items()
    }


def report(references, predictions, **options) -> dict:
    try:
        return {"report": plain(classification_report(references, predictions, output_dict=True, zero_division=0, **options))}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def entities(sentences, scheme_name) -> list | None:
    try:
        found = Entities(sentences, getattr(schemes, scheme_name)).entities
    except Exception:
        return None
    return [[[e.tag, e.start, e.end] for e in sentence] for sentence in found]


def detected(sentences) -> str | None:
    try:
        return auto_detect(sentences).__name__
    except Exception:
        return None


def case(name, references, predictions) -> dict:
    references, predictions = ([line.split() for line in lines] for lines in (references, predictions))
    return {
        "name": name,
        "references": references,
        "predictions": predictions,
        "accuracy": float(accuracy_score(references, predictions)),
        "auto_detected_scheme": detected(references),
        "lenient": report(references, predictions),
        "strict": {
            scheme: {
                **report(references, predictions, mode="strict", scheme=getattr(schemes, scheme)),
                "reference_entities": entities(references, scheme),
            }
            for scheme in STRICT
        },
    }


def write(folder: Path) -> None:
    write_json(
        folder / "seqeval.json", {"made_with": made_with("seqeval"), "cases": [case(*fields) for fields in CASES]}
    )
