"""Numbers read off traces and curves: arrays in, plain values out."""
