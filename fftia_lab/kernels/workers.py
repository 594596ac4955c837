"""Many compilations, in processes that an endless one cannot hold up.

Each process is new, so what this one was told about Triton (its interpreter, its cache) does not
reach it; what they compile is kept in a folder that goes when they do.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import asdict, dataclass
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from threading import Timer
from time import monotonic

from .compilation import Resources, compile_for
from .configuration import Configuration, configurations


@dataclass(frozen=True, order=True)
class Case:
    """One configuration for one GPU: the module that declares it, its name, a capability."""

    module: str
    name: str
    target: int


@dataclass(frozen=True)
class Failure:
    """Why there is nothing to tell of a case."""

    why: str


def cases(module: str, shipped: Iterable[Configuration]) -> list[Case]:
    """Return one case for each configuration and target."""
    return [Case(module, one.name, target) for one in shipped for target in one.targets]


def compile_all(
    wanted: Iterable[Case], processes: int = 2, limit: float = 120.0
) -> Iterator[tuple[Case, Resources | Failure]]:
    """Yield each case and what it takes, in the order given, as soon as it is known.

    Args:
        wanted: what to compile.
        processes: how many at a time.
        limit: seconds after which a case is given up, and its process with it.
    """
    wanted, idle = list(wanted), SimpleQueue[Worker]()

    def one(case: Case) -> Resources | Failure:
        worker = idle.get()
        try:
            return worker.compile(case, limit)
        finally:
            idle.put(worker)

    with _workers(min(processes, len(wanted))) as workers:
        for worker in workers:
            idle.put(worker)
        with ThreadPoolExecutor(max(1, len(workers))) as pool:
            try:
                yield from zip(wanted, pool.map(one, wanted), strict=True)
            except BaseException:  # Ctrl-C too: no thread may wait for a compiler
                pool.shutdown(wait=False, cancel_futures=True)
                for worker in workers:
                    worker.stop()
                raise


@contextmanager
def _workers(number: int) -> Iterator[list[Worker]]:
    with TemporaryDirectory(prefix="fftia-lab-") as cache:
        workers = [Worker(cache) for _ in range(number)]
        try:
            yield workers
        finally:
            for worker in workers:
                worker.stop()


class Worker:
    """A process that compiles one case at a time; it begins with the first.

    Args:
        cache: the folder of what Triton keeps.
    """

    def __init__(self, cache: str) -> None:
        self._cache = cache
        self._process: subprocess.Popen[str] | None = None

    def compile(self, case: Case, limit: float) -> Resources | Failure:
        """Return what a case takes, or why that is not known after at most `limit` seconds."""
        process = self._process = self._process or self._start()
        late, begun = Timer(limit, self.stop), monotonic()
        late.start()
        try:
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(json.dumps(asdict(case)) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except (BrokenPipeError, ValueError):  # ended, or stopped, before it could be asked
            line = ""
        finally:
            late.cancel()
        if not line:
            self.stop()
            expired = monotonic() - begun >= limit
            return Failure(f"it was not done after {limit:g} s" if expired else "its process ended")
        answer = json.loads(line)
        return Failure(answer["why"]) if "why" in answer else Resources(**answer)

    def stop(self) -> None:
        """End the process, and what it has started; the next case begins a new one."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        with suppress(BrokenPipeError), process:  # closes what leads to it, and waits
            pass

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**clean_environment(), "TRITON_CACHE_DIR": self._cache},
            start_new_session=True,  # a group of its own, for the assembler that it calls
        )


def clean_environment() -> dict[str, str]:
    """Return this process's variables without what changes Triton, and with this one's paths."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("TRITON_") and name not in ("DISABLE_PTXAS_OPT", "PTXAS_OPTIONS")
    }
    return {**kept, "PYTHONPATH": os.pathsep.join(os.path.abspath(path) for path in sys.path)}


def _answer(case: Case) -> dict[str, object]:
    try:
        for one in configurations(case.module):
            if one.name == case.name:
                return asdict(compile_for(one, case.target))
    except Exception as error:  # whatever the compiler says, the table must tell
        return {"why": f"{type(error).__name__}: {error}"}
    return {"why": f"{case.module} ships no {case.name!r}"}


def _serve() -> None:
    answers = sys.stdout
    with redirect_stdout(sys.stderr):  # what Triton prints is no answer
        for line in sys.stdin:
            print(json.dumps(_answer(Case(**json.loads(line)))), file=answers, flush=True)


if __name__ == "__main__":
    _serve()
