"""Bag of words as scikit-learn does it: TF-IDF by default, logistic regression with C = 10, on made-up rows."""

import json
import random
from pathlib import Path

import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

random.seed(1)
WORDS = [f"word{i}" for i in range(60)] + ["über", "naïve", "日本語", "don't", "a", "x1"]


def row(label):
    words = WORDS[label * 15 : (label + 2) * 15]
    return {"text": " ".join(random.choice(words) for _ in range(random.randint(1, 9))), "label": label}


train = [row(random.randrange(4)) for _ in range(300)]
validation = [row(random.randrange(4)) for _ in range(100)]
vectorizer = TfidfVectorizer()
model = LogisticRegression(C=10, max_iter=1000, tol=1e-8).fit(
    vectorizer.fit_transform([r["text"] for r in train]), [r["label"] for r in train]
)
golden = {
    "made_with": {"scikit-learn": sklearn.__version__},
    "train": train,
    "validation": validation,
    "predicted": model.predict(vectorizer.transform([r["text"] for r in validation])).tolist(),
    "intercepts": model.intercept_.tolist(),
}
text = json.dumps(golden, ensure_ascii=False, indent=0)
Path(__file__).with_name("bagOfWords.json").write_text(text + "\n", encoding="utf-8")
