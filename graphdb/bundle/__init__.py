"""Hand a case over: exports to other tools."""
