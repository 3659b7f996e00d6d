"""Writing files for other programs, and reading back the JSON export."""
