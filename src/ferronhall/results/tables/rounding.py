"""Numbers for a reader: no more digits than their errors support.

An error has two significant digits, a value the decimals of its error but never more than MOST
digits; without an error a number has four significant digits.
"""

from functools import partial

import numpy as np

MOST = 6
"""Significant digits of a value whose error is very small; the CSV files have all."""

FIXED = (1e-4, 1e7)
"""Sizes that are written without a power of ten."""


def plain(value, digits=4):
    """A number to so many significant digits, without trailing zeros."""
    text = _digits(value, digits)
    if "." not in text:
        return text
    mantissa, *exponent = text.split("e")
    return "e".join([mantissa.rstrip("0").rstrip("."), *exponent])


in_errors = partial(plain, digits=2)
"""A number of standard errors, or a factor that is known to a few per cent."""


def error(value):
    """A standard error to two significant digits."""
    return _digits(value, 2)


def supported(value, stderr):
    """A value to the decimals that its standard error has with two significant digits."""
    if not stderr > 0:
        return plain(value)
    decimals = 1 - _exponent(stderr, 2)
    if value != 0:
        decimals = min(decimals, MOST - 1 - _exponent(value, MOST))
    if value == 0 or decimals <= 0 or max(abs(value), stderr) >= FIXED[0]:
        return _fixed(value, decimals)
    return f"{value:.{max(decimals + _exponent(value, 2), 0)}e}"


def deviation(value):
    """A deviation in per cent, with its sign, to two significant digits and no finer than 0.01."""
    decimals = min(max(1 - _exponent(value, 2), 0), 2)
    shown = round(float(_digits(value, 2)), decimals)
    return f"{shown:+.{decimals}f}" if shown else "0"


def fixed(decimals):
    """A function that shows a number with so many decimals."""
    return partial(_fixed, decimals=decimals)


def _exponent(value, digits):
    """Power of ten of the leading digit, once the number is rounded to so many digits."""
    return int(f"{abs(value):.{digits - 1}e}".split("e")[1])


def _digits(value, digits):
    if value == 0:
        return "0"
    if not FIXED[0] <= abs(value) < FIXED[1]:
        return f"{value:.{digits - 1}e}"
    return _fixed(value, digits - 1 - _exponent(value, digits))


def _fixed(value, decimals):
    # adding zero takes the sign from a zero that rounding has made
    return f"{np.round(value, decimals) + 0.0:.{max(decimals, 0)}f}"
