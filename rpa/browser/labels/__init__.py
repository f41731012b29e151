"""Controls by the label that a person sees: one resolver for every place where a page may keep it."""

from rpa.browser.labels.resolver import Labels

__all__ = ["Labels"]
