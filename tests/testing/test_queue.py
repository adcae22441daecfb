from smtui.chart.values import Settle, Settlement
from smtui.testing import FakeQueue


def queue_of(*ids: str) -> FakeQueue:
    queue = FakeQueue()
    for id_ in ids:
        queue.add(id_, "t", {"n": id_})
    return queue


def claim(queue: FakeQueue) -> object:
    return queue.do("check_database_queue", "m", {"job_type": "t"}, 0.0)


def test_jobs_are_given_in_order_and_each_once() -> None:
    queue = queue_of("a", "b")

    given = [claim(queue) for _ in range(3)]
    assert [
        {"job": {"id": "a", "job_type": "t", "data": {"n": "a"}}},
        {"job": {"id": "b", "job_type": "t", "data": {"n": "b"}}},
        {"job": None},
    ] == given


def test_a_failed_job_comes_again_later_and_at_last_no_more() -> None:
    queue, now = queue_of("a"), 0.0
    dues = []
    for _ in range(3):
        claim(queue)
        queue.settle(Settle("a", Settlement.FAILED), now)
        dues.append(queue.next_due())
        now = dues[-1] or now
        queue.promote(now)

    assert [2.0, 6.0, None] == dues
    assert "discarded" == queue.jobs["a"].status


def test_a_job_given_back_was_not_tried() -> None:
    queue = queue_of("a")
    claim(queue)
    queue.settle(Settle("a", Settlement.RELEASED), 0.0)

    assert ("available", 0) == (queue.jobs["a"].status, queue.jobs["a"].attempts)
    assert 2 == queue.counters["jobs/t"]


def test_waiting_tells_what_has_ended_and_what_nobody_knows() -> None:
    queue = queue_of("a", "b")
    queue.do("complete_job", "m", {"job_id": "a"}, 0.0)
    found = queue.do("wait_for_jobs", "m", {"ids": ["a", "b", "c"]}, 0.0)

    assert {"completed": ["a"], "failed": ["c"], "pending": ["b"]} == found


def test_a_copy_goes_its_own_way() -> None:
    queue = queue_of("a")
    other = queue.copy()
    claim(other)

    assert ("available", "running") == (queue.jobs["a"].status, other.jobs["a"].status)
