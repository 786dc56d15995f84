"""What a reader sees. Nothing here computes a result: core does, and this package shows it."""
