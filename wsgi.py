"""What gunicorn and the flask command load."""

import signal

# Ctrl-C is heard when the modules are loaded: in the middle of an import it would be told as a trace.
heard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
try:
    from webapp import create_app
finally:
    signal.pthread_sigmask(signal.SIG_SETMASK, heard)

app = create_app()
