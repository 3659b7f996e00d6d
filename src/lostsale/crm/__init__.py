"""Reading the files of other programs."""
