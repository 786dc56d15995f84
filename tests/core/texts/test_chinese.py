"""In the Chinese text every classifier meets its noun and every first word its partner.

The reader of these tests knows words and which classifier takes which noun, and none of the grammar's patterns. It goes
through a sentence from left to right with a stack of classifiers that still wait for their noun.
"""

import re

import pytest

from core.texts import chinese, texts

LONG = texts["chinese"](200_000, 0)
TEXT = LONG[:60_000]
TAKES: dict[str, set[str]] = {}
for nouns in chinese.NOUNS.values():
    for noun in nouns:
        TAKES.setdefault(noun.classifier, set()).add(noun.word)
WORDS = {word for words in TAKES.values() for word in words}
OTHER = ("画画", "画下", "画过", "自行车", "写信")
"""Words that contain a noun and are none."""
SET_PHRASES = (
    "一个人",
    "一个早晨",
    "一本书，名叫",
    "一场大雨",
    "一年",
    "一次",
    "一天",
    "一百元",
    "一点儿",
    "一边",
    "一共",
    "一直",
)


TOKEN = re.compile(
    "|".join(
        (
            *SET_PHRASES,
            rf"(?:[一两三五几那这每]|\d)(?P<classifier>{'|'.join(TAKES)})",
            *(f"(?:{word})" for word in OTHER),
            f"(?P<noun>{'|'.join(sorted(WORDS, key=len, reverse=True))})",
        )
    )
)


def tokens(clause: str) -> list[tuple[str, str, int]]:
    """What matters in a clause and where: ("classifier", 条, 1) and ("noun", 鱼, 9), the longest word first."""
    return [
        (str(found.lastgroup), found[str(found.lastgroup)], found.end())
        for found in TOKEN.finditer(clause)
        if found.lastgroup
    ]


def unmet(clause: str) -> list[str]:
    """Classifiers whose noun never came; a noun that the last one does not take stands alone, as in 老人钓上来的鱼."""
    waiting: list[str] = []
    for kind, word, _ in tokens(clause):
        if kind == "classifier":
            waiting.append(word)
        elif waiting and word in TAKES[waiting[-1]]:
            waiting.pop()
    return waiting


def clauses(text: str) -> list[str]:
    return [one for one in re.split(r"[。？！：，、“”《》\n]", text)[:-1] if one]


@pytest.mark.parametrize("seed", range(3))
def test_every_classifier_meets_its_noun(seed):
    found = clauses(texts["chinese"](60_000, seed))
    assert len(found) > 1_500
    assert [clause for clause in found if unmet(clause) and not re.search(r"\d+\w是", clause)] == []


@pytest.mark.parametrize(
    "wrong", ["一本刚从河里钓上来的鱼", "那位老人买下的一条书", "三头戴着眼镜的老师想要一把雨伞", "一只老人钓上来的信"]
)
def test_the_reader_notices_a_wrong_classifier(wrong):
    assert unmet(wrong)


def test_a_noun_often_stands_far_from_its_classifier():
    distances = []
    for clause in clauses(TEXT):
        waiting: list[tuple[str, int]] = []
        for kind, word, place in tokens(clause):
            if kind == "classifier":
                waiting.append((word, place))
            elif waiting and word in TAKES[waiting[-1][0]]:
                distances.append(place - waiting.pop()[1])
    assert sum(distance > 5 for distance in distances) > len(distances) / 4
    assert max(distances) > 15


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("因为", "，所以"), ("虽然", "，但是"), ("不但", "，而且"), ("如果", "，.*就"), ("只有", "，.*才"),
        ("只要", "，.*就"), ("不管", "，.*都"), ("宁可", "，也不"), ("每", "都"),
    ],
)  # fmt: skip
def test_every_first_word_has_its_second_in_the_same_sentence(first, second):
    found = [one for one in re.split(r"[。？！“”\n]", LONG)[:-1] if first in one and "每天" not in one]
    assert len(found) > 5
    assert [one for one in found if not re.search(f"{first}.+{second}.+", one)] == []


def test_quotation_marks_open_and_close_in_turn():
    for line in TEXT.split("\n")[:-1]:
        marks = re.sub("[^“”]", "", line)
        assert marks == "“”" * (len(marks) // 2)
    assert TEXT.count("“") > 100
    assert 0 <= TEXT.count("《") - TEXT.count("》") <= 1


def test_punctuation_is_chinese_and_ends_every_paragraph():
    assert set(re.findall(r"[^\u4e00-\u9fff]", TEXT)) == set("\n，。？！：、“”《》〇0123456789")
    for line in TEXT.split("\n")[:-1]:
        assert re.search(r"[。？！]”?$", line)
        assert not re.search(r"[，、：。？！][，、：。？！]", line)


def test_every_slot_of_every_pattern_can_be_filled():
    known = chinese.NOUNS.keys() | chinese.PATTERNS.keys() | chinese._COMPUTED.keys()
    patterns = [one for group in (chinese.PATTERNS, chinese.RELATIVES) for many in group.values() for one in many]
    slots = [slot for pattern in patterns for slot in re.findall(r"\{([^}]*)\}", pattern)]
    assert {slot.split()[-1] for slot in slots} <= known
    assert {slot.split()[0] for slot in slots if " " in slot} <= {"that", "one", "every", "just"}
    used = {slot.split()[-1] for slot in slots} | {"sentence"}
    assert chinese.PATTERNS.keys() | chinese._COMPUTED.keys() <= used, "no pattern is never used"


def test_sentences_are_seldom_repeated():
    found = [one for one in re.split(r"[。？！\n“”]", TEXT) if len(one) > 20]
    assert len(found) > 500
    assert len(set(found)) > 0.99 * len(found)


def test_a_network_can_have_met_most_symbols_by_the_end():
    symbols = set(LONG)
    assert len(symbols) < 600
    assert len(set(TEXT)) > 0.95 * len(symbols)
