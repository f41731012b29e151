"""Controls by the label that a person sees: one resolver for every place where a page may keep it."""

from rpa.browser.labels.resolver import Labels
from rpa.browser.labels.spots import Box, Held, Kind, Row, Spot, State, Values, compare, normalise

__all__ = ["Box", "Held", "Kind", "Labels", "Row", "Spot", "State", "Values", "compare", "normalise"]
