"""Places that are asked about leaks and pictures: a card and two small functions each."""
