# blastlint in a container: the wheel, built here, run by nobody in particular, without a network.
# docs/install.md tells how to run it, and how to pin the base by its digest.
ARG BASE=python:3.13.9-alpine3.22

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
# What changes seldom comes first: the libraries keep their layer while the sources change.
COPY pyproject.toml ./
RUN python -m venv --without-pip /opt/blastlint \
    && python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" > /tmp/requirements.txt \
    && pip --python /opt/blastlint/bin/python install --only-binary :all: -r /tmp/requirements.txt
COPY . ./
RUN pip wheel --no-deps --wheel-dir /tmp/wheel . \
    && pip --python /opt/blastlint/bin/python install --no-deps --no-index /tmp/wheel/*.whl

FROM ${BASE}
LABEL org.opencontainers.image.title="blastlint" \
      org.opencontainers.image.licenses="Apache-2.0"
# git is for `diff`, `--staged` and revisions; it trusts the one folder that is mounted.
# Alpine keeps one version of a package in a release, so naming it would break the next build.
# hadolint ignore=DL3018
RUN apk add --no-cache git \
    && git config --system --add safe.directory /work
COPY --from=build /opt/blastlint /opt/blastlint
# Nothing is kept from run to run: a container has no next one.
ENV PATH="/opt/blastlint/bin:${PATH}" BLASTLINT_CACHE_DIR=""
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["blastlint"]
CMD ["--help"]
