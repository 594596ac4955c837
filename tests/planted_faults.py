"""Configurations that must not be shipped, each for a reason of its own."""

from planted_kernels import MATRIX, add_up, halve, multiply, reassign

from fftia_lab.kernels.configuration import Configuration

SPILLS = Configuration(
    "too many numbers for a warp's registers",
    multiply,
    MATRIX,
    {"ROWS": 128, "WIDTH": 64, "TIMES": 1},
    warps=1,
    targets=(80,),
)
GREEDY = Configuration(
    "too much shared memory for sm_86",
    multiply,
    MATRIX,
    {"ROWS": 64, "WIDTH": 512, "TIMES": 1},
    warps=8,
    targets=(80, 86),
)
UNCOMPILABLE = Configuration(
    "a constant with two values",
    reassign,
    {"x": "*i32"},
    {"TIMES": 2},
    targets=(80,),
    tensor_cores=False,
)
WITHOUT_TENSOR_CORES = Configuration(
    "says that it uses tensor cores",
    halve,
    {"x": "*fp32", "y": "*fp32", "n": "i32"},
    {"TILE": 128},
    targets=(80,),
)
ROUNDING = Configuration(
    "is to be exact, and rounds factors to tf32",
    multiply,
    {"x": "*fp32", "y": "*fp32"},
    {"ROWS": 64, "WIDTH": 64, "TIMES": 1},
    targets=(80,),
    tensor_cores=False,
)
LOOPING = Configuration(
    "counts the instructions of a loop once",
    add_up,
    {"x": "*fp32", "y": "*fp32"},
    {"TIMES": 1000, "TILE": 128},
    targets=(80,),
    token_stages=128,
    tensor_cores=False,
)


def shipped():
    """Return what must not be shipped."""
    return [SPILLS, GREEDY, UNCOMPILABLE, WITHOUT_TENSOR_CORES, ROUNDING, LOOPING]
