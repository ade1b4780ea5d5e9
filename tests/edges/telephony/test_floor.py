"""What stands in Asterisk beside the callers, as it is listed."""

from unittest.mock import create_autospec
from uuid import UUID

from hotline.edges.adapters.telephony.ari.client import Ari, Channel
from hotline.edges.adapters.telephony.floor import Floor, leg_channel

LEG = leg_channel(UUID(int=1))


async def test_the_far_end_of_a_line_inside_asterisk_is_nobody_to_hang_up() -> None:
    floor = Floor(create_autospec(Ari, instance=True))
    ours = Channel(id=LEG, caller="1022", arguments=("leg",), ours=True)
    far_end = Channel(id=f"{LEG};2", caller="1022", arguments=(), ours=False)
    floor.see([ours, far_end], [], asked=1.0)
    assert set(floor.others) == {LEG}
    floor.gone(far_end.id, 16)
    assert set(floor.others) == {LEG}
