"""The commands, a file for each, named as it is typed: each parses, calls the journal, and answers.
Shared by them: options, ask, refs, fields, drafts, and reading, for imports."""
