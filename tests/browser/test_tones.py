"""What a portal's words mean: the shared lists, their order, and what a portal adds."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from rpa.browser.speech.utterance import Shape, Tone, Utterance, tone_of
from tests.support.portal import portal_at

URL = "http://127.0.0.1:1"

SAID: dict[Tone, tuple[str, ...]] = {
    Tone.CAPTCHA: (
        "验证码错误",
        "验证码不正确.",
        "校验码有误",
        "图形验证码已过期",
        "校验码已失效，请重新获取",
        "请输入正确的验证码",
        "算式的结果不正确",
        "图形码有误",
        "附加码已过期",
        "请输入正确的图片码",
        "错误的随机码",
        "识别码不匹配",
        "验证码已过时，请刷新",
        "请刷新验证码后重试",
        "验证码比对失败",
        "Captcha expired",
    ),
    Tone.CREDENTIALS: (
        "账号或密码错误",
        "用户名、密码或验证码错误",
        "密码错误次数过多，账号已锁定",
        "该账号不存在",
        "用户名和口令不正确",
    ),
    Tone.EXPIRED: (
        "未登录或登录超时。请重新登录，谢谢！",
        "会话已过期，请重新登录。",
        "登录已失效",
        "请先登录",
        "您长时间未操作，请重新登录",
        "为了账户安全，需再次登录",
    ),
    Tone.MAINTENANCE: (
        "系统正在维护，请稍后再试..",
        "系统维护中",
    ),
    Tone.PROGRESS: (
        "正在生成..，请稍等！！",
        "加载中…",
        "请稍候",
    ),
    Tone.SUCCESS: (
        "稳岗补贴申请申报成功, 下一步上传相应材料",
        "提交成功，请勿重复提交",
        "档案信息保存成功，提交前请补齐材料!",
        "密码修改成功，请重新登录",
        "维护统一社会信用代码申报成功",
        "提交成功，请稍后在我的办件中查询",
        "数据已保存，请上传相应材料",
        "保存完毕，请至“我的待提交业务”提交，否则申报无效",
    ),
    Tone.IN_REVIEW: ("查询到存在正在审核中的申报,不予办理！", "贵单位有在途业务，暂不能办理"),
    Tone.ALREADY: (
        "已经申请过稳岗补贴,请在受理进度页面查询申请进度",
        "该单位已完成失业保险稳岗返还信息确认，请勿重复提交",
        "贵单位2026年度稳岗返还业务已受理，无法再次办理",
        "补贴已发放,不予办理",
        "同一年度不可再次添加",
        "本年度不能再申报",
        "不得多次申请",
        "该单位已提交稳岗返还申请，请到办理进度查询查看",
    ),
    Tone.TRANSIENT: (
        "系统繁忙，请稍后再试",
        "网络异常",
        "系统错误",
        "申报提交失败！",
        "申报提交失败！undefined",
        "提交失败，请稍后重试",
        "手机验证码发送失败！",
        "请求超时",
    ),
    Tone.INFORMATION: (
        "查询到已保存申请信息，可修改！",
        "验证码已发送",
        "已载入上次暂存的内容，请核对",
        "系统已为您恢复之前填写的信息，请确认",
        "此事项不需要上传材料",
    ),
    Tone.REFUSAL: (
        "银行账号与户名不一致，请核对后重新保存",
        "银行账号和户名不匹配",
        "去年缴费不满12个月不能申请稳岗补贴",
        "根据统一信用代码未查询到单位信息",
        "申报提交失败！该单位不在名单内",
        "上传成功2个，失败1个",
        "申报已截止",
        "您目前没有该业务权限!",
        "请输入联系人",
        "联系方式不能为空",
        "统一社会信用代码校验码错误",
        "联系地址不完整",
        "材料缺少盖章页，未予通过",
        "银行账号与户名不一致，请核对，如有疑问请联系经办机构",
        "申报失败：不在名单内，如有疑问请拨打12333",
        "如单位信息有误",
        "已截止，不能申报",
        "单位已注销，不予办理",
    ),
    Tone.QUESTION: (
        "确定要提交吗？",
        "确认提交？",
    ),
    Tone.UNKNOWN: (
        "该类单位请到专用系统办理",
        "申报成功后请到首页完成申报提交!",
        "暂无单据！",
        "确认完毕，如账户信息有误请联系经办机构",
        "业务申报已提交至经办机构，审核不通过的将退回修改",
        "申报已送审，如材料有误将被退回修改",
        "提交请求已接收，系统正在后台处理，请稍后查询办理结果",
    ),
}
WORDS = [(words, tone) for tone, all_words in SAID.items() for words in all_words]


@pytest.mark.parametrize(("words", "tone"), WORDS)
def test_by_its_words(words: str, tone: Tone) -> None:
    assert tone_of(words, portal_at(URL)) is tone


def test_two_buttons_ask_unless_the_words_say_why_nothing_goes_on() -> None:
    portal = portal_at(URL)
    buttons = ("否", "是")
    assert tone_of("否则将不再允许修改！", portal, buttons=buttons) is Tone.QUESTION
    assert tone_of("会话已过期，请重新登录", portal, buttons=("取消", "确定")) is Tone.EXPIRED
    assert tone_of("该单位已经申请过，是否重新申请？", portal, buttons=buttons) is Tone.ALREADY


@pytest.mark.parametrize(
    ("declines", "agrees"),
    [
        ("返回修改", "确认提交"),
        ("再看看", "确认无误"),
        ("我再想想", "继续提交"),
        ("放弃", "办理"),
        ("取消", "去提交"),
    ],
)
def test_two_buttons_ask_whatever_stands_on_them(declines: str, agrees: str) -> None:
    buttons = (declines, agrees)
    tone = tone_of("提交后本年度不可重复申报，请确认", portal_at(URL), buttons=buttons)
    said = Utterance("", "", tone, Shape.DIALOG, buttons, top=True, certainty=2)
    assert said.tone is Tone.QUESTION
    assert next(each for each in said.agreeing if each in buttons) == agrees
    assert said.asks


def test_a_notice_is_known_by_its_title_or_its_one_button() -> None:
    portal = portal_at(URL)
    assert tone_of("本月起不能申请", portal, title="系统公告") is Tone.INFORMATION
    assert tone_of("新版已启用", portal, buttons=("知道了",)) is Tone.INFORMATION
    assert tone_of("申报已截止", portal, buttons=("知道了",)) is Tone.REFUSAL


def test_a_long_text_tells_nothing_by_a_word_in_it() -> None:
    assert tone_of("资金用于职工生活补助，不得挪用。" * 20, portal_at(URL)) is Tone.UNKNOWN


def test_a_portal_has_words_of_its_own_first() -> None:
    portal = portal_at(URL, speech={"maintenance": ["专用系统"], "success": ["/^回执.*寄送/"]})
    assert tone_of("请到专用系统办理", portal) is Tone.MAINTENANCE
    assert tone_of("回执另行 寄送", portal) is Tone.SUCCESS


@pytest.mark.parametrize("speech", [{"cheerful": ["好"]}, {"success": ["/(/"]}])
def test_a_wrong_tone_or_pattern_is_refused(speech: dict[str, list[str]]) -> None:
    with pytest.raises(ValidationError):
        portal_at(URL, speech=speech)
