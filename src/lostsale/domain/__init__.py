"""What lostsale knows about lost sales: pure functions and records, without any file or screen."""
