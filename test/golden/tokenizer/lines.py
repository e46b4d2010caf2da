"""The training text and the lines to encode: scripts, marks, widths, controls, lengths, and seeded noise."""

import random
import unicodedata

CORPUS = [
    "The quick brown fox jumps over the lazy dog. The dog sleeps; the fox does not.",
    "Training a tokenizer on a little text gives a little vocabulary, and that is enough for a test.",
    "Numbers such as 3.14159, 1,000,000 and 2026-11-23 are split at punctuation; don't forget it's so.",
    "Größe, Übermut, naïve café, façade, señor, Ærø, smørrebrød, İstanbul, ıspanak, Ångström, œuvre.",
    "Съешь же ещё этих мягких французских булок, да выпей чаю. Ёлка и ёж.",
    "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία. Ὁμῆρος καὶ Ὀδυσσεύς.",
    "مرحبا بالعالم، هذا نص قصير للتجربة. اَلسَّلَامُ عَلَيْكُمْ",
    "שלום עולם, זה טקסט קצר לבדיקה. שָׁלוֹם",
    "नमस्ते दुनिया, यह एक छोटा परीक्षण है। क्षेत्र और ज्ञान",
    "ภาษาไทยไม่มีช่องว่างระหว่างคำ น้ำ ที่นี่",
    "我们今天去公园,然后回家。機械学習は楽しいです。東京都に住んでいます。",
    "カタカナ ﾊﾝｶｸ ひらがな がぎぐげご 한국어 문장입니다. 대한민국",
    "Emoji 😀 👍🏽 👩‍👩‍👧‍👦 🇨🇭 ❤️ 1️⃣ and symbols € £ ¥ © ® ™ → ∑ √ ½ № ﬁ ﬂ",
    "unbelievable unbelievably believable believe believing tokenization tokenizing tokenized tokens token",
    "aaaa aaa aa a bbbb bbb bb b abababab cdcdcd running runner runs ran longer longest long",
]

WRITTEN = [
    "", " ", "   ", "\t", "\n", "\r\n", " \n \t ", "\u00a0", "\u3000", "\u200b", "\ufeff", "\u0000", "\u0000\u0001\u0002",
    "a", "A", "é", "e\u0301", "ﬁ", "ß", "ẞ", "İ", "ı", "Ǆ", "ǆ", "Σ", "ς", "ΟΔΟΣ", "ΑΣ ΑΣΑ", "\u0130\u0307",
    "The quick brown fox", "the quick brown fox", "THE QUICK BROWN FOX", "ThE qUiCk BrOwN fOx",
    "  leading", "trailing  ", "in  between   words", "tab\tseparated\twords", "line\nbreaks\r\nof\rall\u2028kinds\u2029here\u0085too",
    "unbelievable", "unbelievably believable", "tokenizations", "zzzzqqqq", "xyzzyx plugh",
    "don't can't won't it's they're I'll we've he'd 'tis o'clock rock'n'roll", "DON'T CAN'T", "’tis ‘quoted’ “text”",
    "Hello, world!", "hello,world!", "hello , world !", "...", "?!?!", "--", "—", "–", "- -", "a-b-c", "a_b_c", "__init__", "snake_case camelCase",
    "e-mail: a.b+c@example.org", "https://example.org/a?b=c&d=%20#e", "C:\\Users\\Name\\file.txt", "/usr/local/bin", "$HOME ~/x", "#tag @name",
    "1", "12", "123", "1234567890", "3.14159", "1,000,000", "1.000.000,00", "-5", "+5", "5%", "1/2", "½", "²³", "٣٤٥", "१२३", "Ⅷ", "①②", "1e-8", "0xFF", "2026-11-23T12:34:56Z", "12:30", "1st 2nd 3rd",
    "€5 £6 ¥7 $8", "a=b+c*d/e^f", "∑ √ ∞ ≠ ≤ → ←", "x² + y² = z²", "H₂O", "°C", "№ 5", "™ © ®",
    "Größe", "Gro\u0308\u00dfe", "naïve café", "nai\u0308ve cafe\u0301", "Ångström", "A\u030angstro\u0308m", "Ærø smørrebrød œuvre", "señor", "façade", "İSTANBUL ISPANAK ıspanak", "Đặng Việt Nam", "D\u0323a\u0306ng", "ł Ł đ ħ ŋ þ ð", "a\u0301\u0302\u0303\u0304\u0305\u0306 zalgo", "\u0301", "\u0301a", "e\u0301\u0301",
    "Съешь же ещё", "СЪЕШЬ ЖЕ ЕЩЁ", "ёлка", "е\u0308лка", "Й и\u0306", "Київ, Україна", "Ђорђе", "Ξεσκεπάζω", "ΞΕΣΚΕΠΑΖΩ", "Ὁμῆρος", "ᾳ ᾼ ῌ",
    "مرحبا بالعالم", "اَلسَّلَامُ", "السلام عليكم", "ﷺ", "לבדיקה", "שָׁלוֹם", "שלום עולם", "فارسی می‌خواهم", "हिन्दी", "नमस्ते दुनिया", "क्षेत्र", "বাংলা", "தமிழ்", "తెలుగు", "ภาษาไทย", "น้ำ", "ລາວ", "မြန်မာ", "ខ្មែរ", "አማርኛ", "ქართული", "ᲥᲐᲠᲗᲣᲚᲘ", "Հայերեն", "ᏣᎳᎩ ꮳꮃꭹ",
    "我们今天去公园", "我们 today 去 park", "东京tower", "機械学習は楽しい", "カタカナ", "カ\u3099タカナ", "ガ", "か\u3099", "ﾊﾝｶｸ", "ﾊﾟ", "ＦＵＬＬ　ｗｉｄｔｈ １２３", "한국어 문장", "\u1112\u1161\u11ab\u1100\u116e\u11a8", "𠀀𠀁 𪚥", "㐀㐁", "豈更車", "〇一二三", "。、「」『』", "々〆ヶ",
    "😀", "😀😀", "a😀b", "👍🏽", "👩‍👩‍👧‍👦", "🇨🇭🇩🇪", "❤️ ❤", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "☺︎ ☺️", "text😀text 👍", "𝒳𝓎𝔷", "𝟘𝟙𝟚", "🅰️",
    "zero\u200bwidth", "zero\u200cwidth\u200dnon\u2060joiner", "soft\u00adhyphen", "bom\ufeffinside", "\ufeffbom first", "right\u200f\u202eleft\u202c", "nul\u0000inside", "bell\u0007 esc\u001b[0m del\u007f c1\u0080\u009f", "replacement \ufffd char", "private \ue000 use \U000f0000", "noncharacter \ufffe\uffff", "tag \U000e0041",
    "nbsp\u00a0here\u202fand\u2009there\u3000wide", "ogham\u1680space mongolian\u180evowel", "vertical\u000btab form\u000cfeed", "unit\u001fseparator file\u001cseparator",
    "a" * 99, "a" * 100, "a" * 101, "b" * 250, "ab" * 60, "é" * 100, "é" * 101, "e\u0301" * 60, "我" * 120, "😀" * 30, "x" * 100 + " short", ("long " * 60).strip(), "-" * 80, "1" * 120, "\u0301" * 20, " " * 200 + "end",
    "[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]", "[mask]", "[ MASK ]", "a[MASK]b", "The [MASK] sat", "[CLS] hello [SEP]", "[[MASK]]", "<s>", "</s>", "<pad>", "<mask>", "<unk>", "a<mask>b", "a <mask> b", "<|endoftext|>", "a<|endoftext|>b", "##ing", "## ing", "un##believable", "Ġhello", "Ċ", "▁under",
    "<b>bold</b> &amp; &lt;tag&gt;", "{\"key\": [1, 2.5, null]}", "def f(x):\n    return x ** 2\n", "SELECT * FROM t WHERE a='b';", "| a | b |\n|---|---|", "*bold* _it_ `code`", "\\n \\t \\\\", "\"quotes\" 'single' `back`",
    "İ" * 5, "ŉ ǰ ΐ ΰ և ẖ ẗ ẘ ẙ ẚ", "ﬀ ﬁ ﬂ ﬃ ﬄ ﬅ ﬆ", "ſ K Å", "ÀÁÂÃÄÅ àáâãäå", "ŻÓŁĆ żółć", "ÇĞİÖŞÜ çğıöşü", "ǅ ǈ ǋ", "ᾈ ᾳ", "Ⓐ ⓐ", "ℌ ℜ ℵ",
]

RANGES = [
    (0x20, 0x7E), (0x20, 0x7E), (0xA0, 0xFF), (0x100, 0x24F), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x4FF), (0x590, 0x5F4),
    (0x600, 0x6FF), (0x900, 0x97F), (0xE00, 0xE5B), (0x1E00, 0x1EFF), (0x2000, 0x206F), (0x2190, 0x21FF), (0x3040, 0x30FF),
    (0x4E00, 0x4EFF), (0xAC00, 0xACFF), (0xFF00, 0xFFEE), (0x1F300, 0x1F64F), (0x20000, 0x200FF),
]  # fmt: skip


def noise(count: int) -> list[str]:
    """Assigned code points only: reference and product may know different versions of Unicode."""
    chooser = random.Random(20261123)
    lines = []
    while len(lines) < count:
        characters = []
        for _ in range(chooser.randint(3, 24)):
            low, high = chooser.choice(RANGES)
            character = chr(chooser.randint(low, high))
            if unicodedata.category(character) != "Cn":
                characters.append(character)
            if chooser.random() < 0.2:
                characters.append(" ")
        lines.append("".join(characters))
    return lines


LINES = WRITTEN + noise(60)

PAIRS = [
    ("the quick brown fox", "jumps over the lazy dog"),
    ("short", "a very much longer second text that goes on and on until it has to be cut somewhere near the end"),
    ("a very much longer first text that goes on and on until it has to be cut somewhere near the end", "short"),
    ("both of these are long enough to be cut when the limit is small", "and they are cut in turn, the longer one first, as documented"),
    ("", "only the second"),
    ("only the first", ""),
    ("", ""),
    ("😀 café", "我们今天去公园"),
    ("one two three four five six", "seven eight nine ten eleven twelve"),
    ("The [MASK] sat", "on <mask> mat"),
]  # fmt: skip

# max_length, truncation strategy, padding direction (to max_length) or none
PAIR_SETTINGS = [
    (None, None, None),
    (24, "longest_first", None),
    (16, "longest_first", "right"),
    (17, "longest_first", "left"),
    (40, "longest_first", "right"),
    (8, "longest_first", None),
    (24, "only_second", None),
    (24, "only_first", None),
]
