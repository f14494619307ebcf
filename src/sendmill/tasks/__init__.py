"""From a spreadsheet to messages, the life of a task, and its results."""
