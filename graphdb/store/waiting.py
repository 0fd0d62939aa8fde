"""Wait for an engine so that a person can interrupt: Ctrl-C is heard while a query runs."""

from collections.abc import Callable
from threading import Thread, current_thread, main_thread
from typing import Final, TypeVar

_Answer = TypeVar("_Answer")
# A signal is heard between two waits at the latest, also where a wait cannot be interrupted.
_WAIT_SECONDS: Final = 0.1


def awaited(work: Callable[[], _Answer]) -> _Answer:
    """Do work that holds no lock of the interpreter in a thread of its own, and give its answer.

    An interruption leaves the work to its own time limit; the thread does not keep the program.

    >>> awaited(lambda: 6 * 7)
    42
    """
    if current_thread() is not main_thread():
        return work()
    answers: list[_Answer] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(work())
        except BaseException as error:
            failures.append(error)

    thread = Thread(target=run, daemon=True, name="query")
    thread.start()
    while thread.is_alive():
        thread.join(_WAIT_SECONDS)
    if failures:
        raise failures[0]
    return answers[0]
