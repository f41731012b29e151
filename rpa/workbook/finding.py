"""What is wrong or odd in the workbook, and what became of a row.

Findings name the field and never hold an account or phone number: they are printed and kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from rpa.filing import Filing, FilingKey, PortalKey
from rpa.workbook.reader import Row

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or odd in the workbook."""

    row: int
    cell: str
    """As Excel shows it, e.g. ``E7``."""
    header: str
    severity: Severity
    """A row with an error is not filed; a warning only asks a person to look."""
    message: str
    """What is wrong, in Chinese."""
    advice: str
    """What to do, in Chinese."""


@dataclass(slots=True)
class Judged:
    """What became of one row."""

    row: Row
    findings: list[Finding] = field(default_factory=list)
    lacks: set[str] = field(default_factory=set)
    """Keys of columns that the row needs and the sheet does not have."""
    filing: Filing | None = None
    """There unless a finding is an error or a column is lacking."""
    key: FilingKey | None = None
    """What the row would file, as far as that can be told."""
    login: tuple[PortalKey, str] | None = None
    """(portal with its environment, 登录账号) where the row names a stored login."""

    def find(self, key: str, header: str, message: str, advice: str, severity: Severity = "error") -> None:
        """Note what is wrong or odd with a column's cell; without such a column, with the row."""
        number = self.row.number
        cell = self.row.cell(key).coordinate if key in self.row.columns else f"A{number}"
        self.findings.append(Finding(number, cell, header, severity, message, advice))

    @property
    def refused(self) -> bool:
        """Whether the row cannot be filed as it stands."""
        return bool(self.lacks) or any(finding.severity == "error" for finding in self.findings)
