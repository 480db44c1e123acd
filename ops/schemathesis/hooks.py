"""Each request comes from an address of its own, so that the limits of an address do not hide everything else."""

import itertools

import schemathesis

ADDRESSES = itertools.count(1)


@schemathesis.hook
def before_call(ctx, case, kwargs):
    n = next(ADDRESSES)
    headers = dict(case.headers or {})
    headers["X-Forwarded-For"] = f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"
    case.headers = headers
