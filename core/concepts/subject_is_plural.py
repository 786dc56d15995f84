"""Whether the subject of a sentence is plural, labelled from the subject to the first verb or punctuation mark.

Only the words of the generated English and Chinese texts are known. A sentence that begins with other words is not
scored.
"""

import re
from collections.abc import Iterable

import numpy as np

from core.concepts import AboutConcept, Kind, Labels, concepts
from core.texts import Concepts, chinese, english

ABOUT = AboutConcept(Kind.BINARY, Concepts.PROSE, left_out="other_words")


@concepts.register
def label(text: str) -> Labels:
    """Label with 1 after a plural subject, with 0 after a singular one.

    In English, a sentence counts if it begins with a determiner, perhaps an adjective, and a noun. It is labelled from
    after the noun to the first verb, which may be that of a clause in between. In Chinese, a sentence counts if it
    begins with a count and a classifier. It is labelled from after them to the first punctuation mark.
    """
    values, scored = np.zeros(len(text)), np.zeros(len(text), dtype=bool)
    for pattern, plural in ((_ENGLISH, _PLURAL_NOUNS), (_CHINESE, _PLURAL_COUNTS)):
        for found in pattern.finditer(text):
            waiting = slice(*found.span("waiting"))
            values[waiting] = found["subject"] in plural
            scored[waiting] = True
    return Labels(values, scored)


def at_stake(text: str) -> Labels:
    """Return the first verb after each English subject, singular or plural, and the character after that verb.

    The verb may be that of a clause in between. If that clause has its own subject, the verb agrees with that one.
    """
    labels = label(text)
    values, verb = labels.values.copy(), np.zeros(len(text), dtype=bool)
    for found in _ENGLISH.finditer(text):
        begin, end = found.span("verb")
        verb[begin : end + 1] = True
        values[begin : end + 1] = found["subject"] in _PLURAL_NOUNS
    return Labels(values, verb, labels.unread)


def _either(words: Iterable[str]) -> str:
    """Return a pattern that matches one of the words and tries longer words first."""
    return "|".join(sorted(map(re.escape, set(words)), key=len, reverse=True))


_NOUNS = (*english.PEOPLE, *english.ANIMALS, *english.THINGS, *english.PLACES)
_PLURAL_NOUNS = {noun.plural for noun in _NOUNS}
_VERBS = (
    *(english.HANDLES + english.MEETS + english.RESTS + english.STANDS + english.SAYS),
    *(english.BELIEVES + english.ON_ONESELF + (english.IS, english.WAS, english.HAS)),
)
_ENGLISH = re.compile(
    rf"""(?:^|(?<=[.?!][ ])|(?<=[ ]"))"?
    (?i:{_either((*english.ONE, *english.SEVERAL, "an"))})[ ]
    (?:(?:{_either(word for words in english.QUALITIES.values() for word in words)})[ ])?
    (?P<subject>{_either(form for noun in _NOUNS for form in noun[:2])})\b
    (?P<waiting>[^.?!\n]*?[ ])(?=(?P<verb>{_either(form for verb in _VERBS for form in verb)})\b)""",
    re.VERBOSE | re.MULTILINE,
)

_COUNTS = {count for counts in chinese.BEGINNINGS.values() for count in counts}
_PLURAL_COUNTS = _COUNTS - {"一", "那", "这", "每"}
_CLASSIFIERS = {noun.classifier for nouns in chinese.NOUNS.values() for noun in nouns}
_CHINESE = re.compile(
    rf"(?:^|(?<=[。！？“”]))(?P<subject>{_either(_COUNTS)})(?:{_either(_CLASSIFIERS)})(?P<waiting>[^，。！？：、“”\n]+)",
    re.MULTILINE,
)
