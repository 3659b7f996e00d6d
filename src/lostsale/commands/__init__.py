"""The commands, one module for each intention: each parses, calls and shows. Beside them what
several share: options, completing, refs, fields, choosing, questions, interview, drafts, files and
reading."""
