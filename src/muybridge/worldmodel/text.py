"""Text to tokens and back: byte-level BPE over words, learned deterministically; no text is beyond it.

Pure Python, no torch. Ids 0..7 are special, 8..263 are bytes, merges follow. Merges never cross a word's edge
(Sennrich et al. 2016; byte fallback as in GPT-2), so a grammar's words become one token each and the rest is bytes.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from muybridge.errors import Invalid

PAD, BOS, EOS, VIDEO, CAPTION, QUESTION, ANSWER, EVENT = range(8)
SPECIALS = ("<pad>", "<bos>", "<eos>", "<vid>", "<cap>", "<ask>", "<ans>", "<say>")
FIRST_BYTE = len(SPECIALS)
FIRST_MERGE = FIRST_BYTE + 256

# A word keeps the space before it, so that decoding needs no rules; digits stay single, so that counts generalise.
_WORDS = re.compile(r" ?[^\W\d_]+| ?\d| ?[^\w\s]+|\s+|_+")


class EmptyPrompt(Invalid):
    code = "worldmodel.empty_prompt"


class PromptTooLong(Invalid):
    code = "worldmodel.prompt_too_long"


class Tokenizer:
    """Byte-level BPE. `merges` are pairs of ids in the order in which they were learned."""

    def __init__(self, merges: Sequence[tuple[int, int]] = ()) -> None:
        self.merges = tuple((int(left), int(right)) for left, right in merges)
        self._rank = {pair: number for number, pair in enumerate(self.merges)}
        self._bytes: list[bytes] = [b""] * FIRST_BYTE + [bytes([value]) for value in range(256)]
        for left, right in self.merges:
            self._bytes.append(self._bytes[left] + self._bytes[right])
        self._word = lru_cache(maxsize=65536)(self._encode_word)

    @property
    def size(self) -> int:
        return FIRST_MERGE + len(self.merges)

    @property
    def digest(self) -> str:
        """sha256 of the merges: two tokenizers of one digest read alike."""
        return hashlib.sha256(json.dumps(self.merges).encode()).hexdigest()

    def encode(self, text: str) -> list[int]:
        """Tokens of any text; `decode` gives the same text back, byte for byte."""
        return [token for word in _WORDS.findall(text) for token in self._word(word)]

    def decode(self, tokens: Iterable[int]) -> str:
        """Text of tokens; specials say nothing and broken UTF-8 becomes U+FFFD."""
        known = (self._bytes[token] for token in tokens if 0 <= token < len(self._bytes))
        return b"".join(known).decode("utf-8", errors="replace")

    def encode_prompt(self, text: str, max_tokens: int) -> list[int]:
        """Tokens of a person's prompt, folded to the grammar's spelling: one line, lower case, single spaces.

        Raises EmptyPrompt when nothing is left, PromptTooLong beyond `max_tokens`.
        """
        # Checked before any work on it: a prompt of a gigabyte must not cost a gigabyte's tokens first.
        if len(text) > 16 * max_tokens + 4096:
            raise PromptTooLong(
                f"The prompt has {len(text)} characters; this model reads {max_tokens} tokens.",
                remedy="Say it in a sentence or two.",
            )
        folded = " ".join(text.lower().split())
        if not folded:
            raise EmptyPrompt("The prompt is empty.", remedy="Describe what should be seen, or leave the prompt out.")
        tokens = self.encode(" " + folded)
        if len(tokens) > max_tokens:
            raise PromptTooLong(
                f"The prompt has {len(tokens)} tokens; this model reads {max_tokens}.",
                remedy="Say it in a sentence or two.",
            )
        return tokens

    def to_json(self) -> dict[str, object]:
        return {"merges": [list(pair) for pair in self.merges]}

    def _encode_word(self, word: str) -> tuple[int, ...]:
        tokens = [FIRST_BYTE + value for value in word.encode("utf-8", errors="surrogatepass")]
        while len(tokens) > 1:
            ranked = [(self._rank.get(pair, len(self._rank)), at) for at, pair in enumerate(pairwise(tokens))]
            rank, at = min(ranked)
            if rank == len(self._rank):
                break
            tokens[at : at + 2] = [FIRST_MERGE + rank]
        return tuple(tokens)


def learn_tokenizer(corpus: Iterable[str], vocab_size: int) -> Tokenizer:
    """Learn merges from texts until `vocab_size` ids are used or no pair is left that occurs twice.

    Deterministic: the most frequent pair first, the smaller ids first among equals. Texts count as they come, so pass
    the grammar's sentences (or the words of it) in any order.
    """
    counts = Counter(
        " " + word if not word.startswith(" ") else word for text in corpus for word in _WORDS.findall(text)
    )
    words = {tuple(FIRST_BYTE + value for value in word.encode()): count for word, count in sorted(counts.items())}
    merges: list[tuple[int, int]] = []
    while FIRST_MERGE + len(merges) < vocab_size:
        pairs: Counter[tuple[int, int]] = Counter()
        for word, count in words.items():
            for pair in pairwise(word):
                pairs[pair] += count
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        words = _merge_words(words, best, FIRST_MERGE + len(merges))
        merges.append(best)
    return Tokenizer(merges)


def _merge_words(words: dict[tuple[int, ...], int], pair: tuple[int, int], token: int) -> dict[tuple[int, ...], int]:
    merged: dict[tuple[int, ...], int] = {}
    for word, count in words.items():
        out: list[int] = []
        for piece in word:
            if out and (out[-1], piece) == pair:
                out[-1] = token
            else:
                out.append(piece)
        merged[tuple(out)] = merged.get(tuple(out), 0) + count
    return merged
