"""Whatever a portal says, in whichever shape: what it says, what it means, how it is answered."""

from rpa.browser.speech.occasion import Heard, Occasion
from rpa.browser.speech.utterance import Shape, Tone, Utterance

__all__ = ["Heard", "Occasion", "Shape", "Tone", "Utterance"]
