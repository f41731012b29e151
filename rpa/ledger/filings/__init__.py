"""What is true about every filing, and the intents that "at most once" rests on."""
