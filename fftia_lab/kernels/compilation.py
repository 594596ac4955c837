"""Kernels compiled ahead of time, for GPUs that need not be there, and what may not be shipped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .configuration import MODERN, TARGETS, Configuration
from .machine_code import read, spilled

REGISTERS = 1 << 16  # of a multiprocessor, on every target
TENSOR_COLUMNS = 512  # of Blackwell's tensor memory
LOOP = re.compile(r"\bscf\.(?:for|while)\b")  # in Triton's intermediate form


@dataclass(frozen=True)
class Resources:
    """What one configuration takes of one GPU.

    Args:
        registers: of a thread.
        spill_stores: bytes that a thread puts into memory because registers did not suffice.
        spill_loads: bytes that it gets back.
        shared: bytes of shared memory of a program.
        tensor_memory: columns of it, where the GPU has one.
        instructions: of a warp, as the text of the program holds them.
        tensor_instructions: those of them that multiply matrices on tensor cores.
        loops: that are still loops when Triton has unrolled what it unrolls.
    """

    registers: int
    spill_stores: int
    spill_loads: int
    shared: int
    tensor_memory: int
    instructions: int
    tensor_instructions: int
    loops: int


def build(configuration: Configuration, target: int) -> Any:
    """Return what Triton makes of one configuration for one GPU; no GPU is needed.

    Args:
        configuration: what is shipped.
        target: a compute capability, such as 90.

    Raises:
        RuntimeError: if kernels were loaded for the interpreter, which compiles nothing.
        Exception: whatever Triton raises where it cannot compile.
    """
    import triton
    from triton.backends.compiler import GPUTarget
    from triton.compiler import ASTSource

    if not isinstance(configuration.function, triton.JITFunction):
        raise RuntimeError(
            f"{configuration.name} was loaded for the interpreter; compile it in a process "
            "without TRITON_INTERPRET, as `fftia_lab.kernels.workers.compile_all` does"
        )
    signature = configuration.signature()
    source = ASTSource(
        fn=configuration.function,
        signature=signature,
        constexprs=dict(configuration.constants),
        attrs={
            (place,): [["tt.divisibility", 16]]  # as tensors begin where PyTorch puts them
            for place, name in enumerate(signature)
            if configuration.types.get(name, "").startswith("*")
            or configuration.types.get(name, "").endswith(":16")
        },
    )
    return triton.compile(
        source, target=GPUTarget("cuda", target, 32), options=configuration.options()
    )


def compile_for(configuration: Configuration, target: int) -> Resources:
    """Return what one configuration takes of one GPU, compiled in this process."""
    import triton

    kernel = build(configuration, target)
    tools = Path(triton.__file__).parent / "backends" / "nvidia" / "bin"
    registers, code = read(kernel.asm["cubin"], tools)
    return Resources(
        registers=registers,
        spill_stores=spilled(code, "STL"),
        spill_loads=spilled(code, "LDL"),
        shared=kernel.metadata.shared,
        tensor_memory=getattr(kernel.metadata, "tmem_size", None) or 0,
        instructions=len(code),
        tensor_instructions=sum(one.on_tensor_cores for one in code),
        loops=len(LOOP.findall(kernel.asm["ttgir"])),
    )


def problems(configuration: Configuration, target: int, found: Resources) -> list[str]:
    r"""Return what forbids to ship a configuration for a GPU, a sentence each.

    >>> from types import SimpleNamespace
    >>> copy = Configuration("copy", SimpleNamespace(arg_names=["x"]), {"x": "*fp32"})
    >>> print(*problems(copy, 86, Resources(255, 8, 16, 102400, 0, 900, 16, 0)), sep="\n")
    it spills: 8 bytes stored, 16 loaded
    it wants 102400 bytes of shared memory; there are 101376
    """
    sentences = []
    stores, loads = found.spill_stores, found.spill_loads
    if stores or loads:
        sentences.append(f"it spills: {stores} bytes stored, {loads} loaded")
    if found.shared > TARGETS[target].shared:
        sentences.append(
            f"it wants {found.shared} bytes of shared memory; there are {TARGETS[target].shared}"
        )
    if found.tensor_memory > TENSOR_COLUMNS:
        sentences.append(
            f"it wants {found.tensor_memory} columns of tensor memory; there are {TENSOR_COLUMNS}"
        )
    taken = found.registers * 32 * configuration.warps
    if taken > REGISTERS:
        sentences.append(f"its program wants {taken} registers; there are {REGISTERS}")
    if configuration.tensor_cores and target in MODERN and not found.tensor_instructions:
        sentences.append("it is to use tensor cores, and does not")
    if not configuration.tensor_cores and found.tensor_instructions:
        sentences.append("its products are to be exact, and tensor cores round their factors")
    if configuration.token_stages and found.loops:
        sentences.append(f"it gives token_stages, and still has {found.loops} loops: give 0")
    return sentences
