"""Stems of NLTK's PorterStemmer (its default mode): real words, and seeded ones built from every suffix of its rules."""

import random
import sys
from pathlib import Path

from nltk.stem.porter import PorterStemmer

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from golden import made_with, write_json  # noqa: E402

WORDS = """
sky skies dying lying tying news innings outings cannings howe proceed exceed succeed die dies died tie ties tied lie lies
caresses ponies caress cats feed agreed plastered bled motoring sing conflated troubled sized hopping tanned falling hissing
fizzed failing filing happy enjoy enjoyment spy spied fly flies try tried by say toy syzygy relational conditional rational
valenci hesitanci digitizer conformabli radicalli differentli vileli analogousli vietnamization predication operator feudalism
decisiveness hopefulness callousness formaliti sensitiviti sensibiliti triplicate formative formalize electriciti electrical
hopeful goodness revival allowance inference airliner gyroscopic adjustable defensible irritant replacement adjustment dependent
adoption homologou communism activate angulariti homologous effective bowdlerize probate rate cease controll roll geology
theology archaeology philologi apologi logi fulli carefully wonderfully historically generalizations oscillators yes yyyy yearly
crying buying eying oed ing ed eed ied seed breed 2ed 42nd 3rding abed a1s x9ies 1980s 007 bbbb aaaa ooooo
""".split()
BODIES = ["", "s", "fl", "sy", "gen", "oper", "hop", "trou", "caus", "nation", "hesit", "yell", "z", "byt", "creat", "4x", "ess"]
SUFFIXES = """
sses ies ss s eed ied ed ing at bl iz ated bled ized y ily ational tional enci anci izer bli abli alli entli eli ousli ization
ation ator alism iveness fulness ousness aliti iviti biliti fulli logi icate ative alize iciti ical ful ness al ance ence er ic
able ible ant ement ment ent ion sion tion ou ism ate iti ous ive ize e ll lle
""".split()


def words() -> list[str]:
    rng = random.Random(5)
    built = [body + suffix for body in BODIES for suffix in SUFFIXES]
    noise = ["".join(rng.choices("aeiouybcdglnrstwxz", k=rng.randint(3, 8))) + rng.choice(SUFFIXES) for _ in range(400)]
    return sorted(set(WORDS + built + noise) - {""})


stemmer = PorterStemmer()
write_json(HERE / "stems.json", {"made_with": made_with("nltk"), "stems": {word: stemmer.stem(word) for word in words()}})
