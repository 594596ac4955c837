"""Chapter 12's kernels run on a GPU unchanged: they compile for GPUs that are not here.

What they compute is asserted in the chapter itself, and by the checkers of its exercises.
"""

import ast
import subprocess
import sys

import pytest
import triton
import triton.language as tl
from book.chapters import cells, source
from book.test_solutions import SOLUTION
from paths import NOTEBOOKS

from fftia_lab.kernels.workers import clean_environment

(CHAPTER,) = (path for path in NOTEBOOKS if path.stem.startswith("12"))
TARGETS = 75, 90  # Colab's T4, and where products take another road
KINDS = {"present": "*i64", "holds": "*i8", "x": "*fp32", "y": "*fp32", "gates": "*fp32"}
KINDS |= {"M_T": "*fp32", "D": "constexpr", "BLOCK": "constexpr"}

COMPILE = """
import sys
import chapter_kernels as chapter
import triton
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

for name, kernel in sorted(vars(chapter).items()):
    if isinstance(kernel, triton.JITFunction):
        signature = {one: KINDS.get(one, "i32") for one in kernel.arg_names}
        constants = {one: 16 for one in kernel.arg_names if KINDS.get(one) == "constexpr"}
        made = ASTSource(fn=kernel, signature=signature, constexprs=constants)
        for target in TARGETS:
            assert triton.compile(made, target=GPUTarget("cuda", target, 32)).asm["cubin"]
        print(name)
"""


def kernels():
    """The text of every kernel of the chapter, in order; solutions have names of their own."""
    for cell in cells(CHAPTER):
        solution = SOLUTION.fullmatch(source(cell))
        text = solution[1] if solution else source(cell)
        if cell["cell_type"] == "code" or solution:
            for node in ast.parse(text).body if "@triton.jit" in text else []:
                if isinstance(node, ast.FunctionDef) and node.decorator_list:
                    node.name += "_solved" * bool(solution)
                    yield node.name, ast.unparse(node)


def test_every_kernel_compiles_for_a_gpu(tmp_path):
    named = dict(kernels())
    assert len(named) == 12, "six of the text, three stubs, three solutions"
    head = ["import triton", "import triton.language as tl"]
    (tmp_path / "chapter_kernels.py").write_text("\n\n".join([*head, *named.values()]))
    (tmp_path / "compile.py").write_text(f"{TARGETS=}; {KINDS=}\n{COMPILE}")
    environment = clean_environment() | {"TRITON_CACHE_DIR": str(tmp_path / "cache")}
    environment["PYTHONPATH"] += f":{tmp_path}"
    command = [sys.executable, str(tmp_path / "compile.py")]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    assert run.stdout.split() == sorted(named)


# ---- what the chapter says of the interpreter --------------------------------------------------


@triton.jit
def product(x, y, D: tl.constexpr):
    place = tl.arange(0, D)[:, None] * D + tl.arange(0, D)
    tl.store(y + place, tl.dot(tl.load(x + place), tl.load(x + place)))


def test_products_of_bfloat16_are_wrong_in_the_interpreter(device):
    import torch

    if device != "cpu":
        pytest.skip("nothing is interpreted here")
    ones = torch.ones(16, 16, dtype=torch.bfloat16)
    found = torch.zeros(16, 16)
    product[(1,)](ones, found, D=16)
    assert (found - 16).abs().max() > 1e6
