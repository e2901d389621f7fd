"""What every other package stands on: arrays, text, dates, coordinates, progress and work in batches; nothing of cameras."""
