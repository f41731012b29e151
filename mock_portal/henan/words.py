"""All that the portal says in dialogs, messages and refusals, in its own words and in others.

``Switches.phrasing`` chooses. Where a line names no source its words are inferred. S1 and S2 are the manuals
of 2024 and 2023, C is the public front end's code, P a public notice.
"""

from __future__ import annotations

from enum import Enum
from typing import Literal

Phrasing = Literal["own", "other"]


class Words(Enum):
    """One message: its own words, then others that mean the same."""

    # Logging in, both looks
    ACCOUNT_EMPTY = "账号不能为空", "请填写登录账号"
    CAPTCHA_EMPTY = "验证码不能为空", "请填写图形校验码"
    WRONG_CAPTCHA = "验证码错误", "校验码有误或已过期"  # seen at such portals
    WRONG_PASSWORD = "密码错误", "账号与口令不匹配"
    UNKNOWN_UNIT = "根据统一信用代码未查询到单位信息", "系统中没有与该统一信用代码对应的单位"  # P
    NEEDS_CERTIFICATE = "该单位不支持免数字证书登录，请使用数字证书登录", "贵单位已办理CA，只能使用CA登录"

    # The business's rules, both looks
    SAVED = "稳岗补贴申请申报成功, 下一步上传相应材料", "申请信息已保存，请继续采集材料"  # S2
    ALREADY_FILED = (
        "已经申请过稳岗补贴,请在受理进度页面查询申请进度",  # seen at such portals
        "贵单位本年度的申请已登记，进度请到受理进度中查看",
    )
    UNDER_12_MONTHS = (
        "去年缴费不满12个月不能申请稳岗补贴",
        "上年度参保缴费月数不足，不符合申领条件",
    )  # as above
    NOT_ACKNOWLEDGED = "请先阅读并确认资金用途告知", "资金用途须知尚未阅读确认"
    ITEM_REFUSED = (
        "免数字证书登录用户不能办理该业务，请使用数字证书登录",
        "该业务仅对CA用户开放",
    )
    TWICE = "该业务已提交,请勿重复提交", "申请已在受理中，不能再次报送"
    MISSING = "{}不能为空", "请填写{}"
    YEAR_WRONG = "申请年度格式不正确", "年度应为四位数字"

    # Dialogs, both looks
    REMINDER = "温馨提示", "系统通知"  # S2
    OK = "确定", "我知道了"  # S2
    CHOOSE_PICTURE = "请选择要上传的文件", "尚未选择文件"

    # The classic look
    CONFIRM = "确定", "是的"
    CANCEL = "取消", "暂不"
    EXPIRED = "未登录或登录超时。请重新登录，谢谢！", "会话已结束，需要再次登录"  # seen at such portals
    EXPIRED_PAGE = "登录超时", "会话结束"
    MAINTENANCE = "系统维护中", "服务升级中"
    MAINTENANCE_TEXT = (
        "为了给您提供更好的服务，系统正在维护升级，请稍后再访问，给您带来不便敬请谅解。",
        "平台正在升级，预计今日恢复，请您稍晚再来。",
    )
    SYSTEM_ERROR = "系统错误", "服务异常"
    SYSTEM_ERROR_TEXT = "服务器内部错误，请稍后再试。", "请求未能处理，稍后重试。"
    NETWORK_ERROR = "网络异常，请稍后重试", "连接中断，请检查网络"
    SAVE_FIRST = "请先保存申报信息", "申请信息还没有保存"
    SUBMITTED = "提交成功", "已受理您的申请"
    CHOOSE = "请选择要提交的业务", "尚未勾选任何记录"
    ASK_SUBMIT = "确定要提交申报吗?", "报送后将不能修改，是否继续?"
    ASK_DELETE = "确定要删除该申报吗?", "删除后不能恢复，是否继续?"
    ASK_DELETE_CHOSEN = "确定要删除选中的申报吗?", "所选记录将被删除，是否继续?"
    ASK_MONTH = "请输入办理月份", "办理月份应为六位数字"
    ASK_SERIAL = "请输入受理流水号", "流水号不能为空"
    NO_ROWS = "没有查询到符合条件的记录", "暂无数据"
    NO_DRAFTS = "没有待提交的申报", "列表为空"
    NOTICE_TITLE = "稳岗返还资金用途告知", "资金使用须知"  # S2
    NOTICE_BOX = "本单位已阅读并知晓上述告知内容", "上述须知我单位已知悉"
    NOTICE_CONFIRM = "确认", "我已知悉"
    NOTICE_LEFT = "请认真阅读，剩余", "还需阅读"
    ACKNOWLEDGED = "（已确认）", "（已知悉）"

    # The look as one page
    INFO = "消息提示", "系统消息"  # C
    ERROR = "错误提示", "操作未成功"  # C
    YES = "是", "确认"  # C
    NO = "否", "再看看"  # C
    SESSION_OVER = "会话已过期，请重新登录。", "登录状态失效，需再次登录"  # C
    NO_RIGHT = "您目前没有该业务权限! ", "该功能未对您开放"  # C
    CLOSED = "系统正在维护，请稍后再试..", "平台正在升级，暂停服务"  # C
    USER_FAILED = "获取用户登录信息失败:", "用户信息未取得："  # C
    IN_REVIEW = "查询到存在正在审核中的申报,不予办理！", "贵单位有申请尚在审批，不可重复申请"  # C
    DRAFT_LOADED = "查询到已保存申请信息，可修改！", "已载入上次暂存的内容，请核对"  # C
    CHOICE_MISSING = "请选择{}！", "{}还没有选"
    TEXT_MISSING = "请录入{}！", "{}不能空着"
    SAVE_FAILED = "申报失败！", "保存未成功："
    DUTY_BOX = "我单位已认真阅读并知晓稳岗返还资金用途", "须知内容本单位均已了解"
    DUTY_BUTTON = "阅读完毕并知晓", "已了解"
    DUTY_LEFT = "请继续阅读（{}秒）", "还剩{}秒"
    DUTY_DONE = "（已阅读告知）", "（已了解）"
    DOSSIER_TITLE = "申报电子材料上传：", "材料采集"  # S2, C
    DOSSIER_NONE = "此事项不需要上传材料", "该事项无需采集"  # C
    DOSSIER_SHORT = "档案信息保存成功，提交前请补齐材料!", "已保存，尚有缺页，请补充后再报送"  # C
    DOSSIER_FIRST = "请先保存申请信息，再采集电子材料！", "还没有保存，不能采集材料"
    UPLOAD_FAILED = "{}上传失败，请尝试重新上传", "未能传送{}，请再试一次"  # C
    PRINT_FIRST = "请确认申请后查看申报单!", "尚未保存，无法生成单据"  # C
    PRINTING = "正在生成..，请稍等！！", "单据准备中"  # C
    NO_RECEIPT = "暂无单据！", "没有可显示的内容"  # C
    CHOOSE_ROWS = "请先勾选需要提交的申报信息！", "一行也没有选中"
    ASK_SUBMISSION = (
        "提交前请确定已上传电子材料，否则将不再允许修改！确认提交？",  # C
        "报送后内容即锁定，是否继续报送？",
    )
    SUBMISSION_DONE = "申报提交成功！", "已受理您的申请，请关注进度"  # C
    SUBMISSION_FAILED = "申报提交失败！", "报送未成功："  # C
    GONE = "申报信息不存在或已提交", "没有找到这笔申请"
    DELETED = "删除申报成功！", "记录已移除"  # C
    DELETE_FAILED = "删除申报失败！", "记录未能移除："
    LIST_FAILED = "查询申报清单失败，原因：", "列表未能取得："  # C
    NO_LIST_ROWS = "没有符合条件的申报信息", "暂无记录"

    @property
    def own(self) -> str:
        """As the portal says it."""
        return str(self.value[0])

    @property
    def other(self) -> str:
        """As it might say it just as well."""
        return str(self.value[1])

    def said(self, phrasing: Phrasing) -> str:
        """In one of the two phrasings."""
        return self.own if phrasing == "own" else self.other


CLASSIC_SCRIPT = (
    "REMINDER",
    "OK",
    "CONFIRM",
    "CANCEL",
    "SYSTEM_ERROR",
    "NETWORK_ERROR",
    "ASK_SUBMIT",
    "ASK_DELETE",
    "ASK_DELETE_CHOSEN",
    "NOTICE_TITLE",
    "NOTICE_CONFIRM",
)
"""What the classic look's own script says."""
