"""What may show up anywhere at the Guangdong portal. What it says above a page is heard by its tone too."""

from __future__ import annotations

from rpa.browser.signs import Interruption, Sign
from rpa.errors import Maintenance, NeedsPerson, SessionExpired, Unavailable

INTERRUPTIONS = (
    Interruption(Sign("登录已失效"), lambda words: SessionExpired(f"登录已失效：{words}")),
    Interruption(Sign("系统维护中", exact=True), lambda words: Maintenance(f"平台维护中：{words}")),
    Interruption(Sign("系统错误", exact=True), lambda words: Unavailable(f"平台提示：{words}")),
    Interruption(
        Sign("可信等级核验四级", dialog=True),
        lambda words: NeedsPerson(
            f"平台提示：{words}", "请先在省统一身份认证平台用网银证书或电子营业执照核验到四级（L2）"
        ),
    ),
    Interruption(
        Sign("劳务派遣单位", dialog=True),
        lambda words: NeedsPerson(f"平台提示：{words}", "劳务派遣单位请人工到专用系统办理"),
    ),
)
