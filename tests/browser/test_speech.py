"""What a portal says, as the libraries themselves draw it: words, title, meaning, shape, buttons."""

# ruff: noqa: E501 - pages are easier to read unbroken

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Route

from rpa.browser.running_browser import RunningBrowser
from rpa.browser.session import Session
from rpa.browser.speech import Shape, Tone, Utterance
from tests.labels.libraries import library
from tests.support.portal import portal_at

pytestmark = pytest.mark.asyncio(loop_scope="session")

ORIGIN = "http://127.0.0.1:1"  # whatever is asked for there, the test itself answers
REFUSED = "银行账号与户名不一致"


def linked(*paths: str) -> str:
    """Tags that load files of the libraries."""
    tags = [
        f"<link rel=stylesheet href='/{path}'>"
        if path.endswith(".css")
        else f"<script src='/{path}'></script>"
        for path in paths
    ]
    return "".join(tags)


LAYUI = linked("layui/dist/css/layui.css", "layui/dist/layui.js")
LAYUI_OLD = linked("layui-2.6/dist/css/layui.css", "layui-2.6/dist/layui.js")
EASYUI = linked(
    "jquery-easyui/css/easyui.css", "jquery/dist/jquery.min.js", "jquery-easyui/js/jquery.easyui.min.js"
)
ELEMENT = linked("element-ui/lib/theme-chalk/index.css", "vue/dist/vue.min.js", "element-ui/lib/index.js")
ELEMENT_PLUS = linked(
    "element-plus/dist/index.css", "vue3/dist/vue.global.prod.js", "element-plus/dist/index.full.min.js"
)
BOOTSTRAP = linked(
    "bootstrap/dist/css/bootstrap.min.css", "jquery/dist/jquery.min.js", "bootstrap/dist/js/bootstrap.min.js"
)
ANGULAR = linked(
    "bootstrap/dist/css/bootstrap.min.css",
    "angular/angular.min.js",
    "angular-animate/angular-animate.min.js",
    "angular-ui-bootstrap/dist/ui-bootstrap-tpls.js",
)
ANT = linked(
    "react/umd/react.production.min.js",
    "react-dom/umd/react-dom.production.min.js",
    "dayjs/dayjs.min.js",
    "antd/dist/antd.min.js",
)
BOOTSTRAP_BOX = """<div class="modal fade" id=box><div class=modal-dialog><div class=modal-content>
<div class=modal-header><button class=close data-dismiss=modal><span>&times;</span></button><h4 class=modal-title>温馨提示</h4></div>
<div class=modal-body><p>银行账号与户名不一致</p></div>
<div class=modal-footer><button class="btn btn-default" data-dismiss=modal>关闭</button></div></div></div></div>"""
ANGULAR_BOX = """<body ng-app=portal><script>
angular.module('portal', ['ngAnimate', 'ui.bootstrap']).run(($uibModal) => { window.box = (title, words, no, yes) => $uibModal.open({
  backdrop: 'static', controllerAs: 'box', controller: function () { Object.assign(this, { title, words, no, yes }); },
  template: `<div class="modal-header"><h3>{{box.title}}</h3></div><div class="modal-body">{{box.words}}</div><div class="modal-footer">
    <button class="btn" ng-show="box.no" ng-click="$dismiss()">{{box.no}}</button>
    <button class="btn btn-success" ng-click="$close()">{{box.yes}}</button></div>` }); });
</script>"""


@dataclass(frozen=True)
class Case:
    page: str
    says: str
    """The script by which the page says it."""
    words: str
    tone: Tone
    shape: Shape
    title: str = ""
    buttons: tuple[str, ...] = field(default=())


CASES = {
    "alert": Case("", f"alert('{REFUSED}')", REFUSED, Tone.REFUSAL, Shape.NATIVE, buttons=("确定",)),
    "confirm": Case(
        "",
        "confirm('确定要提交吗？')",
        "确定要提交吗？",
        Tone.QUESTION,
        Shape.NATIVE,
        buttons=("确定", "取消"),
    ),
    "layui alert": Case(
        LAYUI, f"layer.alert('{REFUSED}')", REFUSED, Tone.REFUSAL, Shape.DIALOG, "信息", ("×", "确定")
    ),
    "layui confirm": Case(
        LAYUI,
        "layer.confirm('确定要提交申报？')",
        "确定要提交申报？",
        Tone.QUESTION,
        Shape.DIALOG,
        "信息",
        ("×", "确定", "取消"),
    ),
    "layui message": Case(LAYUI, f"layer.msg('{REFUSED}')", REFUSED, Tone.REFUSAL, Shape.TOAST),
    "layui tips": Case(LAYUI, f"layer.tips('{REFUSED}', '#field')", REFUSED, Tone.REFUSAL, Shape.TOAST),
    "layui 2.6 alert": Case(
        LAYUI_OLD, f"layer.alert('{REFUSED}')", REFUSED, Tone.REFUSAL, Shape.DIALOG, "信息", ("×", "确定")
    ),
    "layui 2.6 message": Case(LAYUI_OLD, f"layer.msg('{REFUSED}')", REFUSED, Tone.REFUSAL, Shape.TOAST),
    "easyui alert": Case(
        EASYUI,
        f"$.messager.alert('操作提示', '{REFUSED}', 'error')",
        REFUSED,
        Tone.REFUSAL,
        Shape.DIALOG,
        "操作提示",
        ("×", "Ok"),
    ),
    "easyui confirm": Case(
        EASYUI,
        "$.messager.confirm('操作提示', '是否提交？', () => {})",
        "是否提交？",
        Tone.QUESTION,
        Shape.DIALOG,
        "操作提示",
        ("×", "Ok", "Cancel"),
    ),
    "easyui show": Case(
        EASYUI,
        "$.messager.show({ title: '消息', msg: '系统繁忙，请稍后再试' })",
        "系统繁忙，请稍后再试",
        Tone.TRANSIENT,
        Shape.TOAST,
        "消息",
        ("×",),
    ),
    "element-ui alert": Case(
        ELEMENT,
        f"ELEMENT.MessageBox.alert('{REFUSED}', '提示')",
        REFUSED,
        Tone.REFUSAL,
        Shape.DIALOG,
        "提示",
        ("×", "确定"),
    ),
    "element-ui confirm": Case(
        ELEMENT,
        "ELEMENT.MessageBox.confirm('提交后不能修改，是否继续？', '提示')",
        "提交后不能修改，是否继续？",
        Tone.QUESTION,
        Shape.DIALOG,
        "提示",
        ("×", "取消", "确定"),
    ),
    "element-ui message": Case(
        ELEMENT, "ELEMENT.Message.error('验证码错误')", "验证码错误", Tone.CAPTCHA, Shape.TOAST
    ),
    "element-ui notification": Case(
        ELEMENT,
        "ELEMENT.Notification({ title: '提示', message: '会话已过期，请重新登录' })",
        "会话已过期，请重新登录",
        Tone.EXPIRED,
        Shape.TOAST,
        "提示",
        ("×",),
    ),
    "element-plus alert": Case(
        ELEMENT_PLUS,
        f"ElementPlus.ElMessageBox.alert('{REFUSED}', '提示')",
        REFUSED,
        Tone.REFUSAL,
        Shape.DIALOG,
        "提示",
        ("×", "OK"),
    ),
    "element-plus message": Case(
        ELEMENT_PLUS, "ElementPlus.ElMessage.success('保存成功')", "保存成功", Tone.SUCCESS, Shape.TOAST
    ),
    "element-plus notification": Case(
        ELEMENT_PLUS,
        "ElementPlus.ElNotification({ title: '提示', message: '网络异常' })",
        "网络异常",
        Tone.TRANSIENT,
        Shape.TOAST,
        "提示",
        ("×",),
    ),
    "bootstrap modal": Case(
        BOOTSTRAP + BOOTSTRAP_BOX,
        "$('#box').modal('show')",
        REFUSED,
        Tone.REFUSAL,
        Shape.DIALOG,
        "温馨提示",
        ("×", "关闭"),
    ),
    "ui-bootstrap message": Case(
        ANGULAR + ANGULAR_BOX,
        "box('消息提示', '申报提交失败！undefined', '', '确定')",
        "申报提交失败！undefined",
        Tone.TRANSIENT,
        Shape.DIALOG,
        "消息提示",
        ("确定",),
    ),
    "ui-bootstrap question": Case(
        ANGULAR + ANGULAR_BOX,
        "box('消息提示', '提交前请确定已上传电子材料，否则将不再允许修改！确认提交？', '否', '是')",
        "提交前请确定已上传电子材料，否则将不再允许修改！确认提交？",
        Tone.QUESTION,
        Shape.DIALOG,
        "消息提示",
        ("否", "是"),
    ),
    "ant-design modal": Case(
        ANT,
        f"antd.Modal.error({{ title: '提示', content: '{REFUSED}', okText: '知道了' }})",
        REFUSED,
        Tone.REFUSAL,
        Shape.DIALOG,
        "提示",
        ("知道了",),
    ),
    "ant-design question": Case(
        ANT,
        "antd.Modal.confirm({ title: '确定要提交吗？', okText: '确定', cancelText: '取消' })",
        "确定要提交吗？",
        Tone.QUESTION,
        Shape.DIALOG,
        "",
        ("取消", "确定"),
    ),
    "ant-design message": Case(ANT, f"antd.message.error('{REFUSED}')", REFUSED, Tone.REFUSAL, Shape.TOAST),
    "ant-design notification": Case(
        ANT,
        f"antd.notification.error({{ message: '提交失败', description: '{REFUSED}' }})",
        REFUSED,
        Tone.REFUSAL,
        Shape.TOAST,
        "提交失败",
        ("×",),
    ),
    "dialog element": Case(
        f"<dialog id=box><h2>提示</h2><p>{REFUSED}</p><form method=dialog><button>关闭</button></form></dialog>",
        "box.showModal()",
        REFUSED,
        Tone.REFUSAL,
        Shape.DIALOG,
        "提示",
        ("关闭",),
    ),
    "box without any name": Case(
        "",
        f"""document.body.insertAdjacentHTML('beforeend', "<div style='position:fixed;inset:0;background:#0004;z-index:9'></div>"
         + "<div style='position:fixed;z-index:10;top:200px;left:400px;background:#fff'><h4>信息</h4><div>{REFUSED}</div><a href='javascript:void 0'>确定</a></div>")""",
        REFUSED,
        Tone.REFUSAL,
        Shape.DIALOG,
        "信息",
        ("确定",),
    ),
    "error below a field": Case(
        "",
        f"err.className = 'el-form-item__error'; err.textContent = '{REFUSED}'",
        REFUSED,
        Tone.REFUSAL,
        Shape.INLINE,
    ),
    "red text": Case(
        "", f"err.style.color = 'red'; err.textContent = '{REFUSED}'", REFUSED, Tone.REFUSAL, Shape.INLINE
    ),
    "alert in the page": Case(
        BOOTSTRAP,
        f"err.className = 'alert alert-danger'; err.textContent = '{REFUSED}'",
        REFUSED,
        Tone.REFUSAL,
        Shape.BANNER,
    ),
}

PAGE = """<!doctype html><meta charset=utf-8><body>{}<h2>稳岗返还申请</h2><label>银行账号 <input id=field></label><div id=err></div>
<button onclick="says()">保存</button><script>function says() {{ {} }}</script>"""


@asynccontextmanager
async def showing(running: RunningBrowser, page: str, says: str) -> AsyncIterator[Session]:
    """A page of a portal that uses a library, and says something once its button is clicked."""

    async def serve(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path == "/":
            await route.fulfill(body=PAGE.format(page, says), content_type="text/html")
        else:
            await route.fulfill(path=library(path.lstrip("/")))

    async with Session.open(running, portal_at(ORIGIN)) as session:
        await session.page.route(f"{ORIGIN}/**", serve)
        await session.go(f"{ORIGIN}/")
        await session.page.wait_for_load_state("load")
        yield session


async def said_in(session: Session) -> Utterance:
    """The first thing that the page says."""
    async with asyncio.timeout(20):
        while not session.said:
            await session.front.ear.news(session.front.ear.version)
    return session.said[0]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_what_is_said(running: RunningBrowser, case: Case) -> None:
    async with showing(running, case.page, case.says) as session:
        await session.click("保存")
        said = await said_in(session)
        found = (said.words, said.title, said.tone, said.shape, said.buttons)
        assert found == (case.words, case.title, case.tone, case.shape, case.buttons)
        assert said.telling
