"""The rules of group SMS: numbers, templates, segments, states, codes, prices and hours. Pure."""
