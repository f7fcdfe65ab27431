import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge.worldmodel import text
from muybridge.worldmodel.text import EmptyPrompt, PromptTooLong, Tokenizer, learn_tokenizer

from .conftest import SENTENCES


@given(st.text())
def test_any_text_comes_back_as_it_was(words: str) -> None:
    tokenizer = learn_tokenizer(SENTENCES, 300)
    assert tokenizer.decode(tokenizer.encode(words)) == words


def test_words_of_the_grammar_become_one_token_each() -> None:
    tokenizer = learn_tokenizer(SENTENCES, 512)
    assert len(tokenizer.encode(" a red circle moves slowly to the left")) == 8


def test_learning_depends_on_the_sentences_and_not_on_their_order() -> None:
    there, back = learn_tokenizer(SENTENCES, 320), learn_tokenizer(SENTENCES[::-1], 320)
    assert there.merges == back.merges
    assert there.digest == back.digest


def test_a_vocabulary_is_as_large_as_asked_and_no_larger() -> None:
    assert learn_tokenizer(SENTENCES, 280).size == 280


def test_merges_come_back_through_json() -> None:
    tokenizer = learn_tokenizer(SENTENCES, 320)
    again = Tokenizer(tokenizer.to_json()["merges"])  # type: ignore[arg-type]
    assert again.encode("a red circle") == tokenizer.encode("a red circle")


def test_prompts_are_folded_to_the_grammars_spelling(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode_prompt("  A  Red\tCIRCLE\n", 20) == tokenizer.encode(" a red circle")


@pytest.mark.parametrize("prompt", ["", "   \n\t "])
def test_an_empty_prompt_is_refused(tokenizer: Tokenizer, prompt: str) -> None:
    with pytest.raises(EmptyPrompt, match="empty"):
        tokenizer.encode_prompt(prompt, 20)


def test_a_prompt_beyond_the_models_text_is_refused_with_both_numbers(tokenizer: Tokenizer) -> None:
    with pytest.raises(PromptTooLong, match=r"The prompt has 31 tokens; this model reads 20\."):
        tokenizer.encode_prompt("a " * 31, 20)


def test_an_enormous_prompt_is_refused_before_it_is_read(tokenizer: Tokenizer) -> None:
    with pytest.raises(PromptTooLong, match="50000000 characters"):
        tokenizer.encode_prompt("x" * 50_000_000, 20)


def test_specials_decode_to_nothing(tokenizer: Tokenizer) -> None:
    assert tokenizer.decode([text.BOS, *tokenizer.encode("red"), text.EOS]) == "red"
