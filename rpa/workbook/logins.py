"""How the rows log in: 登录方式 against the portal's ways, 登录账号 against the logins stored here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from rpa.filing import PortalKey
from rpa.privacy.masks import redact
from rpa.settings.portal import PortalSettings
from rpa.workbook.finding import Judged
from rpa.workbook.scrutiny import Scrutiny

Known = Callable[[str, str], bool]
"""Whether a login is stored on this machine: portal with its environment, 登录账号."""


def read_login(cells: Scrutiny, portal: PortalSettings | None) -> tuple[str, str]:
    """登录方式 and 登录账号 of a row; notes what the portal does not know or needs besides."""
    way, name = cells.text("login"), cells.text("login_name")
    if portal is None:
        return way, name
    if instead := portal.login_way(way).instead:
        advice = "可以继续；只能用这种方式登录的单位请由人工办理"
        cells.warn("login", f"程序不用“{way}”登录，将以“{instead}”登录", advice)
        way = instead
    used = way or portal.default_login
    if way and portal.logins and way not in portal.logins:
        blank = f"；不填按“{portal.default_login}”办理" if portal.default_login else ""
        choices = "、".join(portal.logins)
        cells.find("login", f"{portal.name}平台没有登录方式“{way}”", f"请填写：{choices}{blank}")
    elif portal.login_way(way).stored and not name:
        cells.demand("login_name", f"登录方式“{used}”要用保存的登录，登录账号没有填写")
    return way, name


def compare_logins(
    judged: Iterable[Judged], portals: Mapping[str, PortalSettings], known: Known, header: str
) -> None:
    """Say which logins are not stored here, each once, at the first row that names it.

    It is a warning alone: the filing may be done on another machine.
    """
    rows: defaultdict[tuple[PortalKey, str], list[Judged]] = defaultdict(list)
    for one in judged:
        if one.login:
            rows[one.login].append(one)
    for (portal, name), group in rows.items():
        if not known(portal, name):
            shown = redact(name)
            named = PortalKey.of(portals[portal.name].name, portal.environment)
            count = f"（共 {len(group)} 行用它）" if len(group) > 1 else ""
            message = f"本机没有保存登录“{shown}”{count}"
            advice = f"在办理的电脑上运行：rpa secrets set {named} {shown}"
            group[0].find("login_name", header, message, advice, "warning")
