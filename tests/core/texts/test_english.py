"""Every verb of the English text agrees with its subject, as a second reader finds who knows only words.

The reader is a parser of one token lookahead: it shares the vocabulary with the grammar that wrote the text, and none
of its rules.
"""

import re
from collections import Counter

import pytest

from core.texts import english, texts

TEXT = texts["english"](60_000, 0)
NOUNS = {form: bool(plural) for nouns in english.QUALITIES for noun in nouns for plural, form in enumerate(noun[:2])}
ADJECTIVES = {word for words in english.QUALITIES.values() for word in words}
VERBS = {
    form: bool(plural)
    for verbs in (english.HANDLES, english.MEETS, english.RESTS, english.STANDS, english.SAYS, english.BELIEVES,
                  english.ON_ONESELF, (english.IS, english.WAS, english.HAS))
    for verb in verbs
    for plural, form in enumerate(verb)
}  # fmt: skip
BELIEVES = {form for verb in english.BELIEVES for form in verb}
ONE = {"a", "an", "every", "one", "this", "that"}
SEVERAL = {"these", "those", "two", "three", "seven", "many", "some", "both", "all"}
REFLEXIVES = {"itself": False, "herself": False, "himself": False, "themselves": True}


class Disagreement(Exception):
    """Two words that should have the same number have not, or a sentence is none."""


class Reader:
    """Reads one sentence; each method goes on where the one before stopped and returns a number: True for plural."""

    def __init__(self, sentence: str) -> None:
        for place in english.PLACED:
            sentence = sentence.replace(f" {place} ", " IN ")
        self.words = re.findall(r"IN|\w+", sentence[:1].lower() + sentence[1:])

    @property
    def next(self) -> str:
        return self.words[0] if self.words else ""

    def take(self, *wanted: str) -> str:
        if not self.words or (wanted and self.next not in wanted):
            raise Disagreement(f"{wanted} expected before {' '.join(self.words)!r}")
        return self.words.pop(0)

    def agree(self, plural: bool, other: bool, word: str) -> None:
        if plural != other:
            raise Disagreement(f"{word} before {' '.join(self.words)!r}")

    def plain(self) -> bool:
        """Determiner or count, adjectives, noun."""
        determiner = self.take()
        if determiner == "all":
            self.take("the")
        while self.next in ADJECTIVES:
            begins = self.take()
            if determiner in ("a", "an"):
                self.agree(determiner == "an", begins[0] in "aeiou", begins)
                determiner = "one"
        noun = self.take(*NOUNS)
        if determiner in ("a", "an"):
            self.agree(determiner == "an", noun[0] in "aeiou", noun)
        if determiner != "the":
            if determiner not in ONE | SEVERAL and not determiner.isdigit():
                raise Disagreement(f"{determiner} before {noun}")
            several = int(determiner) > 1 if determiner.isdigit() else determiner in SEVERAL
            self.agree(several, NOUNS[noun], noun)
        return NOUNS[noun]

    def phrase(self) -> bool:
        """A plain phrase, the places after it, a relative clause."""
        plural = self.plain()
        while self.next == "IN":
            self.place()
        if self.next in ("who", "that"):
            self.take()
            if self.next in VERBS:
                self.predicate(plural)
            else:
                subject = self.phrase()
                self.verb(subject)
        return plural

    def place(self) -> None:
        self.take("IN")
        self.plain()

    def verb(self, plural: bool) -> str:
        verb = self.take(*VERBS)
        self.agree(plural, VERBS[verb], verb)
        return verb

    def predicate(self, plural: bool) -> None:
        verb = self.verb(plural)
        said = verb in BELIEVES and self.next == "that" and self.words[1] not in ADJECTIVES | NOUNS.keys()
        if said:
            self.take("that")
            return self.clause()
        if verb in ("has", "have"):
            self.take("been")
            self.take()
        elif self.next in REFLEXIVES:
            reflexive = self.take()
            self.agree(plural, REFLEXIVES[reflexive], reflexive)
        elif verb in ("is", "are", "was", "were"):
            self.take()
        elif self.next in ("to", "not"):
            self.take()
            if self.next == "only":
                self.take()
                self.phrase()
                self.take("but")
                self.take("also")
            self.phrase()
        elif self.next and self.next not in VERBS and self.next != "IN":
            self.phrase()
        while self.next == "IN":
            self.place()
        return None

    def clause(self) -> None:
        self.predicate(self.subject())

    def subject(self) -> bool:
        """A phrase, or the nearer one of two."""
        pair = {"either": "or", "neither": "nor"}.get(self.next)
        if pair is None:
            return self.phrase()
        self.take()
        self.phrase()
        self.take(pair)
        return self.phrase()

    def sentence(self) -> None:
        if self.next in ("does", "do", "is", "are"):
            asked = self.take() in ("do", "are")
            self.agree(self.phrase(), asked, "question")
            self.take(*(verb[1] for verb in english.HANDLES), *ADJECTIVES)
            if self.words:
                self.phrase()
        else:
            self.clause()
        if self.words:
            raise Disagreement(f"left over: {' '.join(self.words)}")


def read(sentence: str) -> None:
    """Read one sentence of any kind; raises Disagreement."""
    sentence = sentence.strip()
    for time in english.TIMES:
        sentence = sentence.removeprefix(f"{time[0].upper()}{time[1:]}, ")
    sentence = re.sub(r"^In \d{4}, (.*) sold for \d+ pounds", r"\1 sold", sentence)
    sentence = re.sub(r"^On \d+ \w+, ", "", sentence)
    counted = re.fullmatch(r"(.*) (has|have) (\d+ \w+), (\d+ \w+) and (\d+ \w+)\.", sentence)
    if counted:
        sentence = f"{counted[1]} {'is' if counted[2] == 'has' else 'are'} quiet."
        for one in counted.groups()[2:]:
            Reader(one).plain()
    said = re.fullmatch(r'(.*)"(.*)"(.*)', sentence)
    if said:
        before, inside, after = said.groups()
        for one in re.findall(r"[^.?]+[.?,]", inside):
            read(one)
        if after:
            reader = Reader(after)
            verb = reader.take(*VERBS)
            reader.agree(reader.phrase(), VERBS[verb], verb)
        else:
            reader = Reader(before)
            reader.verb(reader.phrase())
        return
    for clause in re.split(r", (?!\d)", sentence):
        reader = Reader(re.sub(r"^(if|then|because|although) ", "", clause[:1].lower() + clause[1:]))
        reader.sentence()


def sentences(text: str) -> list[str]:
    """The sentences of whole paragraphs, quotations within them."""
    found = []
    for line in text.split("\n")[:-1]:
        begun, quoted = 0, False
        for end, (before, character) in enumerate(zip(f" {line}", line, strict=False), 1):
            quoted ^= character == '"'
            if not quoted and (character in ".?" or (character == '"' and before in ".?")):
                found.append(line[begun:end].strip())
                begun = end
        assert begun == len(line), "every paragraph ends with a sentence"
    return found


@pytest.mark.parametrize("seed", range(3))
def test_everything_agrees(seed):
    found = sentences(texts["english"](60_000, seed))
    assert len(found) > 500
    for sentence in found:
        read(sentence)


@pytest.mark.parametrize(
    "wrong",
    [
        "The key that the old sailors near the gates keep are red.",
        "The keys that the old sailor near the gates keep are red.",
        "The fox beside the mills who see the owl waits near the gate.",
        "Every bird near these towers hurt itself.",
        "Every bird near these towers hurts themselves.",
        "An baker sees two cats.",
        "Those baker sees two cats.",
        "In 1900, 1 boats near the mill was sold for 3 pounds.",
        '"The owl sleeps near the gate," say the baker.',
        "Do the baker near the towers hide the lamp?",
        "Either the kings or the baker near the towers are tired.",
    ],
)
def test_the_reader_notices_what_disagrees(wrong):
    with pytest.raises(Disagreement):
        read(wrong)


def test_words_are_of_one_kind_each():
    assert not NOUNS.keys() & VERBS.keys()
    assert not ADJECTIVES & (NOUNS.keys() | VERBS.keys())


def test_a_verb_often_stands_far_from_a_subject_whose_number_the_nearest_noun_has_not():
    distances, attracted = [], 0
    for sentence in sentences(TEXT):
        if '"' in sentence:
            continue
        reader = Reader(sentence)
        begun = len(reader.words)
        try:
            plural = reader.phrase()
        except Disagreement:
            continue
        between = re.findall(r"IN|\w+", sentence)[1 : begun - len(reader.words)]
        nearest = [NOUNS[word] for word in between if word in NOUNS]
        distances.append(begun - len(reader.words))
        attracted += bool(nearest) and nearest[-1] != plural
    assert sum(distance > 6 for distance in distances) > len(distances) / 4
    assert attracted > len(distances) / 6


def test_every_quotation_mark_finds_its_partner_within_the_paragraph():
    quoting = [line.count('"') for line in TEXT.split("\n")[:-1]]
    assert all(count % 2 == 0 for count in quoting)
    assert sum(quoting) > 200


def test_sentences_begin_with_a_capital_or_figure_and_end_with_a_stop():
    for line in TEXT.split("\n")[:-1]:
        assert re.fullmatch(r'["A-Z].*[.?]"?', line)
        assert not re.search(r"  | [,.?]|[,.?]{2}", line)


def test_pairs_are_complete():
    counts = Counter(re.findall(r"\w+", TEXT.rpartition("\n")[0].lower().replace("now and then", "")))
    assert counts["neither"] == counts["nor"] > 5
    assert counts["either"] == counts["or"] > 5
    assert counts["also"] == counts["only"] > 5
    assert counts["if"] == counts["then"] > 5


def test_sentences_are_seldom_repeated():
    found = [one for one in sentences(TEXT) if len(one) > 30]
    assert len(set(found)) > 0.99 * len(found)
