"""The product as it is measured: with one bare view beside it to compare with."""
