"""What differs between the manuals of 2023 and 2024, and what a certificate-free user may do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of 单位业务."""

    key: str
    name: str
    certificate_free: bool = False
    """Open to users without a certificate."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One year's version of the portal."""

    year: str
    refund_name: str
    """What the item 稳岗返还 is called."""
    counts_down: bool
    """资金用途告知 has a countdown and a box to tick; without, just a button."""
    items: tuple[MenuItem, ...]
    look: str = "classic"
    """What it looks like where ``Switches.look`` does not say."""


_CERTIFICATE_ITEMS = (
    MenuItem("register", "单位参保登记"),
    MenuItem("change", "单位信息变更"),
    MenuItem("base", "年度缴费工资申报"),
    MenuItem("account", "单位银行账户变更"),
    MenuItem("cancel", "单位参保注销"),
)
_DEFERRAL = MenuItem("deferral", "单位缓交登记申报", certificate_free=True)


def _edition(
    year: str, refund_name: str, *more: MenuItem, counts_down: bool, look: str = "classic"
) -> Edition:
    refund = MenuItem("refund", refund_name, certificate_free=True)
    return Edition(year, refund_name, counts_down, (refund, *more, _DEFERRAL, *_CERTIFICATE_ITEMS), look)


EDITIONS = {
    "2023": _edition(
        "2023",
        "普通稳岗返还信息确认",
        MenuItem("emergency", "应急稳岗返还申报", certificate_free=True),
        counts_down=False,
    ),
    "2024": _edition("2024", "稳岗返还申请", counts_down=True, look="spa"),
}
