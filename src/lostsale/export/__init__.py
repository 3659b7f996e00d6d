"""Files that lostsale writes for other programs."""
