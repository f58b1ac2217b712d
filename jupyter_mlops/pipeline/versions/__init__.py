"""Which version a step is: what its result depends on, and whether that was met before.

`code`, `modules` and `mentions` read what a notebook says; `filedigests` what files
hold; `facts` puts a step's key together; `trace` holds what its run turned out to need
beside that; `ledger` keeps both by key; `reasons` tells two of them apart in words. In
doubt a step is taken for changed: a wrong hit is the worst fault of all.
"""
