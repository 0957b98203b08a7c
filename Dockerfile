# syntax=docker/dockerfile:1
# One image for the doors, the relay, the worker and the command line. The target `dev` adds what plays our partners.

FROM python:3.11-slim-bookworm AS python
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore

# Everything that ships as one private wheel: the packages, the command line and the worker.
FROM python AS wheel
WORKDIR /src
COPY requirements-build.lock ./
RUN pip install --no-deps --require-hashes -r requirements-build.lock
COPY pyproject.toml README.md LICENSE tacite.py worker.py ./
COPY law law
COPY models models
COPY workflows workflows
COPY activities activities
COPY starter starter
COPY examining examining
COPY cli cli
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheels .

# A venv of its own, from hashes, without pip.
FROM python AS venv
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv --without-pip /opt/tacite \
    && pip --python /opt/tacite/bin/python install --no-deps --require-hashes -r requirements.lock
COPY --from=wheel /wheels /wheels
RUN pip --python /opt/tacite/bin/python install --no-deps --no-index /wheels/*.whl

FROM venv AS venv-dev
COPY requirements-local.lock ./
RUN pip --python /opt/tacite/bin/python install --no-deps --require-hashes -r requirements-local.lock
# Beside tacite.py, which then also offers `up`, `demo` and `advance`; neither package is part of the wheel.
COPY local /opt/tacite/lib/python3.11/site-packages/local
COPY scenarios /opt/tacite/lib/python3.11/site-packages/scenarios

# What runs: nothing but Python and the venv, as a user who owns nothing but the folders of volumes.
FROM python AS program
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Tacite" \
      org.opencontainers.image.description="Activité partielle, de la demande au silence qui vaut acceptation" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin tacite \
    && install -d -o tacite -g tacite -m 700 /keys /agency /mailbox /letters
# LOGNAME: the SFTP client wants a name, which a platform that chooses another number for the user does not give.
ENV PATH=/opt/tacite/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 LOGNAME=tacite TACITE_HTTP=0.0.0.0:8000
USER 10001:10001
WORKDIR /
EXPOSE 8000
# The programs answer SIGTERM themselves: no init is needed.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/api/v1/health', timeout=4)"]
CMD ["python", "-m", "starter"]

FROM program AS dev
COPY --from=venv-dev /opt/tacite /opt/tacite

FROM program AS production
COPY --from=venv /opt/tacite /opt/tacite
