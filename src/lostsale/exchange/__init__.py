"""Files that come from other programs and go to them, lostsale's own exports among them: from text
to records and back. Nothing here knows the journal, asks or prints."""
