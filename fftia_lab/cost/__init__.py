"""What the mechanisms cost: operations, numbers moved, and the time that no machine can beat.

Everything is counted for one forward pass in the cheapest exact form that the library has. A
multiplication, an addition, an exponential and a division each count as one operation, and so does
a function that has no simpler name, such as erf.
"""

from .attention import SIGMOID as SIGMOID
from .attention import SOFTMAX as SOFTMAX
from .attention import butterfly_attention as butterfly_attention
from .attention import dense_attention as dense_attention
from .convolution import causal_convolution as causal_convolution
from .counts import Cost as Cost
from .counts import linear as linear
from .layers import butterfly_layer as butterfly_layer
from .layers import dense_layer as dense_layer
from .layers import mlp as mlp
from .layers import spectral_layer as spectral_layer
from .roofline import Bound as Bound
from .roofline import Roof as Roof
from .roofline import bound as bound
from .roofline import crossover as crossover
from .transforms import fft as fft
from .transforms import fourier_mixing as fourier_mixing
from .transforms import irfft as irfft
from .transforms import rfft as rfft
from .transforms import spectral_mixing as spectral_mixing
from .travel import Fetch as Fetch
from .travel import Trips as Trips
from .travel import trips as trips
