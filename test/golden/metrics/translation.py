"""sacreBLEU (BLEU, chrF, TER) and rouge_score on corpora of a few lines."""

from pathlib import Path

from rouge_score import rouge_scorer
from sacrebleu.metrics import BLEU, CHRF, TER

from golden import made_with, write_json

PLAIN = (
    ["The cat sat on the mat.", "It is a guide to action.", "There's 3.5% less rain, they say."],
    [["The cat is on the mat.", "It is a guide to action which ensures...", "They say there's 3.5% less rain."]],
)
TWO_REFERENCES = (
    PLAIN[0],
    [PLAIN[1][0], ["A cat was sitting on the mat.", "This is a guide to action.", "There is 3.5 % less rain, I hear."]],
)
UNEVEN_REFERENCES = (["One reference here.", "Two of them here."], [["One reference there.", "Two of them."], [None, "Both of them here."]])
CHINESE = (["我们今天去公园,然后回家。", "他说3个苹果。"], [["我们今天去了公园,然后回家了。", "他说有3个苹果。"]])
LANGUAGES = (
    ["Übergrößenträger & Söhne – „ja“!", "Это — простой тест №5.", "¿Qué pasa, tío?", "Bien sûr, l'été dure 3,5 mois."],
    [["Übergrößenträger und Söhne – „ja“.", "Это простой тест № 5.", "¿Qué tal, tío?", "Bien sûr : l'été dure 3,5 mois."]],
)
MARKUP = (
    ["A &quot;quoted&quot; &amp; <skipped>escaped &lt;b&gt; line", "well-\nknown word", "1-2 3-a b-4 -5 $1,000.00 a,b 1.a"],
    [["A \"quoted\" & escaped <b> line", "wellknown word", "1 - 2 3 - a b - 4 - 5 $ 1,000.00 a , b 1 . a"]],
)
SPACES = (["  leading and   inner  spaces ", "tab\tand non-breaking\u00a0space", "trailing  \n"], [["leading and inner spaces", "tab and non-breaking space", "trailing"]])
EMPTY_HYPOTHESIS = (["", "A whole sentence, word for word."], [["Something.", "A whole sentence, word for word."]])
EMPTY_REFERENCE = (["Something.", "A whole sentence, word for word."], [["", "A whole sentence, word for word."]])
ALL_EMPTY = (["", ""], [["", ""]])
NO_MATCH = (["alpha beta gamma delta", "epsilon"], [["one two three four", "five"]])
SHORT = (["yes", "no way"], [["yes", "no, way"]])
UNIGRAMS_ONLY = (["a b c d e"], [["e d c b a"]])
REPEATED_WORD = (["the the the the the the the"], [["the cat is on the mat", ], ["there is a cat on the mat"]])
CLOSEST_LENGTH_TIE = (["a b c d"], [["a b c"], ["a b c d e"]])
IDENTICAL = (["The very same line.", "And another one, with 42."], [["The very same line.", "And another one, with 42."]])

CORPORA = {
    "plain": PLAIN,
    "two references": TWO_REFERENCES,
    "uneven references": UNEVEN_REFERENCES,
    "chinese": CHINESE,
    "languages": LANGUAGES,
    "markup": MARKUP,
    "spaces": SPACES,
    "empty hypothesis": EMPTY_HYPOTHESIS,
    "empty reference": EMPTY_REFERENCE,
    "all empty": ALL_EMPTY,
    "no match": NO_MATCH,
    "short": SHORT,
    "unigrams only": UNIGRAMS_ONLY,
    "repeated word": REPEATED_WORD,
    "closest length tie": CLOSEST_LENGTH_TIE,
    "identical": IDENTICAL,
}

BLEU_OPTIONS = [
    {},
    {"lowercase": True},
    {"tokenize": "none"},
    {"tokenize": "char"},
    {"tokenize": "intl"},
    {"tokenize": "zh"},
    {"smooth_method": "none"},
    {"smooth_method": "floor"},
    {"smooth_method": "floor", "smooth_value": 0.5},
    {"smooth_method": "add-k"},
    {"smooth_method": "add-k", "smooth_value": 2},
    {"effective_order": True},
    {"max_ngram_order": 2},
]
CHRF_OPTIONS = [
    {},
    {"word_order": 2},
    {"lowercase": True},
    {"whitespace": True},
    {"beta": 3},
    {"char_order": 4, "word_order": 1},
    {"eps_smoothing": True},
]
TER_OPTIONS = [{}, {"normalized": True}, {"no_punct": True}, {"case_sensitive": True}, {"normalized": True, "asian_support": True}]

ROUGE_PAIRS = [
    ("the cat sat on the mat", "the cat was on the mat"),
    ("", "anything"),
    ("anything", ""),
    ("", ""),
    ("no words in common", "all of them differ"),
    ("Running runners ran, they run; flies died.", "The runner runs and the fly dies."),
    ("First sentence here.\nSecond one follows.", "Second one follows.\nFirst sentence was here."),
    ("the cat\nthe cat\nthe dog", "the cat\nthe dog ran"),
    ("one line only. Two sentences though.", "Two sentences though. one line only."),
    ("it's 3.5% of U.S. GDP -- well-known_fact", "its 3 5 of us gdp well known fact"),
    ("naïve café", "naive cafe"),
    ("我们 去 公园", "我们 去 公园"),
    ("a a a b", "a b b b"),
    ("x\n\n\ny", "x\ny"),
    ("repeated repeated repeated words words", "words repeated"),
    ("generalizations nationally hopefulness operators conditional", "generalization national hopeful operator conditions"),
    ("sky skies lying caresses ponies ties agreed plastered motoring sized hopping falling hissing", "sky sky lie caress pony tie agree plaster motor size hop fall hiss"),
]
ROUGE_TYPES = ["rouge1", "rouge2", "rouge3", "rougeL", "rougeLsum"]


def bleu(name, options) -> dict:
    hypotheses, references = CORPORA[name]
    metric = BLEU(**options)
    score = metric.corpus_score(hypotheses, references)
    entry = {
        "corpus": name,
        "options": options,
        "score": score.score,
        "counts": score.counts,
        "totals": score.totals,
        "precisions": score.precisions,
        "bp": score.bp,
        "sys_len": score.sys_len,
        "ref_len": score.ref_len,
        "signature": str(metric.get_signature()),
    }
    if not options:
        sentence_metric = BLEU(effective_order=True)
        per_line = [[stream[i] for stream in references if stream[i] is not None] for i in range(len(hypotheses))]
        entry["sentence_scores"] = [sentence_metric.sentence_score(h, r).score for h, r in zip(hypotheses, per_line)]
    return entry


def tokenized(line: str) -> dict:
    return {name: BLEU(tokenize=name).tokenizer(line.rstrip()) for name in ("13a", "intl", "zh", "char", "none")}


def other(metric_class, name, options) -> dict:
    hypotheses, references = CORPORA[name]
    metric = metric_class(**options)
    per_line = [[stream[i] for stream in references if stream[i] is not None] for i in range(len(hypotheses))]
    entry = {
        "corpus": name,
        "options": options,
        "score": metric.corpus_score(hypotheses, references).score,
        "signature": str(metric.get_signature()),
        "sentence_scores": [metric_class(**options).sentence_score(h, r).score for h, r in zip(hypotheses, per_line)],
    }
    return entry


def rouge(target: str, prediction: str) -> dict:
    entry = {"reference": target, "prediction": prediction}
    for key, use_stemmer in (("plain", False), ("stemmed", True)):
        scores = rouge_scorer.RougeScorer(ROUGE_TYPES, use_stemmer=use_stemmer).score(target, prediction)
        entry[key] = {name: [float(s.precision), float(s.recall), float(s.fmeasure)] for name, s in scores.items()}
    return entry


def corpora() -> dict:
    return {name: {"hypotheses": h, "references": r} for name, (h, r) in CORPORA.items()}


def write(folder: Path) -> None:
    versions = made_with("sacrebleu")
    lines = sorted({line for h, r in CORPORA.values() for stream in [h, *r] for line in stream if line})
    write_json(
        folder / "bleu.json",
        {
            "made_with": versions,
            "corpora": corpora(),
            "tokenized": [{"line": line, **tokenized(line)} for line in lines],
            "cases": [bleu(name, options) for options in BLEU_OPTIONS for name in CORPORA],
        },
    )
    for file_name, metric_class, all_options in (("chrf", CHRF, CHRF_OPTIONS), ("ter", TER, TER_OPTIONS)):
        write_json(
            folder / f"{file_name}.json",
            {
                "made_with": versions,
                "corpora": corpora(),
                "cases": [other(metric_class, name, options) for options in all_options for name in CORPORA],
            },
        )
    write_json(
        folder / "rouge.json",
        {"made_with": made_with("rouge_score", "nltk"), "cases": [rouge(*pair) for pair in ROUGE_PAIRS]},
    )
