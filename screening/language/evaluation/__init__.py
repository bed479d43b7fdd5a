"""The labelled sets run through the layer: figures by set, language and class."""
