"""What several commands share: options, output, signals, and working on a batch from the terminal."""
