"""One checker an exercise: it says what is right, or which typical mistake it recognises."""

from ._verdict import Verdict as Verdict
from .attention import check_attention as check_attention
from .attention import check_mean_stages as check_mean_stages
from .attention import check_past_mean as check_past_mean
from .butterfly import check_fft as check_fft
from .butterfly import check_inverse as check_inverse
from .dft import check_dft as check_dft
from .dft import check_period as check_period
from .dft import check_window as check_window
from .fairness import check_fair as check_fair
from .layer import check_gates_for as check_gates_for
from .layer import check_matrix as check_matrix
from .layer import check_routable as check_routable
from .machines import check_four_step as check_four_step
from .machines import check_real_fft as check_real_fft
from .pairs import check_gate as check_gate
from .pairs import check_masked_stage as check_masked_stage
from .pairs import check_pair_stage as check_pair_stage
from .reach import check_meeting as check_meeting
from .reach import check_reach as check_reach
from .reach import check_relays as check_relays
from .reach import check_wiring as check_wiring
from .recursion import check_count as check_count
from .recursion import check_thirds as check_thirds
