"""Numbers as pages write them, with three digits: one rule here and in `widgets/kit/numbers.js`.

A number is rounded as the shortest decimal text that means it, and a half goes up: 12.25 is 12.3
and 0.7665 is 0.767, though the nearest binary number lies below that one. A record keeps four
digits, so that every tenth number is such a half.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

DIGITS = 3
UNITS = {"s": 0, "ms": 3, "µs": 6, "ns": 9}  # powers of ten


def rounded(value: float) -> Decimal:
    """Return a number to three digits; a half goes away from 0.

    >>> rounded(12.25), rounded(0.7665), rounded(1234.5)
    (Decimal('12.3'), Decimal('0.767'), Decimal('1.23E+3'))
    """
    text = Decimal(repr(float(value)))
    if not text or not text.is_finite():
        return text
    last = Decimal(1).scaleb(text.adjusted() - DIGITS + 1)
    return text.quantize(last, ROUND_HALF_UP)


def written(value: float | Decimal) -> str:
    """Return a number to three digits as people read it.

    >>> written(12.0), written(0.06799), written(1500.4)
    ('12', '0.068', '1,500')
    """
    found = value if isinstance(value, Decimal) else rounded(value)
    return f"{found.normalize():,f}" if found.is_finite() else str(found)


def duration(seconds: float) -> str:
    """Return a time as people read it, to three digits.

    >>> duration(0.00314159), duration(12.25), duration(4.2e-7), duration(0.0009996)
    ('3.14 ms', '12.3 s', '420 ns', '1 ms')
    """
    found = rounded(seconds)
    unit = next((unit for unit, power in UNITS.items() if found.scaleb(power) >= 1), "ns")
    return f"{written(found.scaleb(UNITS[unit]))} {unit}"
