"""The commands, one module for each intention: each parses, calls and shows."""
