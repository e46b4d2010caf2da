"""Classification (single and multi label) and regression measures of scikit-learn, corner cases first."""

from pathlib import Path

import numpy as np
from scipy.stats import pearsonr, spearmanr
from sklearn import metrics
from sklearn.calibration import calibration_curve

from golden import made_with, write_json

# name, number of labels the model knows, references, predictions
CLASSIFICATION = [
    ("ordinary, 3 labels", 3, [0, 1, 2, 2, 1, 0, 2, 1, 0, 2], [0, 2, 2, 2, 1, 0, 1, 1, 1, 2]),
    ("ordinary, 2 labels", 2, [0, 1, 1, 0, 1, 0, 0, 1, 1], [0, 1, 0, 0, 1, 1, 0, 1, 1]),
    ("all right", 3, [0, 1, 2, 0], [0, 1, 2, 0]),
    ("all wrong", 3, [0, 1, 2, 0], [1, 2, 0, 2]),
    ("one class in both", 3, [1, 1, 1, 1], [1, 1, 1, 1]),
    ("one class in both, 2 labels, the negative", 2, [0, 0, 0], [0, 0, 0]),
    ("one class in both, 2 labels, the positive", 2, [1, 1, 1], [1, 1, 1]),
    ("class absent from predictions", 3, [0, 1, 2, 1, 0, 2], [0, 1, 1, 1, 0, 0]),
    ("class absent from references", 3, [0, 1, 0, 1, 0, 1], [0, 1, 2, 1, 2, 0]),
    ("class absent from both", 4, [0, 1, 3, 3, 1, 0], [0, 3, 3, 1, 1, 0]),
    ("no positive predicted", 2, [0, 1, 1, 0], [0, 0, 0, 0]),
    ("no positive in references", 2, [0, 0, 0, 0], [0, 1, 0, 1]),
    ("nothing in common", 2, [0, 0, 0], [1, 1, 1]),
    ("a single row, right", 3, [2], [2]),
    ("a single row, wrong", 3, [2], [0]),
    ("constant prediction", 3, [0, 1, 2, 0, 1, 2], [1, 1, 1, 1, 1, 1]),
    ("heavy imbalance", 2, [0] * 97 + [1] * 3, [0] * 96 + [1, 1, 0, 1]),
]


def averages(references, predictions, labels) -> dict:
    result = {}
    for average in ("micro", "macro", "weighted"):
        precision, recall, f1, _ = metrics.precision_recall_fscore_support(
            references, predictions, labels=labels, average=average, zero_division=0
        )
        result[average] = {"precision": float(precision), "recall": float(recall), "f1": float(f1)}
    return result


def classification(name, num_labels, references, predictions) -> dict:
    labels = list(range(num_labels))
    per_class = metrics.precision_recall_fscore_support(references, predictions, labels=labels, zero_division=0)
    entry = {
        "name": name,
        "num_labels": num_labels,
        "references": references,
        "predictions": predictions,
        "accuracy": float(metrics.accuracy_score(references, predictions)),
        "matthews_correlation": float(metrics.matthews_corrcoef(references, predictions)),
        "confusion_matrix": metrics.confusion_matrix(references, predictions, labels=labels).tolist(),
        "per_class": [
            {"precision": float(p), "recall": float(r), "f1": float(f), "support": int(s)} for p, r, f, s in zip(*per_class)
        ],
        "over_all_labels": averages(references, predictions, labels),
        "over_present_labels": averages(references, predictions, None),
    }
    if num_labels == 2:
        precision, recall, f1, _ = metrics.precision_recall_fscore_support(
            references, predictions, labels=[1], average="macro", zero_division=0
        )
        entry["binary"] = {"precision": float(precision), "recall": float(recall), "f1": float(f1)}
    return entry


def softmax(logits: np.ndarray) -> np.ndarray:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def scored(name, num_labels, references, scores) -> dict:
    labels = list(range(num_labels))
    entry = {
        "name": name,
        "num_labels": num_labels,
        "references": references,
        "scores": scores.tolist(),
        "log_loss": float(metrics.log_loss(references, scores, labels=labels)),
    }
    if num_labels == 2 and len(set(references)) == 2:
        entry["roc_auc"] = float(metrics.roc_auc_score(references, scores[:, 1]))
        entry["average_precision"] = float(metrics.average_precision_score(references, scores[:, 1]))
    confidence, right = scores.max(axis=1), scores.argmax(axis=1) == np.array(references)
    accuracies, confidences = calibration_curve(right, confidence, n_bins=15, strategy="uniform")
    bins = np.bincount(np.searchsorted(np.linspace(0, 1, 16)[1:-1], confidence), minlength=15)
    rows = bins[bins > 0]
    entry["reliability"] = [
        {"rows": int(n), "accuracy": float(a), "confidence": float(c)} for n, a, c in zip(rows, accuracies, confidences)
    ]
    entry["ece"] = float(np.sum(rows / rows.sum() * np.abs(accuracies - confidences)))
    if num_labels > 2 and len(set(references)) == num_labels:
        entry["average_precision_ovr_macro"] = float(
            metrics.average_precision_score(np.eye(num_labels)[references], scores, average="macro")
        )
        entry["roc_auc_ovr_macro"] = float(metrics.roc_auc_score(references, scores, multi_class="ovr"))
    return entry


def scored_cases() -> list[dict]:
    random = np.random.default_rng(17)
    tied = np.array([[0.5, 0.5], [0.5, 0.5], [0.2, 0.8], [0.2, 0.8], [0.9, 0.1]])
    certain = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    return [
        scored("ordinary, 3 labels", 3, [0, 1, 2, 2, 1, 0, 2, 1], softmax(random.normal(size=(8, 3)) * 2)),
        scored("ordinary, 2 labels", 2, [0, 1, 1, 0, 1, 0], softmax(random.normal(size=(6, 2)) * 2)),
        scored("tied scores", 2, [0, 1, 1, 0, 0], tied),
        scored("certain and wrong", 3, [0, 1, 1], certain),
        scored("many rows, 4 labels", 4, random.integers(4, size=60).tolist(), softmax(random.normal(size=(60, 4)) * 2)),
        scored("confidence on the edge of a bin", 2, [0, 1, 0], np.array([[0.6, 0.4], [0.2, 0.8], [0.5, 0.5]])),
        scored("a label without references", 3, [0, 1, 1, 0], softmax(random.normal(size=(4, 3)))),
    ]


def multilabel(name, references, predictions) -> dict:
    references, predictions = np.array(references), np.array(predictions)
    entry = {
        "name": name,
        "references": references.tolist(),
        "predictions": predictions.tolist(),
        "subset_accuracy": float(metrics.accuracy_score(references, predictions)),
        "hamming_loss": float(metrics.hamming_loss(references, predictions)),
    }
    for average in ("micro", "macro", "weighted", "samples"):
        precision, recall, f1, _ = metrics.precision_recall_fscore_support(
            references, predictions, average=average, zero_division=0
        )
        entry[average] = {"precision": float(precision), "recall": float(recall), "f1": float(f1)}
    return entry


def regression(name, references, predictions) -> dict:
    def finite(value) -> float | None:
        return float(value) if np.isfinite(value) else None

    return {
        "name": name,
        "references": references,
        "predictions": predictions,
        "mse": float(metrics.mean_squared_error(references, predictions)),
        "rmse": float(metrics.root_mean_squared_error(references, predictions)),
        "mae": float(metrics.mean_absolute_error(references, predictions)),
        "r2": finite(metrics.r2_score(references, predictions)),
        "pearson": finite(pearsonr(references, predictions).statistic),
        "spearman": finite(spearmanr(references, predictions).statistic),
    }


def write(folder: Path) -> None:
    versions = made_with("scikit-learn", "scipy", "numpy")
    write_json(
        folder / "classification.json",
        {"made_with": versions, "cases": [classification(*case) for case in CLASSIFICATION], "scored": scored_cases()},
    )
    write_json(
        folder / "multilabel.json",
        {
            "made_with": versions,
            "cases": [
                multilabel("ordinary", [[1, 0, 1], [0, 1, 0], [1, 1, 1], [0, 0, 0]], [[1, 0, 0], [0, 1, 1], [1, 1, 1], [0, 0, 0]]),
                multilabel("rows without labels", [[0, 0], [0, 0], [1, 0]], [[0, 0], [1, 1], [0, 0]]),
                multilabel("a label never used", [[1, 0, 0], [1, 1, 0]], [[1, 1, 0], [0, 1, 0]]),
            ],
        },
    )
    write_json(
        folder / "regression.json",
        {
            "made_with": versions,
            "cases": [
                regression("ordinary", [0.0, 1.5, -2.0, 3.25, 4.0], [0.1, 1.0, -1.5, 3.5, 5.0]),
                regression("ties", [1.0, 1.0, 2.0, 3.0, 3.0], [2.0, 1.0, 2.0, 2.0, 5.0]),
                regression("constant references", [2.0, 2.0, 2.0], [1.0, 2.0, 3.0]),
                regression("constant predictions", [1.0, 2.0, 3.0], [2.0, 2.0, 2.0]),
                regression("perfect", [1.0, 2.0, 3.0], [1.0, 2.0, 3.0]),
            ],
        },
    )
