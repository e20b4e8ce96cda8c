# One image for web, worker, beat and the local Atlas; docker-compose.yml gives each its command.
# What goes in is pinned by hash: requirements*.txt and package-lock.json. Settings come from the environment only.

FROM python:3.12-slim-bookworm AS base
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PATH=/opt/portal/bin:$PATH
WORKDIR /srv/portal

# The pages' styles and scripts, made by the same code as everywhere else (Node comes as a pinned wheel).
FROM base AS assets
COPY run requirements-uv.txt requirements-node.txt package.json package-lock.json .npmrc ./
COPY tools tools
COPY static/src static/src
RUN ./run assets

# The runtime packages, wheels only: nothing is compiled and nobody's build script runs.
FROM base AS wheels
# requirements-key-vault.txt has what a connected Azure Key Vault needs as well.
ARG REQUIREMENTS=requirements.txt
COPY requirements*.txt ./
RUN python -m venv /opt/portal \
    && pip install --no-cache-dir --only-binary :all: --require-hashes -r "$REQUIREMENTS"

FROM base
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent portal \
    && install -d -o portal -g portal -m 0750 /data /atlas
COPY --from=wheels /opt/portal /opt/portal
COPY manage.py gunicorn.conf.py pyproject.toml LICENSE ./
COPY config config
COPY atlas atlas
COPY certs certs
COPY onboarding onboarding
COPY templates templates
COPY docker docker
COPY docs docs
COPY --from=assets /srv/portal/static/build static/build
# Hashed and compressed static files. The keys exist for this one command only.
RUN key() { python -c 'import secrets; print(secrets.token_urlsafe(48))'; } \
    && SECRET_KEY="$(key)" AUDIT_KEY="$(key)" BASE_URL=http://localhost DATABASE_URL=sqlite://:memory: REDIS_URL=memory:// \
    VAULT_KEYS="build:$(python -c 'import base64, os; print(base64.b64encode(os.urandom(32)).decode())')" \
    PORTAL_MODE=production python manage.py collectstatic --noinput \
    && python -m compileall -q config atlas certs onboarding

USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "docker/health.py", "web"]
CMD ["gunicorn", "--config=gunicorn.conf.py", "config.wsgi:application", "--bind=0.0.0.0:8000", \
    "--workers=2", "--threads=4", "--worker-tmp-dir=/dev/shm", "--max-requests=5000", "--max-requests-jitter=5000"]
