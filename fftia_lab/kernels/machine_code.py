"""What a compiled kernel takes of a device, read from its machine code by NVIDIA's `cuobjdump`."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

# "        /*0a30*/              @!P0 LDL.LU.64 R2, [R1+0x8] ;     /* 0x... */"
INSTRUCTION = re.compile(
    r"^\s*/\*[0-9a-f]{4,}\*/\s+(?:@!?U?P\w+\s+)?(?P<name>[A-Z][A-Z0-9_]*)(?P<modifiers>[.\w]*)",
    re.MULTILINE,
)
USAGE = re.compile(r"\bREG:(\d+)\b")
WIDTHS = {"U8": 1, "S8": 1, "U16": 2, "S16": 2, "64": 8, "128": 16}


class Instruction(NamedTuple):
    """One instruction: its name, `LDL`, and what modifies it, `("LU", "64")`."""

    name: str
    modifiers: tuple[str, ...]

    @property
    def width(self) -> int:
        """Bytes that a thread moves with it, if it moves any."""
        return next((WIDTHS[one] for one in self.modifiers if one in WIDTHS), 4)

    @property
    def on_tensor_cores(self) -> bool:
        """Whether it multiplies matrices: HMMA, IMMA, HGMMA (Hopper), UTCHMMA (Blackwell)."""
        return self.name.endswith("MMA")


def instructions(listing: str) -> Iterator[Instruction]:
    """Yield the instructions of a listing by `cuobjdump -sass`, without the padding at its end.

    >>> listing = "/*0a30*/  @!P0 LDL.LU.64 R2, [R1+0x8] ;\\n/*0a40*/  NOP ;"
    >>> [(one.name, one.width) for one in instructions(listing)]
    [('LDL', 8)]
    """
    for match in INSTRUCTION.finditer(listing):
        if match["name"] != "NOP":
            yield Instruction(match["name"], tuple(match["modifiers"].split(".")[1:]))


def spilled(code: list[Instruction], name: str) -> int:
    """Return the bytes of all instructions of this name: STL puts registers away, LDL gets them.

    A thread's local memory holds nothing else: kernels here have no arrays of their own.
    """
    return sum(one.width for one in code if one.name == name)


def read(cubin: bytes, tools: Path) -> tuple[int, list[Instruction]]:
    """Return the registers of a thread, and the instructions, of a file with one kernel.

    Args:
        cubin: what the compiler made.
        tools: the folder of `cuobjdump`, which Triton brings along.

    Raises:
        RuntimeError: if the tool does not say what is asked.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder) / "kernel.cubin"
        file.write_bytes(cubin)
        usage = _ask(tools, "-res-usage", file)
        code = list(instructions(_ask(tools, "-sass", file)))
    registers = USAGE.findall(usage)
    if len(registers) != 1 or not code:
        raise RuntimeError(
            f"cuobjdump must tell of one kernel; it told of {len(registers)}, "
            f"with {len(code)} instructions: {usage[:400]}"
        )
    return int(registers[0]), code


def _ask(tools: Path, option: str, file: Path) -> str:
    done = subprocess.run(
        [tools / "cuobjdump", option, file], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"cuobjdump {option} failed: {done.stderr.strip()[:400]}")
    return done.stdout
