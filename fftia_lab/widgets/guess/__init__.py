"""A question that takes a guess before it is answered: a number, or one of a few words."""

from .ask import Guess as Guess
from .ask import choose as choose
from .ask import guess as guess
from .stroke import Stroke as Stroke
from .stroke import draw as draw
