"""The mock of 河南省社会保障网上服务平台, in the editions 2023 and 2024."""

from collections.abc import Sequence

from mock_portal.henan import entry, home, pending, progress, refund
from mock_portal.henan.editions import EDITIONS
from mock_portal.henan.visit import Henan
from mock_portal.provinces import Province
from mock_portal.world import World


def _sites(world: World, edition: str, _addresses: Sequence[str]) -> Sequence[Henan]:
    routes = [*entry.ROUTES, *home.ROUTES, *refund.ROUTES, *pending.ROUTES, *progress.ROUTES]
    return [Henan(world, edition, routes)]


PROVINCE = Province(
    name="河南",
    order=1,
    editions=tuple(EDITIONS),
    origins=("",),
    sites=_sites,
    unit_numbers="41",
    serials="4107",
    stages=("待办理", "审核中", "已通过"),
    returned="审核退回",
)
