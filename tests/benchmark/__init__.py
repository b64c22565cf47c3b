"""How well and how fast reports are read: `python -m tests.benchmark` (floors in floors.json)."""
