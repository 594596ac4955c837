"""Who meets whom, stage by stage: the wiring that every transform, layer, kernel and figure reads.

A schedule knows token positions and nothing else: no weights, no framework.
Its story is told in notebooks/03-the-butterfly.ipynb.
"""

from .base import PADDING as PADDING
from .base import Booleans as Booleans
from .base import Integers as Integers
from .base import Schedule as Schedule
from .digits import bit_reversal as bit_reversal
from .stored import SCHEDULES as SCHEDULES
from .stored import schedule_from_json as schedule_from_json
from .wirings import BenesSchedule as BenesSchedule
from .wirings import ButterflySchedule as ButterflySchedule
from .wirings import PrefixSchedule as PrefixSchedule
from .wirings import ShiftSchedule as ShiftSchedule
