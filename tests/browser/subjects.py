"""Every widget under test. A module oracle_NAME.py says, with Python, what the widget must show:

WIDGET        its class
PLACE         (page of the book, name of the figure there)
BARE          traits of the instance on the test's own page, with all its handles to be seen
LARGEST       the state that costs most to draw
NUDGES        selector of each handle -> a key that changes the state
HOSTILE       queries of deep links that must be refused
random_state  rng -> a state that can be, anywhere in the space of them
check         (state, view) -> asserts that the view is what Python computes
"""

import oracle_attention_flow
import oracle_bit_reversal
import oracle_butterfly
import oracle_factor_product
import oracle_receptive_field
import oracle_six_meetings
import oracle_winding

SUBJECTS = [
    oracle_attention_flow,
    oracle_bit_reversal,
    oracle_butterfly,
    oracle_factor_product,
    oracle_receptive_field,
    oracle_six_meetings,
    oracle_winding,
]


def name_of(subject):
    return subject.WIDGET.__name__.lower()
