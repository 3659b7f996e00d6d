"""Keeping the journals of one person the same on several machines, through a folder or a server
that sees nothing of what they hold."""
