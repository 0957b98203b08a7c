"""What workflows share: the legal clock, reminders, how acts run, notices, texts for operators."""
