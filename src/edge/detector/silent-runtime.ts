/**
 * The ONNX Runtime keeps a number of the machine and sends what it does to its maker unless this variable says otherwise
 * (measured with 1.30 on Linux: ~/.cache/Microsoft is made as the first session is). Whatever loads it imports this before,
 * and so does what is there of it in the main thread: only there is the environment the real one.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
