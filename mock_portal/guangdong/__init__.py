"""The mock of 广东省人力资源和社会保障厅网上服务平台, and of 广东省统一身份认证平台."""

from collections.abc import Sequence

from mock_portal.guangdong import confirm, identity, login, setup, shell
from mock_portal.guangdong.visit import Guangdong, Identity
from mock_portal.provinces import Province
from mock_portal.visit import Portal
from mock_portal.world import World


def _sites(world: World, edition: str, addresses: Sequence[str]) -> Sequence[Portal]:
    portal_url, identity_url = addresses
    routes = [*login.ROUTES, *setup.ROUTES, *shell.ROUTES, *confirm.ROUTES]
    return [
        Guangdong(world, edition, routes, identity_url),
        Identity(world, edition, identity.ROUTES, portal_url),
    ]


PROVINCE = Province(
    name="广东",
    order=2,
    editions=("2024",),
    origins=("", "广东省统一身份认证平台"),
    sites=_sites,
    unit_numbers="44",
    serials="4400",
    stages=("已受理", "审核中", "已办结"),
    returned="不予通过",
)
