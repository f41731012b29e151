"""How a portal stands: paused, outside its opening hours, or well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from rpa.engine.operations.portal_names import portal_name
from rpa.filing import CHINA, PortalKey
from rpa.ledger.data.fleet import PortalState
from rpa.ledger.fleet.portals import Portals
from rpa.settings.hours import Hours
from rpa.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class PortalStatus:
    """How one portal stands."""

    state: PortalState
    name: str
    opens_at: datetime | None
    """When it opens again; none when it is open."""

    def text(self) -> str:
        """In a word or a sentence."""
        if self.state.paused_at:
            probe = f"（{clock(self.state.probe_at)} 探测）" if self.state.probe_at else ""
            return f"已暂停：{self.state.why}{probe}"
        return f"不在办理时间，{clock(self.opens_at)} 继续" if self.opens_at else "正常"

    def document(self) -> dict[str, object]:
        """For a program."""
        return {
            "portal": self.state.portal,
            "name": self.name,
            "paused_at": iso(self.state.paused_at),
            "why": self.state.why,
            "probe_at": iso(self.state.probe_at),
            "opens_at": iso(self.opens_at),
        }


def portal_statuses(portals: Portals, settings: Settings) -> list[PortalStatus]:
    """Every portal of the settings and of the ledger."""
    now = datetime.now(UTC)
    states = {state.portal: state for state in portals.states()}
    for key in settings.by_key:
        states.setdefault(key, PortalState(key))
    return [
        PortalStatus(state, portal_name(settings, key), _opens_at(settings, key, now))
        for key, state in sorted(states.items())
    ]


def _opens_at(settings: Settings, key: str, now: datetime) -> datetime | None:
    portal = settings.portals.get(PortalKey(key).name)
    hours = Hours.parse(portal.opening_hours if portal else ())
    return None if hours.open_at(now) else hours.next_opening(now)


def clock(moment: datetime | None) -> str:
    """A moment as operators read it, in China's time; empty for none."""
    return f"{moment.astimezone(CHINA):%m-%d %H:%M}" if moment else ""


def iso(moment: datetime | None) -> str | None:
    """A moment as programs read it, in China's time."""
    return moment.astimezone(CHINA).isoformat() if moment else None
