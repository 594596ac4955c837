"""The matrices that butterfly attention multiplies by: `arrays` in NumPy, `tensors` in PyTorch.

The same names mean the same in both. What needs NumPy only is to be had from here.
"""

from .arrays import apply_gates as apply_gates
from .arrays import attention_matrix as attention_matrix
from .arrays import degrees_of_freedom as degrees_of_freedom
from .arrays import distance_from_blocks as distance_from_blocks
from .arrays import gate_jacobian as gate_jacobian
from .arrays import rank_one_blocks as rank_one_blocks
from .arrays import row_entropy as row_entropy
from .arrays import stage_matrices as stage_matrices
