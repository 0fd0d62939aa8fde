"""The benchmark: ours and others' tools on the same evidence, in one run of `make bench`.

A group of measurements is one module here with a function ``cells(ground)``; its line stands in
``GROUPS`` in ``bench.__main__``.
"""
