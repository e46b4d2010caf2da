"""Tokenizers of the BERT, GPT-2 and RoBERTa kinds, trained by Hugging Face `tokenizers`, and what they encode."""

import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers  # noqa: E402

from golden import made_with, write_json  # noqa: E402
from lines import CORPUS, LINES, PAIR_SETTINGS, PAIRS  # noqa: E402

BERT_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ROBERTA_SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]

BERT = {
    "bert-uncased": {"lowercase": True},
    "bert-cased": {"lowercase": False},
    "bert-uncased-accents": {"lowercase": True, "strip_accents": False},
    "bert-cased-stripped": {"lowercase": False, "strip_accents": True},
    "bert-whole-chinese": {"lowercase": True, "handle_chinese_chars": False},
    "bert-dirty": {"lowercase": True, "clean_text": False},
}


def bert(options: dict, vocab_size: int) -> Tokenizer:
    normalizer = normalizers.BertNormalizer(**options)
    # The trainer meets "##x" in hash order and breaks ties by it; named beforehand, they make training repeatable.
    characters = sorted({character for line in CORPUS for character in normalizer.normalize_str(line) if character != " "})
    trainee = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    trainee.normalizer, trainee.pre_tokenizer = normalizer, pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=vocab_size, special_tokens=BERT_SPECIAL + [f"##{c}" for c in characters], show_progress=False
    )
    trainee.train_from_iterator(CORPUS, trainer)
    tokenizer = Tokenizer(models.WordPiece(trainee.get_vocab(), unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer, pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(BERT_SPECIAL)
    tokenizer.decoder = decoders.WordPiece(prefix="##")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0",
        pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in ("[CLS]", "[SEP]")],
    )
    return tokenizer


def byte_level(special_tokens: list, vocab_size: int, add_prefix_space: bool) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=add_prefix_space)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=special_tokens,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def gpt2(vocab_size: int) -> Tokenizer:
    tokenizer = byte_level(["<|endoftext|>"], vocab_size, add_prefix_space=False)
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer


def roberta(vocab_size: int) -> Tokenizer:
    special_tokens = [*ROBERTA_SPECIAL[:-1], AddedToken("<mask>", lstrip=True)]
    tokenizer = byte_level(special_tokens, vocab_size, add_prefix_space=True)
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", tokenizer.token_to_id("</s>")), ("<s>", tokenizer.token_to_id("<s>")), add_prefix_space=True
    )
    return tokenizer


def encode_line(tokenizer: Tokenizer, line: str) -> dict:
    encoding = tokenizer.encode(line)
    return {
        "ids": encoding.ids,
        "tokens": encoding.tokens,
        "offsets": [position for span in encoding.offsets for position in span],
        "decoded": tokenizer.decode(encoding.ids, skip_special_tokens=True),
    }


def encode_pairs(tokenizer: Tokenizer, pad_token: str, max_length, strategy, direction) -> dict:
    tokenizer.no_truncation()
    tokenizer.no_padding()
    if strategy is not None:
        tokenizer.enable_truncation(max_length, strategy=strategy)
    if direction is not None:
        pad_id = tokenizer.token_to_id(pad_token)
        tokenizer.enable_padding(direction=direction, pad_id=pad_id, pad_token=pad_token, length=max_length)
    encodings = []
    for index, pair in enumerate(PAIRS):
        try:
            encoding = tokenizer.encode(*pair)
        except Exception as error:  # "only_first" where the first text alone is too short to cut
            encodings.append({"pair": index, "error": str(error)})
            continue
        encodings.append(
            {
                "pair": index,
                "ids": encoding.ids,
                "type_ids": encoding.type_ids,
                "attention_mask": encoding.attention_mask,
                "special_tokens_mask": encoding.special_tokens_mask,
            }
        )
    return {"max_length": max_length, "truncation": strategy, "padding": direction, "encodings": encodings}


def write(name: str, tokenizer: Tokenizer, pad_token: str) -> None:
    folder = HERE / name
    folder.mkdir(parents=True)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    versions = made_with("tokenizers")
    lines = [encode_line(tokenizer, line) for line in LINES]
    write_json(folder / "lines.json", {"made_with": versions, "encodings": lines})
    pairs = [encode_pairs(tokenizer, pad_token, *setting) for setting in PAIR_SETTINGS]
    write_json(folder / "pairs.json", {"made_with": versions, "settings": pairs})


def main() -> None:
    for name in [*BERT, "gpt2", "roberta"]:
        shutil.rmtree(HERE / name, ignore_errors=True)
    (HERE / "corpus.txt").write_text("\n".join(CORPUS) + "\n", encoding="utf-8")
    write_json(HERE / "texts.json", {"made_with": made_with("tokenizers"), "lines": LINES, "pairs": PAIRS})
    for name, options in BERT.items():
        write(name, bert(options, vocab_size=700), "[PAD]")
    write("gpt2", gpt2(vocab_size=600), "<|endoftext|>")
    write("roberta", roberta(vocab_size=600), "<pad>")


if __name__ == "__main__":
    main()
