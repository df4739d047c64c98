"""Uncertainty of composed clock maps (rule T6): two independent fits become one, in whole numbers."""

from __future__ import annotations

from braid.clock.clock_map import ClockFit, Segments, root_up, to_media
from braid.clock.ns import ceil_div


def compose_fits(outer_fit: ClockFit, inner_fit: ClockFit, *, inner: Segments) -> ClockFit:
    """The fit of `compose(outer, inner)`: variances add, at the centre where their sum is least.

    The outer centre is a time of the middle clock; `inner` brings it to the innermost one. Rates within 1e-3 of
    nominal count as nominal here: they would change a sigma by a thousandth.
    """
    near, far = inner_fit.rate_sigma_ppq**2, outer_fit.rate_sigma_ppq**2
    rate_square = near + far
    if not rate_square:
        centre, between = inner_fit.centre_ns, 0
    else:
        far_centre = to_media(inner, outer_fit.centre_ns)
        apart = far_centre - inner_fit.centre_ns
        centre = inner_fit.centre_ns + apart * far // rate_square
        between = ceil_div(near * far * apart**2, rate_square * 10**30)
    return ClockFit(
        offset_sigma_ns=root_up(inner_fit.offset_sigma_ns**2 + outer_fit.offset_sigma_ns**2 + between),
        rate_sigma_ppq=root_up(rate_square),
        system_sigma_ns=root_up(inner_fit.system_sigma_ns**2 + outer_fit.system_sigma_ns**2),
        centre_ns=centre,
    )
