"""The table of suites: what each measures, where, and whether it can be measured here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from .place import Place

PROCESSOR, GPU = "cpu", "cuda"
DEVICES = PROCESSOR, GPU
FIXED = "fixed"  # the condition of all series


@dataclass(frozen=True)
class Suite:
    """One suite.

    Args:
        module: of this package, with `cases`, `SEED`, `LIBRARIES`, and `memory`, `CONDITIONS` or
            `FIXED`, what all its shapes leave out, if it has any; `cases` takes the device too
            where there is a choice.
        measures: what, in a line.
        devices: where it can be measured, the usual one first.
        needs: what must be installed besides NumPy.
        rehearsed: whether Triton's interpreter can stand in for a GPU in a quick run.
    """

    module: str
    measures: str
    devices: tuple[str, ...] = (PROCESSOR,)
    needs: tuple[str, ...] = ("torch",)
    rehearsed: bool = False


SUITES: dict[str, Suite] = {
    "fft": Suite("fft", "every transform of the table against NumPy's", needs=()),
    "crossing": Suite("crossing", "the recursion against the definition, by size", needs=()),
    "attention": Suite(
        "attention",
        "butterfly attention by wiring, projection and backend, against dense attention and peers",
        DEVICES,
    ),
    "wirings": Suite("wirings", "wirings at lengths that are no powers of two; every radix"),
    "mixing": Suite("mixing", "spectral mixing against dense attention; convolutions; memory"),
    "rates": Suite("rates", "how fast a thread multiplies and copies, for every floor"),
    "compression": Suite("compression", "products with a matrix of which a spectrum is kept"),
    "memory": Suite("peaks", "peaks of memory of attention layers, a fresh process each"),
    "published": Suite("published", "what the published tables claim, on equal terms"),
    "kernels": Suite(
        "kernels",
        "fused kernels of attention, mixing and transforms, and their floors",
        (GPU,),
        ("torch", "triton"),
        rehearsed=True,
    ),
}

# Names that suites had when runs on file were made; their commands stay as they were.
EARLIER = {"sparse": "compression"}


def why_not(name: str, device: str | None = None, quick: bool = True) -> str:
    """Return why a suite cannot be measured here; nothing if it can.

    Args:
        name: of the suite.
        device: where it shall be measured; None for where it usually is.
        quick: whether a quick run is asked for, which kernels may rehearse interpreted.

    Raises:
        ValueError: if there is no such suite.

    >>> why_not("fft"), why_not("fft", "cuda")
    ('', 'it is measured on cpu alone: leave out --device cuda')
    """
    suite = _suite(name)
    if missing := [one for one in suite.needs if find_spec(one) is None]:
        what = "triton" if "triton" in missing else "torch"
        are = "is" if len(missing) == 1 else "are"
        return f"{' and '.join(missing)} {are} missing: pip install 'fftia-lab[{what}]'"
    if device is not None and device not in suite.devices:
        return f"it is measured on {suite.devices[0]} alone: leave out --device {device}"
    if (device or suite.devices[0]) == GPU:
        try:
            _gpu(suite, quick)
        except RuntimeError as error:
            return str(error)
    return ""


def best_device(name: str) -> str:
    """Return where a quick run of a suite says most here: the GPU if there is one, else as usual.

    Raises:
        ValueError: if there is no such suite.

    >>> best_device("fft")
    'cpu'
    """
    devices = _suite(name).devices
    return GPU if GPU in devices and not why_not(name, GPU) else devices[0]


def what_it_needs(name: str, quick: bool, device: str | None = None) -> dict[str, Any]:
    """Return how `suite.run` measures a suite: cases, memory, place, settings and the rest.

    Raises:
        ValueError: if there is no such suite, or it cannot be measured there.
    """
    if why := why_not(name, device, quick):
        raise ValueError(f"{name} cannot be measured here: {why}")
    suite = _suite(name)
    module = import_module(f"{__package__}.{suite.module}")
    where = device or suite.devices[0]
    choice = {"device": where} if len(suite.devices) > 1 else {}
    options = {"seed": module.SEED, "libraries": module.LIBRARIES, "quick": quick}
    options["cases"] = module.cases(quick, **choice)
    if hasattr(module, "memory"):
        options["memory"] = module.memory(quick)
    said = {FIXED: fixed(name), **getattr(module, "CONDITIONS", {})}
    if conditions := {series: words for series, words in said.items() if words}:
        options["conditions"] = conditions
    if where == GPU:
        place, options["settings"] = _gpu(suite, quick)
        usual = where == suite.devices[0]
        options["place"] = place if usual else replace(place, option=f" --device {where}")
    return options


def fixed(name: str) -> str:
    """Return what a suite keeps fixed, channels, heads and sequences; nothing if it says nothing.

    >>> fixed("attention")[:24]
    '256 channels in 4 heads,'
    """
    return getattr(import_module(f"{__package__}.{_suite(name).module}"), "FIXED", "")


def listing() -> Iterable[str]:
    """Yield a line for each suite: what it measures, and why it cannot be measured here."""
    for name, suite in SUITES.items():
        where = " or ".join(suite.devices)
        yield f"{name:12} {suite.measures} ({where})"
        for device in suite.devices:
            if why := why_not(name, device):
                yield f"{'':12} not here on {device}: {why}"


def _suite(name: str) -> Suite:
    if name not in SUITES:
        now = f"; {name} is now called {EARLIER[name]}" if name in EARLIER else ""
        raise ValueError(f"there is no suite {name!r}; there are {', '.join(SUITES)}{now}")
    return SUITES[name]


def _gpu(suite: Suite, quick: bool) -> tuple[Place, Any]:
    from . import gpu  # needs PyTorch

    if gpu.interprets() and not suite.rehearsed:
        raise RuntimeError("TRITON_INTERPRET=1 is for kernels: take it out of the environment")
    return gpu.place(quick), gpu.settings(quick)
