"""How much of a file is read together: the memory is that of so much, and not of the file."""

from typing import Final

ROWS_TOGETHER: Final = 50_000
BYTES_TOGETHER: Final = 1 << 24
