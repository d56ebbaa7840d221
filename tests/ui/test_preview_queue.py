"""Newest wins, and a moved slider never queues."""

from hypothesis import given
from hypothesis import strategies as st

from reage_ui.preview_queue import PreviewQueue

# True: the artist asks for something new; False: the worker answers, if it was asked.
STORIES = st.lists(st.booleans(), max_size=60)


def told(story):
    """What was asked and what was sent, in order, and how many were open at a time."""
    queue, asked, sent, answered, most = PreviewQueue(), [], [], 0, 0
    for asks in story:
        if asks:
            asked.append(len(asked))
            now = queue.ask(asked[-1])
        elif len(sent) > answered:
            answered += 1
            now = queue.answered()
        else:
            now = None
        if now is not None:
            sent.append(now)
        most = max(most, len(sent) - answered)
    return queue, asked, sent, answered, most


@given(STORIES)
def test_never_more_than_one_is_at_work(story):
    queue, _, sent, answered, most = told(story)
    assert most <= 1
    assert (queue.at_work is not None) == (len(sent) > answered)


@given(STORIES)
def test_what_was_asked_last_is_sent_after_one_answer_at_most(story):
    queue, asked, sent, answered, _ = told(story)
    if len(sent) > answered:
        following = queue.answered()
        sent = sent if following is None else [*sent, following]
    assert asked[-1:] == sent[-1:]


@given(STORIES)
def test_what_is_sent_was_asked_in_that_order_and_once(story):
    _, asked, sent, _, _ = told(story)
    assert sent == sorted(set(sent))
    assert set(sent) <= set(asked)


@given(STORIES)
def test_nothing_is_dropped_but_for_something_newer(story):
    queue, asked, sent, _, _ = told(story)
    for dropped in set(asked) - set(sent) - {queue.waiting}:
        assert max(asked) > dropped


@given(STORIES)
def test_what_was_forgotten_is_never_sent(story):
    queue, _, sent, answered, _ = told(story)
    queue.forget()
    assert queue.waiting is None
    if len(sent) > answered:
        assert queue.answered() is None


@given(st.integers(1, 500))
def test_a_slider_that_moves_without_end_leaves_two_requests(moves):
    queue = PreviewQueue()
    sent = [r for r in map(queue.ask, range(moves)) if r is not None]
    while (following := queue.answered()) is not None:
        sent.append(following)
    assert sent == sorted({0, moves - 1})
