"""What stands in Asterisk beside the callers, as it is listed."""

from unittest.mock import create_autospec
from uuid import UUID

from hotline.edges.adapters.telephony.ari.client import Ari, Bridge, Channel
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


async def test_who_is_in_a_bridge_is_known_through_every_change() -> None:
    floor = Floor(create_autospec(Ari, instance=True))
    people = [Channel(id=f"in-{n}", caller="", arguments=(), ours=True) for n in range(4)]
    names = [one.id for one in people]
    await floor.join("talk-1", names[:2])
    await floor.join("talk-2", names[2:])
    await floor.join("talk-2", names[1:2])
    assert (floor.inside("talk-1"), floor.inside("talk-2")) == ({"in-0"}, set(names[1:]))
    before = floor.inside("talk-2")
    floor.gone("in-3", 16)
    await floor.part("in-2")
    await floor.part("in-2")
    assert floor.inside("talk-2") == {"in-1"}
    assert before == set(names[1:])  # what was asked for does not change under whoever asked
    assert (floor.bridge_of("in-1"), floor.bridge_of("in-2")) == ("talk-2", None)
    listed = [Bridge("talk-1", frozenset({"in-1", "in-9"})), Bridge("talk-3", frozenset({"in-0"}))]
    floor.see(people, listed, asked=2.0)
    assert [floor.inside(f"talk-{n}") for n in (1, 2, 3)] == [{"in-1"}, set(), {"in-0"}]
    assert floor.bridge_of("in-9") is None  # gone while Asterisk was asked
