"""What is expected of a portal at one point of a flow, and what it said there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from rpa.browser.signs import Sign
from rpa.browser.speech.utterance import Tone, Utterance
from rpa.errors import Maintenance, NeedsPerson, Refused, SessionExpired, Stop, Unavailable

_STOPS: dict[Tone, type[Stop]] = {
    Tone.TRANSIENT: Unavailable,
    Tone.EXPIRED: SessionExpired,
    Tone.MAINTENANCE: Maintenance,
}
"""What means the same on every occasion."""
_EXCERPT = 120


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the portal may say now, and what it means."""

    name: str
    """Comes before the portal's words in a message, such as 保存时平台提示."""
    accepts: Collection[Tone] = frozenset()
    """What is an answer here: returned instead of raised."""
    refusal: type[Stop] = Refused
    unknown: type[Stop] = NeedsPerson
    """For words that no list knows, and for a question that is not answered here."""
    answers: bool = False
    """Whether a question gets the positive answer."""
    after_commit: bool = False
    """Nothing is raised for words: they are collected, questions are answered, the portal's list decides."""

    @property
    def says_yes(self) -> bool:
        """Whether questions are answered."""
        return self.answers or self.after_commit

    def require_success(self, heard: Heard) -> None:
        """What the words after a commit amount to; they prove nothing either way.

        Raises:
            Refused: the portal refused, in its own words.
            SessionExpired: it said that it had logged us out.
            Unavailable: it did not say that it was done.
        """
        if heard.sign or heard.tone(Tone.SUCCESS):
            return
        if heard.tone(Tone.REFUSAL, Tone.ALREADY, Tone.IN_REVIEW):
            raise self.refusal(f"{self.name}：{heard.words}")
        if heard.tone(Tone.UNKNOWN, Tone.INFORMATION) and not heard.tone(*_STOPS):
            return  # perhaps a success in other words: the list is looked at, and nothing is made anew
        kind = SessionExpired if heard.tone(Tone.EXPIRED) else Unavailable
        raise kind(f"{self.name}：{heard.words}" if heard.said else "提交后平台没有任何提示")

    def stop(self, said: Utterance) -> Stop:
        """Why the filing stops, in the portal's own words."""
        kind = _STOPS.get(said.tone, self.refusal)
        if said.tone in (Tone.UNKNOWN, Tone.QUESTION):
            kind = self.unknown
        return kind(f"{self.name}：{excerpt(said)}")


EVERYWHERE = Occasion("平台提示")
"""Whatever is said while something else is waited for."""
HEARD_ANYWHERE = frozenset({Tone.REFUSAL, Tone.TRANSIENT, Tone.EXPIRED, Tone.MAINTENANCE})
"""What stops a filing whatever it is waiting for."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of an act."""

    sign: Sign | None
    """The sign that showed; None where words came instead."""
    said: tuple[Utterance, ...]
    """All that the portal said since the act, oldest first."""

    @property
    def words(self) -> str:
        """All of it, for a message."""
        return "；".join(dict.fromkeys(excerpt(one) for one in self.said))

    def tone(self, *tones: Tone) -> bool:
        """Whether something was said in one of these tones."""
        return any(one.tone in tones for one in self.said)


def excerpt(said: Utterance) -> str:
    """The words of a message, the beginning of a long one, the title of one without words."""
    words = said.words or said.title
    return words if len(words) <= _EXCERPT else f"{words[:_EXCERPT]}…"
