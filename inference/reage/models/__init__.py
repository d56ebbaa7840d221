"""What a model is, how it runs tile by tile, what it says; and the default one."""

import os

# From 1.32 on, importing ONNX Runtime writes a device id into the user's cache and looks up a
# server of Microsoft's, unless this is set by then; disable_telemetry_events() comes too late.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
