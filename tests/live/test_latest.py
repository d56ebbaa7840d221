"""The queue between two threads: bounded, in order, nothing twice."""

from __future__ import annotations

import threading
import time

from hypothesis import given
from hypothesis import strategies as st

from reage_live.latest import ROOM, Latest


@given(st.lists(st.booleans(), max_size=60), st.integers(1, 4))
def test_in_order_at_most_once_and_never_more_than_there_is_room_for(puts, room):
    queue = Latest(room)
    put, got = 0, []
    for is_put in puts:
        if is_put:
            queue.put(put)
            put += 1
        elif (item := queue.get(0)) is not None:
            got.append(item)
        assert len(queue) <= room
    assert got == sorted(set(got))
    assert put == len(got) + queue.dropped + len(queue)


def test_the_oldest_is_dropped_and_a_late_taker_gets_the_newest():
    queue = Latest()
    for number in range(ROOM + 1):
        queue.put(number)
    assert queue.get(0) == ROOM
    assert queue.dropped == ROOM


def test_a_taker_that_keeps_up_gets_everything():
    queue = Latest()
    queue.put("a")
    queue.put("b")
    assert [queue.get(0), queue.get(0), queue.get(0)] == ["a", "b", None]
    assert queue.dropped == 0


def test_what_waits_can_still_be_got_after_the_end():
    queue = Latest()
    queue.put(1)
    queue.close()
    queue.put(2)
    assert not queue.ended
    assert queue.get() == 1
    assert queue.get() is None
    assert queue.ended


def test_a_slow_taker_is_never_further_behind_than_one_item_of_its_own():
    queue: Latest[float] = Latest()

    def put() -> None:
        for _ in range(150):
            queue.put(time.monotonic())
            time.sleep(0.004)
        queue.close()

    threading.Thread(target=put, daemon=True).start()
    ages = []
    while (put_at := queue.get()) is not None:
        ages.append(time.monotonic() - put_at)
        time.sleep(0.03)
    # Unbounded, the last would be 0.5 s old. A busy machine may be late now and then.
    assert len(ages) > 5
    assert sorted(ages)[len(ages) // 2] < 0.03
