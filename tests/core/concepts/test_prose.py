"""Concepts of prose, in English and in Chinese: small examples by hand, and the generated texts."""

import pytest

from core.concepts import labelled
from core.texts import chinese, english


def drawn(name: str, text: str) -> str:
    """One sign for each character: its number modulo ten, or ``-`` where it is not scored."""
    found = labelled(name, text)
    return "".join(
        f"{int(value) % 10}" if scored else "-" for value, scored in zip(found.values, found.scored, strict=True)
    )


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("inside_quotes", 'a "b c," d', "00-1111-00"),
        ("inside_quotes", "他说：“好「啊」吗”了", "000-1-1-1-0"),
        ("inside_quotes", 'a "b\nc', "00-100"),
        ("inside_quotes", "it's", "0000"),
        ("since_sentence_start", "Ab c. De", "01234501"),
        ("since_sentence_start", "a 3.5 b? C", "0123456780"),
        ("since_sentence_start", 'Ab." Cd', "0123401"),
        ("since_sentence_start", "好。“好！”好", "0101230"),
        ("since_sentence_start", "ab\ncd", "01201"),
        ("since_punctuation", "ab, cd。e", "12-123-1"),
        ("inside_number", "a 12.5, 3 b.", "001111001000"),
        ("inside_number", "一条鱼，一九九八年", "000011110"),
        ("subject_is_plural", "The cats near a dog like it. A fox", "--------111111111111" + "-" * 14),
        ("subject_is_plural", '"An old bird near two mills sleeps."', "-" * 12 + "0" * 16 + "-" * 8),
        ("subject_is_plural", "Whales near a dog like it.", "-" * 26),
        ("subject_is_plural", "三位老师在看，一条鱼。两只", "--1111-------"),
    ],
)
def test_a_small_example(name: str, text: str, expected: str) -> None:
    assert drawn(name, text) == expected


@pytest.mark.parametrize("read", [english.read, chinese.read])
def test_the_generated_texts_have_subjects_of_both_kinds(read) -> None:
    found = labelled("subject_is_plural", read(20_000, 4))
    assert found.scored.mean() > 0.08
    assert 0.1 < found.values[found.scored].mean() < 0.9


def test_the_number_of_an_english_subject_is_that_of_its_verb() -> None:
    """Where nothing but a place stands between them, the verb that ends the stretch is the subject's own."""
    text = english.read(50_000, 5)
    found = labelled("subject_is_plural", text)
    compared = 0
    for at in range(1, len(text)):
        if found.scored[at - 1] and not found.scored[at]:
            begin = text.rfind("\n", 0, at) + 1
            stretch = text[at - 1 - next(n for n in range(at) if not found.scored[at - 1 - n]) + 1 : at]
            if not any(word in f" {stretch}" for word in (" that ", " who ")) and text[begin:at].count('"') % 2 == 0:
                verb = text[at:].split()[0].strip('.,"')
                singular = verb in {"is", "was", "has"} or (verb.endswith("s") and verb != "miss")
                assert found.values[at - 1] == (not singular), text[begin : at + 20]
                compared += 1
    assert compared > 50
