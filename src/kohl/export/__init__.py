"""A learned look in other people's runtimes: smaller ONNX, TFLite, Core ML, the browser. The same numbers, or no file."""
