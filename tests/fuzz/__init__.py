"""Mutated documents: nothing may crash, hang, or change a value unsaid: `python -m tests.fuzz`."""
